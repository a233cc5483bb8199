// Photos as the page sees them: a page of a filtered, sorted list, and one photo with its history. The ids of a page
// are found first, over indexes alone; then the rows of those ids are read with their problems and predictions.

import type { Photo, PhotoDetail, Problem } from '../../../contract/records.ts'
import type { ReadDb } from '../../db/database.ts'
import { predictionRun } from '../tables/filter.ts'
import { photoHistory } from '../decisions/photo-history.ts'
import type { PhotoLists, PhotoQuery } from '../tables/photo-lists.ts'
import { noPhoto } from '../tables/roots.ts'
import { runSplitOf } from './run-splits.ts'
import { photoScores } from '../checks/thresholds.ts'

/** The photos from `offset` on, and how many there are in all. */
export function photoPage(db: ReadDb, lists: PhotoLists, query: PhotoQuery): { total: number; photos: Photo[] } {
  const { total, ids } = lists.page(query)
  return { total, photos: readPhotos(db, ids, predictionRun(db, query.filter)) }
}

/** One photo with everything the library knows of it. */
export function photoDetail(db: ReadDb, photoId: number): PhotoDetail {
  const photo = readPhotos(db, [photoId], predictionRun(db, {}))[0]
  if (!photo) throw noPhoto(photoId)
  const sha256 = db.value<string | null>('SELECT sha256 FROM photo WHERE id = ?', photoId) ?? null
  const runSplit = runSplitOf(db, photoId)
  return { ...photo, sha256, runSplit, scores: photoScores(db, photoId), history: photoHistory(db, photoId) }
}

interface PhotoRow {
  readonly id: number
  readonly name: string
  readonly folder: string
  readonly class_id: number | null
  readonly class_name: string | null
  readonly split: Photo['split']
  readonly excluded: number
  readonly usable: number
  readonly width: number | null
  readonly height: number | null
  readonly format: string | null
  readonly size_bytes: number
  readonly predicted_id: number | null
  readonly predicted_name: string | null
  readonly confidence: number
  readonly given_class_id: number
  readonly given_probability: number
}

/** In the order of `ids`; ids without a photo are left out. */
export function readPhotos(db: ReadDb, ids: readonly number[], runId: number | null): Photo[] {
  const list = JSON.stringify(ids)
  const problems = readProblems(db, list)
  const rows = db.all<PhotoRow>(
    `
    SELECT photo.id, photo.name, folder, photo.class_id, class.name AS class_name, split, excluded, usable, width, height, format, size_bytes,
      prediction.class_id AS predicted_id, predicted.name AS predicted_name, confidence, given_class_id, given_probability
    FROM photo LEFT JOIN class ON class.id = photo.class_id
    LEFT JOIN prediction ON prediction.run_id = ? AND prediction.photo_id = photo.id
    LEFT JOIN class AS predicted ON predicted.id = prediction.class_id
    WHERE photo.id IN (SELECT value FROM json_each(?))`,
    runId,
    list,
  )
  const byId = new Map(rows.map(row => [row.id, row]))
  return ids.flatMap(id => (byId.has(id) ? [photoOf(byId.get(id)!, problems.get(id) ?? [], runId)] : []))
}

function photoOf(row: PhotoRow, problems: Problem[], runId: number | null): Photo {
  return {
    id: row.id,
    name: row.name,
    folder: row.folder,
    classId: row.class_id,
    className: row.class_name,
    split: row.split,
    excluded: row.excluded === 1,
    usable: row.usable === 1,
    width: row.width,
    height: row.height,
    format: row.format,
    sizeBytes: row.size_bytes,
    problems,
    prediction:
      row.predicted_id === null
        ? null
        : {
            runId: runId!,
            classId: row.predicted_id,
            className: row.predicted_name ?? '',
            confidence: row.confidence,
            givenProbability: row.given_class_id === row.class_id ? row.given_probability : null,
            seen: { classId: row.given_class_id, probability: row.given_probability },
          },
  }
}

interface ProblemRow {
  readonly photo_id: number
  readonly code: Problem['code']
  readonly reason: string
  readonly score: number | null
  readonly values_json: string
  readonly accepted: number
}

const problemsOf = `
  SELECT problem.*, photo.accepted IS NOT NULL AND EXISTS (SELECT 1 FROM json_each(photo.accepted) WHERE value = problem.code) AS accepted
  FROM problem JOIN photo ON photo.id = problem.photo_id WHERE photo_id IN (SELECT value FROM json_each(?)) ORDER BY photo_id, code`

function readProblems(db: ReadDb, idList: string): Map<number, Problem[]> {
  const problems = new Map<number, Problem[]>()
  for (const row of db.all<ProblemRow>(problemsOf, idList)) {
    const { photo_id, code, reason, score, accepted } = row
    const own = problems.get(photo_id) ?? []
    problems.set(photo_id, own)
    own.push({
      code,
      reason,
      score,
      values: JSON.parse(row.values_json) as Problem['values'],
      ...(accepted === 1 ? { accepted: true } : {}),
    })
  }
  return problems
}
