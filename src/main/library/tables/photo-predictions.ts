// What a run says of every photo, in memory beside the photo table: its answers and the label it saw, and the orders by
// confidence and by suspicion. Read once for a run and kept until its predictions change.

import type { WriteDb } from '../../db/database.ts'

/** Indexed by photo id; 0 where the run says nothing of the photo. */
export interface RunAnswers {
  /** Another number for each reading of the file. */
  readonly reading: number
  readonly classIds: Uint32Array
  readonly givenIds: Uint32Array
  /** Of the answers. */
  readonly confidences: () => Float64Array
  /** Ids of the photos with an answer: the surest first; the least probable label first. */
  readonly byConfidence: () => Uint32Array
  readonly byGiven: () => Uint32Array
}

export interface RunAnswersReader {
  /** Ids up to `last` have room. */
  read(runId: number, last: number): RunAnswers
}

const keptRuns = 2

export function createRunAnswers(db: WriteDb): RunAnswersReader {
  for (const sql of follow) db.run(sql)
  const kept = new Map<number, RunAnswers>()
  let readings = 0
  return {
    read(runId, last) {
      for (const id of db.values<number>('SELECT id FROM touched_run')) kept.delete(id)
      db.run('DELETE FROM touched_run')
      const found = kept.get(runId)
      const answers = found && found.classIds.length > last ? found : readAnswers(db, runId, last, ++readings)
      kept.delete(runId)
      kept.set(runId, answers)
      if (kept.size > keptRuns) kept.delete(kept.keys().next().value!)
      return answers
    },
  }
}

const noted = (id: string) =>
  `INSERT INTO touched_run SELECT ${id} WHERE NOT EXISTS (SELECT 1 FROM touched_run WHERE id = ${id})`
const follow = [
  'CREATE TEMP TABLE IF NOT EXISTS touched_run (id INTEGER PRIMARY KEY)',
  `CREATE TEMP TRIGGER IF NOT EXISTS touched_by_prediction AFTER INSERT ON main.prediction BEGIN ${noted('new.run_id')}; END`,
  `CREATE TEMP TRIGGER IF NOT EXISTS touched_by_forgetting AFTER DELETE ON main.prediction BEGIN ${noted('old.run_id')}; END`,
]

function readAnswers(db: WriteDb, runId: number, last: number, reading: number): RunAnswers {
  const [classIds, givenIds] = [new Uint32Array(last * 1.5 + 1), new Uint32Array(last * 1.5 + 1)]
  for (const value of db.values<number>('SELECT photo_id * 1048576 + class_id FROM prediction WHERE run_id = ?', runId))
    classIds[Math.floor(value / 2 ** 20)] = value % 2 ** 20
  for (const value of db.values<number>(
    'SELECT photo_id * 1048576 + given_class_id FROM prediction WHERE run_id = ?',
    runId,
  ))
    givenIds[Math.floor(value / 2 ** 20)] = value % 2 ** 20
  const ordered = (order: string) =>
    once(() =>
      Uint32Array.from(
        db.values<number>(`SELECT photo_id FROM prediction WHERE run_id = ? ORDER BY ${order}, photo_id`, runId),
      ),
    )
  const confidences = once(() => {
    const column = new Float64Array(classIds.length)
    const values = db.values<number>('SELECT confidence FROM prediction WHERE run_id = ? ORDER BY photo_id', runId)
    db.values<number>('SELECT photo_id FROM prediction WHERE run_id = ? ORDER BY photo_id', runId).forEach(
      (id, i) => void (column[id] = values[i]!),
    )
    return column
  })
  return {
    reading,
    classIds,
    givenIds,
    confidences,
    byConfidence: ordered('confidence DESC'),
    byGiven: ordered('given_probability'),
  }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}
