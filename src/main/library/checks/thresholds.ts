// The limits below which a score is a problem: kept with the library, changed by a person, applied to every photo from
// its stored scores.

import { defaultThresholds, scoreOfProblem } from '../../../contract/problems.ts'
import type { Photo, ProblemCode, Scores, Thresholds } from '../../../contract/records.ts'
import type { ReadDb, WriteDb } from '../../db/database.ts'
import { qualityProblems } from '../../pixels/scores/quality.ts'
import type { QualityScores } from '../../pixels/types.ts'
import { flagOddSizes, isLikeCleanvision } from './odd-sizes.ts'
import { insertProblem } from './regroup-duplicates.ts'

export function readThresholds(db: ReadDb): Thresholds {
  const stored = db.value<string>("SELECT value FROM meta WHERE key = 'thresholds'")
  const thresholds = {
    ...defaultThresholds,
    ...(stored === undefined ? {} : (JSON.parse(stored) as Partial<Thresholds>)),
  }
  // Cleanvision has no such score.
  return isLikeCleanvision(db) ? { ...thresholds, sharpness: 0 } : thresholds
}

/** From now on photos are flagged by cleanvision's definitions alone, or again by Winnow's own. */
export function setDefinitions(db: WriteDb, like: 'cleanvision' | null): void {
  if (isLikeCleanvision(db) === (like !== null)) return
  db.transaction(() => {
    if (like) db.run("INSERT OR REPLACE INTO meta VALUES ('definitions', ?)", like)
    else db.run("DELETE FROM meta WHERE key = 'definitions'")
    flagScores(db)
  })
}

/** Keeps the limits and flags every photo anew. */
export function setThresholds(db: WriteDb, wanted: Partial<Thresholds>): Thresholds {
  const stored = db.value<string>("SELECT value FROM meta WHERE key = 'thresholds'")
  const before = stored === undefined ? {} : (JSON.parse(stored) as Partial<Thresholds>)
  db.transaction(() => {
    db.run("INSERT OR REPLACE INTO meta VALUES ('thresholds', ?)", JSON.stringify({ ...before, ...wanted }))
    flagScores(db)
    flagOddSizes(db, readThresholds(db).oddSize)
  })
  return readThresholds(db)
}

/** Kinds that a photo's own scores decide; odd size needs the whole set. */
const scored = Object.keys(scoreOfProblem).filter(code => code !== 'odd-size')

/** Every photo anew from its stored scores. */
export function flagScores(db: WriteDb): void {
  const thresholds = readThresholds(db)
  db.run('DELETE FROM problem WHERE code IN (SELECT value FROM json_each(?))', JSON.stringify(scored))
  for (const row of db.all<ScoreRow>(`SELECT ${scoreColumns}, photo_id AS photoId FROM quality`)) {
    for (const problem of qualityProblems({ ...qualityOf(row), grey: false }, thresholds))
      insertProblem(db, { photoId: row.photoId, problem })
  }
}

interface ScoreRow extends Omit<Scores, 'grey'> {
  readonly photoId: number
  readonly grey: number
}

const scoreColumns =
  'dark, light, sharpness, blurry, low_information AS lowInformation, odd_aspect AS oddAspect, odd_size AS oddSize, grey'

function qualityOf({ dark, light, sharpness, blurry, lowInformation, oddAspect, grey }: ScoreRow): QualityScores {
  return { dark, light, sharpness, blurry, lowInformation, oddAspect, grey: grey === 1 }
}

/** Null where the photo was never decoded whole. */
export function photoScores(db: ReadDb, photoId: Photo['id']): Scores | null {
  const row = db.get<ScoreRow>(`SELECT ${scoreColumns}, photo_id AS photoId FROM quality WHERE photo_id = ?`, photoId)
  return row ? { ...qualityOf(row), oddSize: row.oddSize } : null
}

export interface CheckedPhoto {
  readonly photoId: number
  /** Absolute. */
  readonly path: string
  readonly problems: ProblemCode[]
  /** A sentence for each problem. */
  readonly reasons: Record<string, string>
  readonly scores: Scores | null
}

interface CheckedRow extends ScoreRow {
  readonly id: number
  readonly path: string
  readonly reasons: string
}

/** Photos after this id, by id, with the kinds of their problems and their scores. */
export function checkedPhotos(db: ReadDb, afterId: number, limit: number): CheckedPhoto[] {
  const rows = db.all<CheckedRow>(
    `
    SELECT photo.id, rtrim(root.path, '/') || '/' || photo.path AS path, ${scoreColumns}, quality.photo_id AS photoId,
      (SELECT json_group_object(code, reason) FROM (SELECT code, reason FROM problem WHERE problem.photo_id = photo.id ORDER BY code)) AS reasons
    FROM photo JOIN root ON root.id = photo.root_id LEFT JOIN quality ON quality.photo_id = photo.id
    WHERE photo.id > ? ORDER BY photo.id LIMIT ?`,
    afterId,
    limit,
  )
  return rows.map(row => {
    const reasons = JSON.parse(row.reasons) as Record<ProblemCode, string>
    const scores = row.photoId === null ? null : { ...qualityOf(row), oddSize: row.oddSize }
    return { photoId: row.id, path: row.path, problems: Object.keys(reasons) as ProblemCode[], reasons, scores }
  })
}
