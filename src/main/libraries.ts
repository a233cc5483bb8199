// The library that is open, one at most, with everything that lives as long as it. Opening, making and closing happen one after the other,
// however the requests come; the library that is open stays so where another cannot be opened, and is let go of where it cannot be closed well.

import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ServiceError } from '../contract/errors.ts'
import type { Job, LibrarySummary, RunEvent } from '../contract/records.ts'
import type { RequestName, Service } from '../contract/table.ts'
import { exportBytes, exportRequests, exportWorks } from './export/requests.ts'
import type { Topic } from './library/context.ts'
import type { Folders } from './library/folders.ts'
import { createLibrary, libraryFolder, openLibrary, type LibraryHandle } from './library/library.ts'
import type { Recents } from './library/recents.ts'
import { duplicateRequests, jobRequests, photoByteHandlers, photoRequests, setRequests, type LibraryParts } from './library/requests.ts'
import { openSession, type Session, type SessionOptions } from './library/session.ts'
import { summarise } from './library/summary.ts'
import type { DecodePool } from './pixels/types.ts'
import { createLikeness, type Likeness } from './review/alike.ts'
import { reviewBytes, reviewRequests } from './review/requests.ts'
import { recoverRuns } from './runs/recover.ts'
import { runBytes, runRequests } from './runs/requests.ts'

/** Requests that need an open library. */
export type SessionName = Exclude<RequestName, 'system.info' | 'folders.list' | 'import.preview' | 'library.current' | `preferences.${string}` | `libraries.${string}` | `cuts.${string}`>
type SessionSlice = Pick<Service['requests'], SessionName>

export interface Opened {
  readonly session: Session
  readonly requests: SessionSlice
  readonly bytes: Service['bytes']
}

/** What a host hands in for libraries. */
export interface LibraryOptions extends Pick<SessionOptions, 'openThumbnails' | 'openPixelCache' | 'checkFile' | 'user'> {
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
  readonly recents: Recents
  readonly runEvents: Topic<number, RunEvent>
  readonly onJob: (job: Job) => void
  readonly onChange: () => void
}

export interface Libraries {
  /** Null where none is open. */
  opened(): Opened | null
  summary(): LibrarySummary | null
  openAt(folder: string): Promise<LibrarySummary>
  createAt(parent: string, name: string): Promise<LibrarySummary>
  /** Opens the sample library, made on first use, and sees to it that its import is done or under way. */
  openSample(): Promise<{ jobId: number }>
  recent(): ReturnType<Recents['list']>
  close(): Promise<void>
}

export function createLibraries(options: LibraryOptions, world: LibraryWorld): Libraries {
  const { now, recents } = world
  let pool: DecodePool | null = null
  let opened: Opened | null = null
  let turn: Promise<unknown> = Promise.resolve()

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work)
    turn = result.catch(() => undefined)
    return result
  }

  async function closeCurrent(): Promise<void> {
    const closing = opened
    if (!closing) return
    opened = null
    try {
      recents.note(recentOf(closing, now()))
    } finally {
      await closing.session.close()
    }
  }

  async function take(open: () => Promise<LibraryHandle>): Promise<LibrarySummary> {
    const handle = await open()
    const closing = await closeCurrent().then(() => null, (error: unknown) => ({ error }))
    pool ??= options.createPool()
    opened = openedFrom(handle, pool, options, world)
    recents.note(recentOf(opened, now()))
    world.onChange()
    // Told, but not held against the library that was asked for: a disk without room for a backup would keep one from leaving it.
    if (closing) throw closing.error
    return summaryOf(opened)
  }

  const openAt = (folder: string) => inTurn(async () => {
    if (opened?.session.ctx.library.paths.folder === resolve(folder)) return summaryOf(opened)
    return take(() => openLibrary(folder, now))
  })
  const createAt = (parent: string, name: string) => inTurn(() => take(() => createLibrary(parent, name, now)))

  async function openSample(): Promise<{ jobId: number }> {
    const folder = libraryFolder(options.librariesFolder, 'Sample')
    if (opened?.session.ctx.library.paths.folder !== folder) {
      await (existsSync(join(folder, 'library.db')) ? openAt(folder) : createAt(options.librariesFolder, 'Sample'))
    }
    const { jobs } = currentOf(opened).session
    const last = jobs.list().find(job => job.kind === 'sample')
    if (!last || last.state === 'cancelled') return { jobId: jobs.begin('sample', {}).jobId }
    if (last.state !== 'done') jobs.resume(last.id)
    return { jobId: last.id }
  }

  return {
    opened: () => opened,
    summary: () => opened && summaryOf(opened),
    openAt, createAt, openSample,
    recent: () => {
      if (opened) recents.note(recentOf(opened, now()))
      return recents.list()
    },
    close: () => inTurn(async () => {
      try {
        await closeCurrent()
      } finally {
        await pool?.close()
        pool = null
      }
    }),
  }
}

/** ServiceError 'no-library' where none is open. */
export function currentOf(opened: Opened | null): Opened {
  if (!opened) throw new ServiceError('no-library', 'No library is open.', 'Open a library or make a new one first.')
  return opened
}

function openedFrom(handle: LibraryHandle, pool: DecodePool, options: LibraryOptions, { now, folders, runEvents, onJob, onChange }: LibraryWorld): Opened {
  const session = openSession(handle, {
    ...options, works: exportWorks, pool, now, runEvents, onChange, onJob,
    makeSample: signal => options.makeSample(join(options.librariesFolder, 'Sample photos'), signal),
  })
  recoverRuns(session.ctx)
  const likeness = createLikeness(session.ctx)
  return { session, requests: sessionRequests({ ...session, folders, reveal: options.reveal }, likeness), bytes: sessionBytes(session, likeness) }
}

function summaryOf({ session }: Opened): LibrarySummary {
  return summarise(session.ctx.library, session.history, session.lists)
}

function recentOf({ session }: Opened, at: Date): Parameters<Recents['note']>[0] {
  const { id, name, paths, db } = session.ctx.library
  return { id, name, folder: paths.folder, photos: db.value<number>('SELECT count(*) FROM photo')!, openedAt: at.toISOString() }
}

function sessionRequests(parts: LibraryParts, likeness: Likeness): SessionSlice {
  return {
    ...photoRequests(parts), ...duplicateRequests(parts), ...setRequests(parts), ...jobRequests(parts),
    ...runRequests(parts.ctx), ...reviewRequests(parts.ctx, likeness), ...exportRequests(parts.ctx, parts.folders),
  }
}

function sessionBytes({ ctx }: Session, likeness: Likeness): Service['bytes'] {
  return { ...photoByteHandlers({ ctx }), ...runBytes(ctx), ...reviewBytes(ctx, likeness), ...exportBytes(ctx) }
}
