// What decoding said, into rows: one transaction a batch puts photos, scores and problems in and marks their job items,
// so that after a crash every file is either imported with all that belongs to it or still to be done.

import type { Problem, SplitName, Thresholds } from '../../../contract/records.ts'
import type { WriteDb } from '../../db/database.ts'
import { qualityProblems } from '../../pixels/scores/quality.ts'
import type { DecodedPhoto, DecodeResult } from '../../pixels/types.ts'
import { classNamed } from '../decisions/classes.ts'
import { insertProblem } from '../checks/regroup-duplicates.ts'
import { shownNames } from '../photos/photo-names.ts'
import { readThresholds } from '../checks/thresholds.ts'

export interface ImportItem {
  readonly seq: number
  readonly root_id: number
  readonly path: string
  readonly class_name: string | null
  readonly split: SplitName | null
  readonly attempts: number
}

export interface ItemResult {
  readonly item: ImportItem
  readonly result: DecodeResult
}

/** What a file's bytes say; of a file that could not be read, what they said before stays, so that it is known again
 *  when it is back. */
const ofContent = [
  'size_bytes',
  'modified_ms',
  'sha256',
  'pixel_sha256',
  'phash',
  'width',
  'height',
  'format',
  'pages',
  'turns',
]

const upsertPhoto = `
  INSERT INTO photo (root_id, path, name, folder, size_bytes, modified_ms, sha256, pixel_sha256, phash, width, height, format, pages,
    turns, usable, class_id, imported_class_id, split, added_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (root_id, path) DO UPDATE SET usable = excluded.usable,
    ${ofContent.map(column => `${column} = iif(excluded.sha256 IS NULL, ${column}, excluded.${column})`).join(', ')}`

/** Writes a batch; all of it or nothing. `at` is the time of import, ISO. */
export function writeResults(db: WriteDb, jobId: number, results: readonly ItemResult[], at: string): void {
  const thresholds = readThresholds(db)
  db.relaxed(() => {
    for (const { item, result } of results) {
      const photoId = writePhoto(db, item, result, at)
      if (result.status === 'failed' && result.sha256 === null) addProblem(db, photoId, result.problem)
      else writeProblems(db, photoId, result.status === 'ok' ? problemsOf(result, thresholds) : [result.problem])
      if (result.status === 'ok') writeQuality(db, photoId, result)
      db.run(
        'UPDATE job_item SET state = ? WHERE job_id = ? AND seq = ?',
        result.status === 'ok' ? 'done' : 'failed',
        jobId,
        item.seq,
      )
    }
    db.run('UPDATE job SET done = done + ? WHERE id = ?', results.length, jobId)
  })
}

function writePhoto(db: WriteDb, item: ImportItem, result: DecodeResult, at: string): number {
  const decoded = result.status === 'ok' ? result : null
  const classId = item.class_name === null ? null : classNamed(db, item.class_name, at)
  const { name, folder } = shownNames(item.path)
  db.run(
    upsertPhoto,
    item.root_id,
    item.path,
    name,
    folder,
    result.sizeBytes ?? 0,
    result.modifiedMs ?? 0,
    result.sha256,
    decoded?.pixelSha256 ?? null,
    decoded?.phash ?? null,
    result.width,
    result.height,
    result.format,
    decoded?.pages ?? null,
    turnsOf(decoded),
    decoded ? 1 : 0,
    classId,
    classId,
    item.split,
    at,
  )
  return db.value<number>('SELECT id FROM photo WHERE root_id = ? AND path = ?', item.root_id, item.path)!
}

/** The hashes of the photo mirrored and turned, without its own. */
function turnsOf(decoded: DecodedPhoto | null): string | null {
  return decoded?.phashTurns?.slice(1).join(' ') ?? null
}

function problemsOf(photo: DecodedPhoto, thresholds: Thresholds): readonly Problem[] {
  return photo.quality === null ? photo.warnings : [...photo.warnings, ...qualityProblems(photo.quality, thresholds)]
}

/** Why the file could not be read; what was found in it before is still so. */
function addProblem(db: WriteDb, photoId: number, problem: Problem): void {
  db.run(
    "DELETE FROM problem WHERE photo_id = ? AND code IN ('missing', 'changed-while-read', ?)",
    photoId,
    problem.code,
  )
  insertProblem(db, { photoId, problem })
}

function writeProblems(db: WriteDb, photoId: number, problems: readonly Problem[]): void {
  db.run('DELETE FROM class_problem WHERE photo_id = ?', photoId)
  db.run('DELETE FROM problem WHERE photo_id = ?', photoId)
  for (const problem of problems) insertProblem(db, { photoId, problem })
}

function writeQuality(db: WriteDb, photoId: number, { quality, ownDetail }: DecodedPhoto): void {
  if (quality === null) return
  db.run(
    'INSERT OR REPLACE INTO quality (photo_id, dark, light, sharpness, blurry, low_information, odd_aspect, grey, own_detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    photoId,
    quality.dark,
    quality.light,
    quality.sharpness,
    quality.blurry,
    quality.lowInformation,
    quality.oddAspect,
    quality.grey ? 1 : 0,
    ownDetail,
  )
}
