// The app without a face: implements the contract's table over at most one open library at a time. Everything of the outside world is
// handed in, so the same service runs in the shell's process, behind the loopback server and in the terminal.
// A request that needs a library while none is open fails with 'no-library'.

import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ServiceError } from '../contract/errors.ts'
import type { Job, LibrarySummary, RunEvent } from '../contract/records.ts'
import { bytes, requests, type BytesName, type RequestName, type Service } from '../contract/table.ts'
import { cutRequests } from './cuts.ts'
import { exportBytes, exportRequests, exportWorks } from './export/requests.ts'
import { createBell } from './library/bell.ts'
import { createFolders } from './library/folders.ts'
import { createLibrary, libraryFolder, openLibrary, type LibraryHandle } from './library/library.ts'
import { previewImport } from './library/preview.ts'
import { createLastFolder, createPreferences } from './library/preferences.ts'
import { createRecents } from './library/recents.ts'
import { duplicateRequests, jobRequests, photoByteHandlers, photoRequests, setRequests, type LibraryParts } from './library/requests.ts'
import { openSession, type Session, type SessionOptions } from './library/session.ts'
import { labelRevision } from './library/history.ts'
import { summarise } from './library/summary.ts'
import { createTopic } from './library/topic.ts'
import type { DecodePool } from './pixels/types.ts'
import { createLikeness, type Likeness } from './review/alike.ts'
import { reviewBytes, reviewRequests } from './review/requests.ts'
import { recoverRuns } from './runs/recover.ts'
import { runBytes, runRequests } from './runs/requests.ts'

export interface ServiceOptions extends Pick<SessionOptions, 'openThumbnails' | 'openPixelCache' | 'checkFile'> {
  readonly host: 'desktop' | 'browser' | 'terminal'
  /** Of Winnow. */
  readonly version: string
  /** Of the machine; their answers to suspects are kept under this name. */
  readonly user?: string
  /** Recent libraries and the page's preferences are kept here. */
  readonly configFolder: string
  /** New libraries and the sample photos go here. */
  readonly librariesFolder: string
  /** Where the folder picker begins. */
  readonly homeFolder: string
  readonly createPool: () => DecodePool
  /** Makes the sample photos below `folder` unless they are there, and answers the folder to import. */
  readonly makeSample: (folder: string, signal: AbortSignal) => Promise<string>
  /** Shows a file in the system's file manager. */
  readonly reveal?: (path: string) => Promise<void>
  readonly now?: () => Date
}

/** What a host may do besides the contract: it knows paths, the page does not. */
export interface AppService extends Service {
  openLibraryAt(folder: string): Promise<LibrarySummary>
  /** Makes `<parent>/<name>.winnow` and opens it. */
  createLibraryAt(parent: string, name: string): Promise<LibrarySummary>
  /** Lets the page see a folder given by drop, dialog or command; answers its id. */
  grantFolder(path: string): Promise<string>
}

type SessionName = Exclude<RequestName, 'system.info' | 'folders.list' | 'import.preview' | 'library.current' | `preferences.${string}` | `libraries.${string}` | `cuts.${string}`>
type SessionSlice = Pick<Service['requests'], SessionName>

interface Opened {
  readonly session: Session
  readonly requests: SessionSlice
  readonly bytes: Service['bytes']
}

export function createService(options: ServiceOptions): AppService {
  const now = options.now ?? (() => new Date())
  const folders = createFolders(options.homeFolder, createLastFolder(options.configFolder))
  const recents = createRecents(options.configFolder)
  const preferences = createPreferences(options.configFolder)
  const jobTopic = createTopic<'all', Job>()
  const libraryTopic = createTopic<'all', { revision: number }>()
  const runEvents = createTopic<number, RunEvent>()
  const bell = createBell(() => {
    if (opened) libraryTopic.emit('all', { revision: labelRevision(opened.session.ctx.library.db) })
  })
  let pool: DecodePool | null = null
  let opened: Opened | null = null
  let turn: Promise<unknown> = Promise.resolve()

  /** Opening, making and closing libraries happens one after the other, however the requests come. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work)
    turn = result.catch(() => undefined)
    return result
  }

  function current(): Opened {
    if (!opened) throw new ServiceError('no-library', 'No library is open.', 'Open a library or make a new one first.')
    return opened
  }

  const summary = ({ session }: Opened) => summarise(session.ctx.library, session.history, session.lists)

  async function closeCurrent(): Promise<void> {
    const closing = opened
    if (!closing) return
    noteRecent(closing)
    opened = null
    await closing.session.close()
  }

  function noteRecent(of: Opened): void {
    const { id, name, paths, db } = of.session.ctx.library
    recents.note({ id, name, folder: paths.folder, photos: db.value<number>('SELECT count(*) FROM photo')!, openedAt: now().toISOString() })
  }

  /** The library that is open stays so where the other cannot be opened. */
  async function take(open: () => Promise<LibraryHandle>): Promise<LibrarySummary> {
    const handle = await open()
    try {
      await closeCurrent()
    } catch (error) {
      handle.close()
      throw error
    }
    pool ??= options.createPool()
    const session = openSession(handle, {
      ...options, works: exportWorks, pool, now, runEvents, onChange: bell.ring, onJob: job => jobTopic.emit('all', job),
      makeSample: signal => options.makeSample(sampleFolder(), signal),
    })
    recoverRuns(session.ctx)
    const likeness = createLikeness(session.ctx)
    opened = { session, requests: sessionRequests({ ...session, folders, reveal: options.reveal }, likeness), bytes: sessionBytes(session, likeness) }
    noteRecent(opened)
    bell.ring()
    return summary(opened)
  }

  const sampleFolder = () => join(options.librariesFolder, 'Sample photos')
  const openAt = (folder: string) => inTurn(async () => {
    if (opened?.session.ctx.library.paths.folder === resolve(folder)) return summary(opened)
    return take(() => openLibrary(folder, now))
  })
  const createAt = (parent: string, name: string) => inTurn(() => take(() => createLibrary(parent, name, now)))

  /** Opens the sample library, made on first use, and sees to it that its import is done or under way. */
  async function openSample(): Promise<{ jobId: number }> {
    const folder = libraryFolder(options.librariesFolder, 'Sample')
    if (opened?.session.ctx.library.paths.folder !== folder) {
      await (existsSync(join(folder, 'library.db')) ? openAt(folder) : createAt(options.librariesFolder, 'Sample'))
    }
    const { jobs } = current().session
    const last = jobs.list().find(job => job.kind === 'sample')
    if (!last || last.state === 'cancelled') return { jobId: jobs.begin('sample', {}).jobId }
    if (last.state !== 'done') jobs.resume(last.id)
    return { jobId: last.id }
  }

  const own: Omit<Service['requests'], SessionName> = {
    'system.info': () => ({ version: options.version, node: process.versions.node, platform: process.platform, host: options.host }),
    'preferences.read': () => preferences.read(),
    'preferences.write': ({ values }) => {
      preferences.write(values)
      return {}
    },
    'libraries.recent': () => {
      if (opened) noteRecent(opened)
      return recents.list()
    },
    'libraries.create': ({ name }) => createAt(options.librariesFolder, name),
    'libraries.open': ({ id }) => openAt(folderOfRecent(recents.folderOf(id))),
    'libraries.sample': () => openSample(),
    'library.current': () => opened ? summary(opened) : null,
    'folders.list': ({ id }) => folders.list(id),
    ...cutRequests(options.configFolder),
    'import.preview': ({ folderIds }, signal) => previewImport(folderIds.map(id => folders.pathOf(id)), signal),
  }

  return {
    requests: { ...forwardRequests(current), ...own },
    bytes: forwardBytes(current),
    streams: {
      jobs: (_, emit) => jobTopic.subscribe('all', emit),
      library: (_, emit) => libraryTopic.subscribe('all', emit),
      run: ({ runId }, emit) => runEvents.subscribe(runId, emit),
    },
    openLibraryAt: openAt,
    createLibraryAt: createAt,
    grantFolder: path => folders.grant(path),
    close: () => inTurn(async () => {
      bell.close()
      try {
        await closeCurrent()
      } finally {
        await pool?.close()
        pool = null
      }
    }),
  }
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

type AnyCall = (params: unknown, signal: AbortSignal) => unknown

/** One function for every request of the table, which finds the open library when it is called. */
function forwardRequests(current: () => Opened): Service['requests'] {
  const names = Object.keys(requests) as SessionName[]
  return Object.fromEntries(names.map(name => [
    name, (params: unknown, signal: AbortSignal) => (current().requests[name] as AnyCall)(params, signal),
  ])) as unknown as Service['requests']
}

function forwardBytes(current: () => Opened): Service['bytes'] {
  const entries = (Object.keys(bytes) as BytesName[]).map(name => {
    const handler = () => current().bytes[name] as { get: (params: unknown) => unknown; put?: (params: unknown, body: Uint8Array) => unknown }
    const writable = (bytes[name].methods as readonly string[]).includes('PUT')
    const put = async (params: unknown, body: Uint8Array) => handler().put!(params, body)
    return [name, { get: async (params: unknown) => handler().get(params), ...(writable ? { put } : {}) }]
  })
  return Object.fromEntries(entries) as Service['bytes']
}

function folderOfRecent(folder: string | null): string {
  if (folder === null) throw new ServiceError('no-library', 'That library is not in the list of recent ones any more.', 'Open it by its folder, or make a new one.')
  return folder
}
