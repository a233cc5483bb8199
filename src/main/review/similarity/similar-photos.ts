// The photos a photo is most like, and those that look unlike their class, by the features of a run and the labels of
// now. Odd photos are also written down as problems when a run's features arrive, so that they are found where the
// other problems are.

import { ServiceError } from '../../../contract/errors.ts'
import type { NearestPhotos, OddPhoto, Problem } from '../../../contract/records.ts'
import type { RequestResult } from '../../../contract/table.ts'
import type { LibraryContext } from '../../library/context.ts'
import { replaceClassProblems } from '../../library/decisions/class-problems.ts'
import { readPhotos } from '../../library/photos/photos.ts'
import { readEmbeddings, writeEmbeddings } from '../../runs/files/embeddings.ts'
import { rowGroups } from '../../runs/photo-groups.ts'
import { trainable } from '../../runs/photos.ts'
import { getRun } from '../../runs/rows.ts'
import { directions, nearestRows, oddRows, type OddRow } from './similarity.ts'

/** What is asked of a run's features; the last run's are kept in memory, because a queue asks photo by photo. */
export interface SimilarPhotos {
  nearest(query: {
    runId: number
    photoId: number
    classIds?: number[] | undefined
    limit: number
  }): Promise<RequestResult<'review.nearest'>>
  odd(query: {
    runId: number
    classId?: number | undefined
    offset: number
    limit: number
  }): Promise<RequestResult<'review.odd'>>
  /** Keeps f32 [rows, D] with the run and writes the odd photos down as problems. */
  put(runId: number, bytes: Uint8Array): Promise<void>
}

interface RunFeatures {
  readonly runId: number
  readonly size: number
  readonly units: Float32Array
  /** Row of a photo. */
  readonly rowOf: ReadonlyMap<number, number>
  readonly photoIds: readonly number[]
  /** [rows]: equal for duplicates of one picture. */
  readonly groups: Int32Array
}

export function createSimilarPhotos(context: LibraryContext): SimilarPhotos {
  let held: RunFeatures | undefined
  /** Features that were put here; what was read before one of them is not kept. */
  let puts = 0
  const featuresOf = async (runId: number) => {
    getRun(context.library.db, runId) // it may have been deleted since
    if (held?.runId === runId) return held
    const before = puts
    const read = await readFeatures(context, runId)
    if (puts === before) held = read
    return read
  }
  return {
    nearest: async query => ({ nearest: nearestPhotos(context, await featuresOf(query.runId), query) }),
    odd: async query => oddPage(context, await featuresOf(query.runId), query),
    async put(runId, bytes) {
      puts++
      held = undefined
      await writeEmbeddings(context, runId, bytes)
      writeProblems(context, await featuresOf(runId))
    },
  }
}

async function readFeatures(context: LibraryContext, runId: number): Promise<RunFeatures> {
  const { db } = context.library
  // Before the file is waited for: afterwards the run may be gone.
  const photoIds = db.values<number>('SELECT photo_id FROM run_row WHERE run_id = ? ORDER BY row', runId)
  const groups = rowGroups(db, runId)
  const { size, values } = await readEmbeddings(context, runId)
  const rowOf = new Map(photoIds.map((id, row) => [id, row]))
  return { runId, size, units: directions(values, size), photoIds, rowOf, groups }
}

/** [rows]: class ids of now; null for photos that have none, are excluded or cannot be read. */
function labelsOfNow({ library: { db } }: LibraryContext, { photoIds }: RunFeatures): (number | null)[] {
  const labels = new Map(
    db
      .all<{ id: number; label: number }>(`SELECT id, class_id AS label FROM photo WHERE ${trainable}`)
      .map(({ id, label }) => [id, label]),
  )
  return photoIds.map(id => labels.get(id) ?? null)
}

function nearestPhotos(
  context: LibraryContext,
  features: RunFeatures,
  { runId, photoId, classIds, limit }: Parameters<SimilarPhotos['nearest']>[0],
): NearestPhotos[] {
  const { db } = context.library
  const row = features.rowOf.get(photoId)
  if (row === undefined) {
    throw new ServiceError(
      'not-in-run',
      `Photo ${photoId} was not part of ${getRun(db, runId).name}.`,
      'Train again, so that a run knows it, or choose another photo.',
    )
  }
  const labels = labelsOfNow(context, features)
  return (classIds ?? usualClasses(context, runId, photoId)).map(classId => {
    const candidates = [...labels.keys()].filter(
      other => labels[other] === classId && features.groups[other] !== features.groups[row],
    )
    const found = nearestRows(features.units, features.size, row, candidates, limit)
    const photos = readPhotos(
      db,
      found.map(({ row: other }) => features.photoIds[other]!),
      runId,
    )
    return {
      classId,
      className: className(context, classId),
      photos: photos.map((photo, i) => ({ photo, cosine: found[i]!.cosine })),
    }
  })
}

/** The photo's own class and the one that the run answers; where they are the same, that one alone. */
function usualClasses({ library: { db } }: LibraryContext, runId: number, photoId: number): number[] {
  const own = db.value<number | null>('SELECT class_id FROM photo WHERE id = ?', photoId) ?? null
  const answered =
    db.value<number>('SELECT class_id FROM prediction WHERE run_id = ? AND photo_id = ?', runId, photoId) ?? null
  return [...new Set([own, answered])].filter(classId => classId !== null)
}

function oddPage(
  context: LibraryContext,
  features: RunFeatures,
  { classId, offset, limit }: Parameters<SimilarPhotos['odd']>[0],
): RequestResult<'review.odd'> {
  const { db } = context.library
  const all = oddRows(features.units, features.size, labelsOfNow(context, features)).filter(
    ({ label }) => classId === undefined || label === classId,
  )
  const shown = all.slice(offset, offset + limit)
  const photos = readPhotos(
    db,
    shown.map(({ row }) => features.photoIds[row]!),
    features.runId,
  )
  const odd = photos.map((photo, i): OddPhoto => {
    const { label, nearest, cosine, cut } = shown[i]!
    return { photo, classId: label, nearestClassId: nearest, cosine, cut }
  })
  return { total: all.length, odd }
}

function writeProblems(context: LibraryContext, features: RunFeatures): void {
  const { db } = context.library
  const found = oddRows(features.units, features.size, labelsOfNow(context, features))
  db.transaction(() =>
    replaceClassProblems(
      db,
      ['outlier', 'unlike-class'],
      found.map(odd => ({
        photoId: features.photoIds[odd.row]!,
        classId: odd.label,
        problem: problemOf(context, odd),
      })),
    ),
  )
  context.changed()
}

function problemOf(context: LibraryContext, { label, nearest, cosine, cut }: OddRow): Problem {
  const own = className(context, label)
  const score = Math.max(0, cosine)
  if (nearest === null) {
    return {
      code: 'outlier',
      score,
      values: { class: own, classId: label, cosine, cut },
      reason: `To the model this photo looks unlike the rest of “${own}”, and like no other class.`,
    }
  }
  const other = className(context, nearest)
  return {
    code: 'unlike-class',
    score,
    values: { class: own, classId: label, other, cosine, cut },
    reason: `To the model this photo looks unlike the rest of “${own}” and more like “${other}”.`,
  }
}

function className({ library: { db } }: LibraryContext, classId: number): string {
  const name = db.value<string>('SELECT name FROM class WHERE id = ?', classId)
  if (name !== undefined) return name
  throw new ServiceError('no-class', `There is no class ${classId} in this library.`, 'Choose one of its classes.')
}
