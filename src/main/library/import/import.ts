// The import job: list the files, decode each once, write what was found, then check the set. It can die at any point
// and be resumed: files are marked in flight before they are decoded, and one that was in flight at two deaths is
// passed over as a killer. Originals are only read.

import { resolve } from 'node:path'
import type { DecodeRequest, DecodeResult } from '../../pixels/types.ts'
import type { JobControl, LibraryContext } from '../context.ts'
import { checkPhotos } from '../checks/check.ts'
import { listBroken } from '../files/file-errors.ts'
import type { History } from '../decisions/history.ts'
import { readPhotoList } from '../lists/photo-list.ts'
import { listFiles, type ImportSources } from './import-list.ts'
import { writeResults, type ImportItem, type ItemResult } from './import-write.ts'
import { doubtedLabels, type SeveralLabels } from './listed-labels.ts'
import { fileSourceKind } from './sources.ts'
import { photoPathOf } from '../tables/roots.ts'

/** What to import; or broken photos to be read again, null for all. */
export type ImportParams = ImportSources | { readonly again: readonly number[] | null }

const batchRows = 500
const batchMs = 400
const pageRows = 512
/** In flight at this many ends of the program, at all but the first alone: the file is taken for the one that ended it.
 */
const killerAttempts = 3

/** What an import leads to beside rows of photos. */
export interface ImportConsequences {
  /** Labels of a list for photos that the library has are decisions. */
  readonly history: History
  /** Told of photos to which a list gives several labels. */
  readonly onDoubted: (doubted: readonly SeveralLabels[]) => void
}

type ImportDeps = Pick<LibraryContext, 'library' | 'pixels' | 'now' | 'changed'>

/** Work of a job of kind 'import'. Result: imported, broken, skipped, already, moved, relabelled. */
export async function importPhotos(
  ctx: ImportDeps,
  params: ImportParams,
  control: JobControl,
  { history, onDoubted }: ImportConsequences,
): Promise<void> {
  const { db } = ctx.library
  const at = () => ctx.now().toISOString()
  if (db.value<number>('SELECT total FROM job WHERE id = ?', control.jobId) == null) {
    if ('again' in params) listBroken(ctx.library, params.again, control)
    else await listFiles(ctx.library, params, control, at, history)
  }
  passOverKillers(ctx, control)
  await decodeItems(ctx, control)
  await checkPhotos(ctx, control)
  if ('folders' in params) onDoubted(await findDoubted(ctx, params.folders, at()))
  ctx.changed()
}

/** Lists are read again: by now all their photos are in the library. */
async function findDoubted(ctx: ImportDeps, sources: readonly string[], at: string): Promise<SeveralLabels[]> {
  const { db } = ctx.library
  const bases = db.values<string>('SELECT path FROM root')
  const doubted: SeveralLabels[] = []
  for (const path of sources.filter(source => fileSourceKind(source) === 'csv')) {
    const list = await readPhotoList(resolve(path), bases).catch(() => null)
    if (list) doubted.push(...doubtedLabels(db, list, at))
  }
  return doubted
}

function passOverKillers(ctx: ImportDeps, control: JobControl): void {
  const { db } = ctx.library
  const killers = db.all<ImportItem>(
    "SELECT * FROM job_item WHERE job_id = ? AND state = 'in-flight' AND attempts >= ?",
    control.jobId,
    killerAttempts,
  )
  writeResults(
    db,
    control.jobId,
    killers.map(item => ({ item, result: crashed(item) })),
    ctx.now().toISOString(),
  )
  db.run("UPDATE job_item SET state = 'queued' WHERE job_id = ? AND state = 'in-flight'", control.jobId)
}

function crashed(item: ImportItem): DecodeResult {
  return {
    status: 'failed',
    key: item.seq,
    sizeBytes: null,
    modifiedMs: null,
    sha256: null,
    width: null,
    height: null,
    format: null,
    thumbnail: null,
    problem: {
      code: 'decoder-crashed',
      score: null,
      values: { attempts: item.attempts },
      reason: `Winnow ended ${item.attempts} times while reading this file, so it is passed over.`,
    },
  }
}

async function decodeItems(ctx: ImportDeps, control: JobControl): Promise<void> {
  const { db } = ctx.library
  const asked = new PendingItems()
  const report = reporter(ctx, control)
  let due = performance.now() + batchMs
  const write = (batch: readonly ItemResult[]) => {
    if (batch.length === 0) return
    writeResults(db, control.jobId, batch, ctx.now().toISOString())
    report(batch)
    due = performance.now() + batchMs
  }
  const call = { signal: control.signal, onInFlight: (keys: readonly number[]) => markInFlight(ctx, control, keys) }
  try {
    for await (const result of ctx.pixels.pool.decode(requests(ctx, control, asked), call)) {
      asked.answer(result)
      if (result.thumbnail && result.sha256) ctx.pixels.thumbnails.put(result.sha256, result.thumbnail)
      if (asked.answers >= batchRows) write(asked.take({ all: true }))
      else if (performance.now() >= due) write(asked.take({ all: false }))
    }
  } finally {
    write(asked.take({ all: true }))
    putBack(ctx, control)
  }
}

/** What the decoders were asked for and have answered: rows get the order of the files, whichever is decoded first. */
class PendingItems {
  answers = 0
  readonly #items = new Map<number, { readonly item: ImportItem; result?: DecodeResult }>()

  add(item: ImportItem): void {
    this.#items.set(item.seq, { item })
  }

  answer(result: DecodeResult): void {
    this.#items.get(result.key)!.result = result
    this.answers++
  }

  /** The answers, in the order of asking, up to the first that is not there yet; or all there are. */
  take({ all }: { readonly all: boolean }): ItemResult[] {
    const taken: ItemResult[] = []
    for (const [seq, { item, result }] of this.#items) {
      if (!result && !all) break
      if (!result) continue
      taken.push({ item, result })
      this.#items.delete(seq)
    }
    this.answers -= taken.length
    return taken
  }
}

/**
 * Queued items in order, a page of rows at a time, so that a million of them are never in memory at once. What was in
 * flight when the program ended comes last, the least suspect first: one that ends again and again in the middle of its
 * work blames no file for it.
 */
function* requests(ctx: ImportDeps, control: JobControl, asked: PendingItems): Generator<DecodeRequest, void> {
  const { db } = ctx.library
  const pathOf = photoPathOf(db)
  const outputs = { thumbnail: true, quality: true, pixels: [] }
  const queued = "SELECT * FROM job_item WHERE job_id = ? AND state = 'queued'"
  const suspects = db.all<ImportItem>(`${queued} AND attempts > 0 ORDER BY attempts, seq`, control.jobId)
  for (let last = -1; ;) {
    const page = db.all<ImportItem>(
      `${queued} AND attempts = 0 AND seq > ? ORDER BY seq LIMIT ?`,
      control.jobId,
      last,
      pageRows,
    )
    for (const item of page.length > 0 ? page : suspects) {
      asked.add(item)
      yield { key: item.seq, path: pathOf(item.root_id, item.path), outputs, alone: item.attempts > 0 }
    }
    if (page.length === 0) return
    last = page.at(-1)!.seq
  }
}

function markInFlight(ctx: ImportDeps, control: JobControl, keys: readonly number[]): void {
  const { db } = ctx.library
  db.relaxed(() =>
    db.run(
      "UPDATE job_item SET state = 'in-flight', attempts = attempts + 1 WHERE job_id = ? AND seq IN (SELECT value FROM json_each(?))",
      control.jobId,
      JSON.stringify(keys),
    ),
  )
}

/** An orderly stop is no one's fault: what was in flight is queued again as if it had not been tried. */
function putBack(ctx: ImportDeps, control: JobControl): void {
  ctx.library.db.run(
    "UPDATE job_item SET state = 'queued', attempts = attempts - 1 WHERE job_id = ? AND state = 'in-flight'",
    control.jobId,
  )
}

/** Counts from the rows once, then adds: a resumed import goes on where it was. */
function reporter(ctx: ImportDeps, control: JobControl): (more: readonly ItemResult[]) => void {
  const { db } = ctx.library
  const count = (where: string) =>
    db.value<number>(`SELECT count(*) FROM job_item WHERE job_id = ? AND ${where}`, control.jobId)!
  const total = count('true')
  let imported = count("state = 'done'")
  let broken = count("state = 'failed'")
  const report = () => {
    control.progress(imported + broken, total)
    control.result({ imported, broken })
  }
  report()
  return more => {
    imported += more.filter(({ result }) => result.status === 'ok').length
    broken += more.filter(({ result }) => result.status === 'failed').length
    report()
    ctx.changed()
  }
}
