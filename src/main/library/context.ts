// What every service of an open library is handed: the library's file and folders, the decoders and caches, the clock,
// and the two throttled signals (the library changed, a run has an event). One context lives from the opening of a
// library to its closing.

import type { ErrorRecord } from '../../contract/errors.ts'
import type { FeatureKind, Job, RunEvent } from '../../contract/records.ts'
import type { WriteDb } from '../db/database.ts'
import type { DecodePool, FeatureCache, PixelCache, PixelShape, ThumbnailStore } from '../pixels/types.ts'

/** Absolute paths. `cache` may be deleted at any time while the library is closed. */
export interface LibraryPaths {
  readonly folder: string
  readonly runs: string
  readonly cache: string
  /** Archives unpacked to be imported. */
  readonly imports: string
  /** Archives unpacked to be looked at only; in the cache. */
  readonly looked: string
}

export interface LibraryFiles {
  /** Opaque; the page knows the library by it. */
  readonly id: string
  readonly name: string
  readonly db: WriteDb
  readonly paths: LibraryPaths
}

export interface LibraryPixels {
  readonly pool: DecodePool
  readonly thumbnails: ThumbnailStore
  /** The packed cache of this shape, opened on first use and closed with the library. */
  cache(shape: PixelShape): PixelCache
  /** Those that some photos have features of. */
  featureKinds(): FeatureKind[]
  /** The packed features of this kind, likewise. */
  features(kind: FeatureKind): FeatureCache
}

/** Listeners by key; a listener that has left is never called again. */
export interface Topic<K, T> {
  emit(key: K, item: T): void
  subscribe(key: K, onItem: (item: T) => void): () => void
}

/** What a job's work reports to and listens for. */
export interface JobControl {
  readonly jobId: number
  /** Aborts on cancel, on pause and when the library closes. */
  readonly signal: AbortSignal
  /** Absolute numbers; `total` null while unknown. */
  progress(done: number, total: number | null): void
  /** Numbers shown when it is over ({ imported: 240, broken: 3 }). */
  result(values: Readonly<Record<string, number>>): void
}

/** Runs long work as a job: visible, pausable, and taken up again after a crash by starting the same work with the same
 *  row. */
export interface JobRunner {
  /** Makes the row and starts the work; the promise of `finished` never rejects. */
  start(
    kind: Job['kind'],
    params: unknown,
    work: (control: JobControl) => Promise<void>,
  ): { jobId: number; finished: Promise<JobOutcome> }
}

export interface JobOutcome {
  readonly state: Job['state']
  readonly error: ErrorRecord | null
}

export interface LibraryContext {
  readonly library: LibraryFiles
  readonly pixels: LibraryPixels
  readonly jobs: JobRunner
  readonly runEvents: Topic<number, RunEvent>
  /** Call after a change of photos, labels, problems or runs has been committed: the page asks again. */
  readonly changed: () => void
  readonly now: () => Date
  /** Of Winnow. */
  readonly version: string
  /** Whose decisions these are: the machine's user; '' where that is not known. */
  readonly user: string
}
