// Brings the pixels of a run's photos into the packed cache before training. Runs as a job, so it shows progress and
// can be stopped; what is done stays done. A photo whose file has gone or changed since its import leaves the run, is
// marked in the library, and the run says so in a note.

import { ServiceError } from '../../contract/errors.ts'
import type { Problem, Run } from '../../contract/records.ts'
import type { RequestResult } from '../../contract/table.ts'
import type { JobControl, JobOutcome, LibraryContext } from '../library/context.ts'
import { photoPathOf } from '../library/tables/roots.ts'
import type { DecodeRequest, DecodeResult, PixelCache } from '../pixels/types.ts'
import { checkRows } from './settings/validate.ts'
import { appendEvents } from './events.ts'
import { getRun, readRows, replaceRows } from './rows.ts'

interface RunPhoto {
  readonly id: number
  readonly rootId: number
  readonly path: string
  readonly sha256: string
}

export interface LostPhoto extends RunPhoto {
  readonly problem: Problem
}

/**
 * Makes every row's pixels readable. Photos that cannot be read any more leave a run that has not begun; one that has
 * keeps its rows, because its predictions go by them. ServiceError 'prepare-stopped', 'photos-missing', the job's own,
 * and those of `checkRows`.
 */
export async function prepareRun(
  context: LibraryContext,
  runId: number,
  signal: AbortSignal,
): Promise<RequestResult<'runs.prepare'>> {
  const { db } = context.library
  const lost = await fillPixels(context, runId, signal)
  const run = getRun(db, runId)
  // None at all is a disk that is not connected rather than files that are gone: nothing is held against the photos.
  if (lost.length > 0 && (run.state !== 'created' || lost.length === readRows(db, runId).length))
    throw missing(run, lost)
  if (lost.length > 0) dropPhotos(context, run, lost)
  const { size, channels } = run.settings
  return { rows: readRows(db, runId).length, bytesPerRow: size * size * channels }
}

/** Brings into the cache what can be; answers the photos that gave no pixels and why. */
export async function fillPixels(context: LibraryContext, runId: number, signal: AbortSignal): Promise<LostPhoto[]> {
  const run = getRun(context.library.db, runId)
  const cache = context.pixels.cache(run.settings)
  const absent = absentPhotos(context, runId, cache)
  if (absent.length === 0) return []
  const problems = await fillCache(context, run, cache, absent, signal)
  return absent
    .filter(photo => !cache.has(photo.sha256))
    .map(photo => ({ ...photo, problem: problems.get(photo.id) ?? unknown }))
}

function absentPhotos({ library: { db } }: LibraryContext, runId: number, cache: PixelCache): RunPhoto[] {
  const photos = db.all<RunPhoto>(
    `SELECT photo.id, root_id AS rootId, path, coalesce(sha256, '') AS sha256 FROM run_row JOIN photo ON photo.id = run_row.photo_id
     WHERE run_id = ? ORDER BY row`,
    runId,
  )
  return photos.filter(photo => !cache.has(photo.sha256))
}

/** Decodes what is absent, as a job; answers what was wrong with the photos that gave no pixels. */
async function fillCache(
  context: LibraryContext,
  run: Run,
  cache: PixelCache,
  absent: readonly RunPhoto[],
  signal: AbortSignal,
): Promise<Map<number, Problem>> {
  const problems = new Map<number, Problem>()
  const { finished } = context.jobs.start('pixels', { runId: run.id }, async control => {
    const call = { signal: AbortSignal.any([signal, control.signal]) }
    const results = context.pixels.pool.decode(requests(context, cache, absent), call)
    try {
      await takeResults(results, new Map(absent.map(photo => [photo.id, photo.sha256])), cache, problems, control)
    } finally {
      cache.flush()
    }
  })
  checkOutcome(await finished, run)
  return problems
}

/** Copies of a photo share their pixels: by the time a later one is reached, it is usually there already. */
function* requests(
  { library: { db } }: LibraryContext,
  cache: PixelCache,
  absent: readonly RunPhoto[],
): Generator<DecodeRequest, void> {
  const pathOf = photoPathOf(db)
  const outputs = {
    thumbnail: false,
    quality: false,
    pixels: [{ size: cache.size, channels: cache.channels, fit: cache.fit }],
  }
  for (const { id, rootId, path, sha256 } of absent) {
    if (!cache.has(sha256)) yield { key: id, path: pathOf(rootId, path), outputs }
  }
}

async function takeResults(
  results: AsyncIterable<DecodeResult>,
  hashes: ReadonlyMap<number, string>,
  cache: PixelCache,
  problems: Map<number, Problem>,
  control: JobControl,
): Promise<void> {
  const total = hashes.size
  let done = 0
  control.progress(done, total)
  for await (const result of results) {
    if (result.status === 'failed') problems.set(result.key, result.problem)
    else if (result.sha256 !== hashes.get(result.key)) problems.set(result.key, changed)
    else cache.append(result.sha256, result.pixels[0]!.data)
    control.progress(++done, total)
  }
  control.progress(total, total)
  control.result({ prepared: total - problems.size, lost: problems.size })
}

const changed: Problem = {
  code: 'changed-while-read',
  reason: 'The file has changed since it was imported. Import its folder again.',
  score: null,
  values: {},
}
const unknown: Problem = {
  code: 'unreadable',
  reason: 'The file could not be read again for training.',
  score: null,
  values: {},
}

function checkOutcome({ state, error }: JobOutcome, run: Run): void {
  if (error) throw new ServiceError(error.code, error.message, error.fix)
  if (state !== 'done') {
    throw new ServiceError(
      'prepare-stopped',
      `Preparing the photos of ${run.name} was stopped; what is done is kept.`,
      'Start training again to go on.',
    )
  }
}

function missing(run: Run, lost: readonly LostPhoto[]): ServiceError {
  const [first] = lost
  return new ServiceError(
    'photos-missing',
    `${lost.length} of the photos of ${run.name} cannot be read any more; the first is ${first!.path}: ${first!.problem.reason}`,
    'Put the files back where they were, or start a new run without them.',
  )
}

/** Takes photos without pixels out of the run, and marks them in the library so that the next run leaves them out as
 *  well. */
function dropPhotos(context: LibraryContext, run: Run, lost: readonly LostPhoto[]): void {
  const { db } = context.library
  const gone = new Set(lost.map(photo => photo.id))
  db.transaction(() => {
    const left = readRows(db, run.id).filter(row => !gone.has(row.photoId))
    for (const {
      id,
      problem: { code, reason, score, values },
    } of lost) {
      db.run('UPDATE photo SET usable = 0 WHERE id = ?', id)
      db.run(
        'INSERT OR REPLACE INTO problem (photo_id, code, reason, score, values_json) VALUES (?, ?, ?, ?, ?)',
        id,
        code,
        reason,
        score,
        JSON.stringify(values),
      )
    }
    replaceRows(db, run.id, left)
  })
  context.changed()
  checkRows(run.classes, readRows(db, run.id))
  const message = `${lost.length} of the run's photos could not be read again and were left out.`
  appendEvents(context, run.id, [{ type: 'note', code: 'photos-left-out', warning: true, message, step: 0 }])
}
