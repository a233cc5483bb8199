// A PhotoFilter as SQL over `photo`, and a Selection as SQL that names photo ids. Values are always bound, never
// pasted. Predictions are those of the run asked for, else of the latest run that has any.

import type { PhotoFilter, ProblemCode, Selection, SplitName } from '../../../contract/records.ts'
import type { ReadDb, SqlValue } from '../../db/database.ts'
import { singleProblems } from './problem-counts.ts'

export interface SqlPart {
  readonly sql: string
  readonly params: readonly SqlValue[]
}

/** The run whose predictions a filter and the page's badges speak of; null when there are none. */
export function predictionRun(db: ReadDb, filter: PhotoFilter): number | null {
  return (
    filter.runId ??
    db.value<number>(
      `SELECT id FROM run WHERE json_extract(settings_json, '$.trainShare') IS NULL AND EXISTS (SELECT 1 FROM prediction WHERE run_id = run.id)
     ORDER BY id DESC LIMIT 1`,
    ) ??
    null
  )
}

/** Conditions on `photo` joined by AND; 'true' when the filter is empty. */
export function filterSql(db: ReadDb, filter: PhotoFilter, runId: number | null): SqlPart {
  const parts: string[] = []
  const params: SqlValue[] = []
  const add = (sql: string, ...values: SqlValue[]) => {
    parts.push(sql)
    params.push(...values)
  }
  if (filter.classId !== undefined) add('photo.class_id IS ?', filter.classId)
  if (filter.split !== undefined) add('photo.split IS ?', filter.split)
  if (filter.excluded !== undefined) add('photo.excluded = ?', Number(filter.excluded))
  if (filter.usable !== undefined) add('photo.usable = ?', Number(filter.usable))
  if (filter.problem !== undefined) addProblem(add, filter.problem === 'any' ? singleProblems(db) : [filter.problem])
  if (filter.text !== undefined && filter.text.trim() !== '') addText(add, filter.text)
  if (filter.wrong !== undefined) addWrong(add, filter.wrong, runId)
  if (filter.givenClassId !== undefined) {
    add(
      'photo.id IN (SELECT photo_id FROM prediction WHERE run_id = ? AND given_class_id = ?)',
      runId,
      filter.givenClassId,
    )
  }
  if (filter.predictedClassId !== undefined) {
    add(
      'photo.id IN (SELECT photo_id FROM prediction WHERE run_id = ? AND class_id = ?)',
      runId,
      filter.predictedClassId,
    )
  }
  if (filter.confidenceFrom !== undefined)
    add(
      'photo.id IN (SELECT photo_id FROM prediction WHERE run_id = ? AND confidence >= ?)',
      runId,
      filter.confidenceFrom,
    )
  if (filter.confidenceBelow !== undefined)
    add(
      'photo.id IN (SELECT photo_id FROM prediction WHERE run_id = ? AND confidence < ?)',
      runId,
      filter.confidenceBelow,
    )
  if (filter.runSplit !== undefined) add(`photo.id IN (${inRunSplit})`, runId, runSplits.indexOf(filter.runSplit))
  return { sql: parts.length === 0 ? 'true' : parts.join(' AND '), params }
}

/** Photos of a run's split, for an IN; its parameters are the run and the place of the split in `runSplits`. */
export const inRunSplit = 'SELECT photo_id FROM run_row WHERE run_id = ? AND split = ?'
export const runSplits: readonly SplitName[] = ['train', 'validation', 'test']

type Add = (sql: string, ...values: SqlValue[]) => void

/** One of these kinds that a person has not accepted. */
function addProblem(add: Add, codes: readonly ProblemCode[]): void {
  add(
    `photo.id IN (SELECT photo_id FROM problem WHERE code IN (SELECT value FROM json_each(?))
    AND NOT EXISTS (SELECT 1 FROM photo AS looked, json_each(looked.accepted) WHERE looked.id = photo_id AND looked.accepted IS NOT NULL AND value = code))`,
    JSON.stringify(codes),
  )
}

/** Every word must occur in the folder or the name; letters of any case. */
function addText(add: Add, text: string): void {
  for (const word of text.normalize('NFC').trim().split(/\s+/)) {
    add("(photo.folder || '/' || photo.name) LIKE ? ESCAPE '\\'", `%${word.replace(/[\\%_]/g, '\\$&')}%`)
  }
}

/** Wrong: the run's answer is not the label the photo has now. Photos without a label or a prediction are neither. */
function addWrong(add: Add, wrong: boolean, runId: number | null): void {
  add(
    `photo.id IN (SELECT labelled.id FROM ${labelsBesideAnswers} WHERE labelled.class_id ${wrong ? '<>' : '='} prediction.class_id)`,
    runId,
  )
}

/**
 * Photos as `labelled` with their prediction, for a FROM; its one parameter is the run. Walks the narrow index of
 * photos in step with the predictions: six times as fast as the join the planner would choose, which reads the wide
 * rows.
 */
export const labelsBesideAnswers =
  'photo AS labelled INDEXED BY photo_by_id CROSS JOIN prediction ON prediction.photo_id = labelled.id AND prediction.run_id = ?'

/** A condition on `photo.id` for the photos of a selection. */
export function selectionSql(db: ReadDb, selection: Selection): SqlPart {
  if ('ids' in selection)
    return { sql: 'photo.id IN (SELECT value FROM json_each(?))', params: [JSON.stringify(selection.ids)] }
  const found = filterSql(db, selection.filter, predictionRun(db, selection.filter))
  if (!selection.except) return found
  return {
    sql: `(${found.sql}) AND photo.id NOT IN (SELECT value FROM json_each(?))`,
    params: [...found.params, JSON.stringify(selection.except)],
  }
}
