// An open library as the service asks it: its session, and the requests and bytes of every service over it.

import { join } from 'node:path'
import { ServiceError } from '../../contract/errors.ts'
import type { Job, LibrarySummary, RunEvent } from '../../contract/records.ts'
import type { RequestName, Service } from '../../contract/table.ts'
import { exportBytes, exportRequests, exportJobHandlers } from '../export/requests.ts'
import type { Topic } from '../library/context.ts'
import type { Folders } from './folder-picker.ts'
import type { LibraryHandle } from '../library/library.ts'
import type { RecentLibraries } from './recent-libraries.ts'
import {
  duplicateRequests,
  jobRequests,
  photoByteHandlers,
  photoRequests,
  setRequests,
  type LibraryParts,
} from '../library/requests.ts'
import { versionRequests } from '../library/versions/requests.ts'
import { openSession, type Session, type SessionOptions } from '../library/session.ts'
import { summarise } from '../library/photos/summary.ts'
import type { DecodePool } from '../pixels/types.ts'
import { createSimilarPhotos, type SimilarPhotos } from '../review/similarity/similar-photos.ts'
import { reportDoubtedLabels } from '../review/queue/doubted-labels.ts'
import { reviewBytes, reviewRequests } from '../review/requests.ts'
import { recoverRuns } from '../runs/recover.ts'
import { createFeatureServices, featureBytes, featureRequests, type FeatureServices } from '../features/requests.ts'
import { createTrainers, type Trainers } from '../runs/trainers.ts'
import { runBytes, runRequests } from '../runs/requests.ts'

/** Requests that need an open library. */
export type SessionName = Exclude<
  RequestName,
  | 'system.info'
  | 'folders.list'
  | 'import.preview'
  | 'library.current'
  | `preferences.${string}`
  | `libraries.${string}`
  | `cuts.${string}`
  | `backbones.${string}`
>
type SessionBytes = Omit<Service['bytes'], 'backbone'>
type SessionSlice = Pick<Service['requests'], SessionName>

export interface OpenLibrary {
  readonly session: Session
  readonly trainers: Trainers
  readonly requests: SessionSlice
  readonly bytes: SessionBytes
}

/** What a host hands in for libraries. */
export interface LibraryOptions extends Pick<
  SessionOptions,
  'openThumbnails' | 'openPixelCache' | 'checkFile' | 'user'
> {
  /** Of Winnow. */
  readonly version: string
  /** New libraries and the sample photos go here. */
  readonly librariesFolder: string
  readonly createPool: () => DecodePool
  /** Makes the sample photos below `folder` unless they are there, and answers the folder to import. */
  readonly makeSample: (folder: string, signal: AbortSignal) => Promise<string>
  /** Shows a file in the system's file manager. */
  readonly reveal?: (path: string) => Promise<void>
}

/** What outlives a library. */
export interface LibraryWorld {
  readonly now: () => Date
  readonly folders: Folders
  readonly recentLibraries: RecentLibraries
  readonly runEvents: Topic<number, RunEvent>
  readonly onJob: (job: Job) => void
  readonly onChange: () => void
}

/** Takes over the handle: it is closed with the session. */
export function openLibraryFrom(
  handle: LibraryHandle,
  pool: DecodePool,
  options: LibraryOptions,
  { now, folders, runEvents, onJob, onChange }: LibraryWorld,
): OpenLibrary {
  const session = openSession(handle, {
    ...options,
    jobHandlers: exportJobHandlers,
    onDoubted: reportDoubtedLabels,
    pool,
    now,
    runEvents,
    onChange,
    onJob,
    makeSample: signal => options.makeSample(join(options.librariesFolder, 'Sample photos'), signal),
  })
  recoverRuns(session.ctx)
  const similar = createSimilarPhotos(session.ctx)
  const features = createFeatureServices(session.ctx)
  return {
    session,
    trainers: createTrainers(session.ctx),
    requests: sessionRequests({ ...session, folders, reveal: options.reveal }, similar, features),
    bytes: sessionBytes(session, similar, features),
  }
}

/** ServiceError 'no-library' where none is open. */
export function currentLibrary(opened: OpenLibrary | null): OpenLibrary {
  if (!opened) throw new ServiceError('no-library', 'No library is open.', 'Open a library or make a new one first.')
  return opened
}

export function summaryOf({ session }: OpenLibrary): LibrarySummary {
  return summarise(session.ctx.library, session.history, session.lists)
}

/** What the list of recent libraries is to say of it. */
export function recentOf({ session }: OpenLibrary, at: Date): Parameters<RecentLibraries['note']>[0] {
  const { id, name, paths, db } = session.ctx.library
  return {
    id,
    name,
    folder: paths.folder,
    photos: db.value<number>('SELECT count(*) FROM photo')!,
    openedAt: at.toISOString(),
  }
}

function sessionRequests(parts: LibraryParts, similar: SimilarPhotos, features: FeatureServices): SessionSlice {
  return {
    ...photoRequests(parts),
    ...duplicateRequests(parts),
    ...setRequests(parts),
    ...jobRequests(parts),
    ...runRequests(parts.ctx),
    ...reviewRequests(parts.ctx, similar, parts.history),
    ...featureRequests(features, parts.history),
    ...versionRequests(parts.ctx, parts.history),
    ...exportRequests(parts.ctx, parts.folders),
  }
}

function sessionBytes({ ctx }: Session, similar: SimilarPhotos, features: FeatureServices): SessionBytes {
  return {
    ...photoByteHandlers({ ctx }),
    ...runBytes(ctx),
    ...reviewBytes(ctx, similar),
    ...featureBytes(features),
    ...exportBytes(ctx),
  }
}
