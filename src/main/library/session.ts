// One open library with everything that lives as long as it: jobs, history, caches. Closing it stops jobs at a safe
// point, writes what is unwritten and lets go of the file, in that order.

import { join } from 'node:path'
import type { Job, RunEvent } from '../../contract/records.ts'
import type { DatabaseCheck } from '../db/check.ts'
import { nameOfShape } from '../pixels/cache/pixel-cache.ts'
import { featureKindsIn, nameOfFeatures, openFeatureCache } from '../pixels/cache/feature-cache.ts'
import type { DecodePool, FeatureCache, PixelCache, PixelShape, ThumbnailStore } from '../pixels/types.ts'
import { checkPhotos } from './checks/check.ts'
import { checkFiles } from './files/missing-files.ts'
import type { JobControl, LibraryContext, LibraryPixels, Topic } from './context.ts'
import { createHistory, labelRevision, type History } from './decisions/history.ts'
import { importPhotos, type ImportParams } from './import/import.ts'
import type { SeveralLabels } from './import/listed-labels.ts'
import { createJobs, type Jobs } from './jobs/jobs.ts'
import type { LibraryHandle } from './library.ts'
import { createPhotoLists, type PhotoLists } from './tables/photo-lists.ts'
import { relinkPhotos } from './import/relink.ts'
import { fillLaterMeasures } from './checks/later-measures.ts'
import { verifyLibrary } from './files/verify.ts'

/** Kinds of jobs of other services, taken up again in a later session with the parameters in their rows. */
export type SessionJobHandlers = Readonly<
  Partial<Record<Job['kind'], (ctx: LibraryContext, control: JobControl, params: unknown) => Promise<void>>>
>

export interface SessionOptions {
  readonly jobHandlers?: SessionJobHandlers
  readonly pool: DecodePool
  readonly openThumbnails: (folder: string) => ThumbnailStore
  readonly openPixelCache: (folder: string, shape: PixelShape) => PixelCache
  /** Checks the library's file without keeping the service busy. */
  readonly checkFile?: DatabaseCheck | undefined
  /** Makes the sample photos and says which folder to import. */
  readonly makeSample: (signal: AbortSignal) => Promise<string>
  /** Told of photos to which an imported list gives several labels. */
  readonly onDoubted?: (ctx: LibraryContext, doubted: readonly SeveralLabels[]) => void
  readonly now: () => Date
  readonly version: string
  /** The machine's user; their answers to label issues are kept under this name. */
  readonly user?: string
  readonly onJob: (job: Job) => void
  readonly onChange: () => void
  readonly runEvents: Topic<number, RunEvent>
}

export interface RelinkParams {
  readonly folder: string
}

export interface Session {
  readonly ctx: LibraryContext
  readonly jobs: Jobs
  readonly history: History
  readonly lists: PhotoLists
  close(): Promise<void>
}

/** Takes over the handle: it is closed with the session, or at once when the session cannot begin. */
export function openSession(handle: LibraryHandle, options: SessionOptions): Session {
  try {
    const { library } = handle
    const pixels = openPixels(library.paths.cache, options)
    const jobs: Jobs = createJobs({
      db: library.db,
      where: library.paths.folder,
      emit: options.onJob,
      now: options.now,
      handlers: {
        import: (control, params) => importPhotos(ctx, params as ImportParams, control, consequences),
        check: control => runCheck(ctx, control),
        verify: async control => {
          await verifyLibrary(ctx, control, options.checkFile)
          ctx.changed()
        },
        relink: async (control, params) => {
          await checkFiles(ctx.library, control, false)
          await relinkPhotos(ctx.library, (params as RelinkParams).folder, control, options.now().toISOString())
          ctx.changed()
        },
        sample: async control =>
          importPhotos(ctx, { folders: [await options.makeSample(control.signal)] }, control, consequences),
        ...Object.fromEntries(
          Object.entries(options.jobHandlers ?? {}).map(([kind, handle]) => [
            kind,
            (control: JobControl, params: unknown) => handle(ctx, control, params),
          ]),
        ),
      },
    })
    const { now, version, user = '', runEvents } = options
    const ctx: LibraryContext = { library, pixels, jobs, runEvents, changed: options.onChange, now, version, user }
    const history = createHistory(library.db, now)
    const consequences = {
      history,
      onDoubted: (doubted: readonly SeveralLabels[]) => options.onDoubted?.(ctx, doubted),
    }
    return {
      ctx,
      jobs,
      history,
      lists: createPhotoLists(library.db),
      close: () => closeSession(handle, jobs, pixels),
    }
  } catch (error) {
    handle.close()
    throw error
  }
}

async function closeSession(handle: LibraryHandle, jobs: Jobs, pixels: OwnedPixels): Promise<void> {
  try {
    await jobs.close()
    pixels.close()
    await backUpDecisions(handle)
  } finally {
    handle.close()
  }
}

/** People's work is backed up when the library closes, if there is any since the last time. */
async function backUpDecisions({ library: { db }, backUp }: LibraryHandle): Promise<void> {
  const revision = String(labelRevision(db))
  if (revision === (db.value<string>("SELECT value FROM meta WHERE key = 'backed_up_revision'") ?? '0')) return
  await backUp('close')
  db.run("INSERT OR REPLACE INTO meta VALUES ('backed_up_revision', ?)", revision)
}

async function runCheck(ctx: LibraryContext, control: JobControl): Promise<void> {
  const { missing, changed } = await checkFiles(ctx.library, control, false)
  await fillLaterMeasures(ctx, control)
  await checkPhotos(ctx, control)
  control.result({ missing, changed, problems: ctx.library.db.value<number>('SELECT count(*) FROM problem')! })
}

interface OwnedPixels extends LibraryPixels {
  close(): void
}

function openPixels(folder: string, options: SessionOptions): OwnedPixels {
  const thumbnails = options.openThumbnails(join(folder, 'thumbnails'))
  const caches = new Map<string, PixelCache>()
  const features = new Map<string, FeatureCache>()
  return {
    pool: options.pool,
    thumbnails,
    cache(shape) {
      const key = nameOfShape(shape)
      const cache = caches.get(key) ?? options.openPixelCache(join(folder, 'pixels'), shape)
      caches.set(key, cache)
      return cache
    },
    featureKinds: () => featureKindsIn(join(folder, 'features')),
    features(kind) {
      const key = nameOfFeatures(kind)
      const opened = features.get(key) ?? openFeatureCache(join(folder, 'features'), kind)
      features.set(key, opened)
      return opened
    },
    close() {
      for (const opened of features.values()) opened.close()
      for (const cache of caches.values()) cache.close()
      thumbnails.close()
    },
  }
}
