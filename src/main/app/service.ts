// The app without a face: implements the contract's table over at most one open library at a time. Everything of the
// outside world is handed in, so the same service runs in the shell's process, behind the loopback server and in the
// terminal. A request that needs a library while none is open fails with 'no-library'.

import { join } from 'node:path'
import { ServiceError } from '../../contract/errors.ts'
import type { Job, LibrarySummary, RunEvent } from '../../contract/records.ts'
import { bytes, largestBody, requests, type BytesName, type Service } from '../../contract/table.ts'
import { createBackboneStore, type BackboneStore } from '../backbones/backbone-store.ts'
import { backboneRequests } from '../backbones/requests.ts'
import { tuningCacheRequests } from './tuning-cache.ts'
import { createLibraries, type Libraries } from './libraries.ts'
import { createThrottle } from '../common/throttle.ts'
import { createFolders } from './folder-picker.ts'
import { labelRevision } from '../library/decisions/history.ts'
import { previewImport } from '../library/import/import-preview.ts'
import { createLastFolder, createPreferences } from './preferences.ts'
import { createRecentLibraries } from './recent-libraries.ts'
import { createTopic } from '../common/topic.ts'
import { currentLibrary, type LibraryOptions, type OpenLibrary, type SessionName } from './open-library.ts'

export interface ServiceOptions extends LibraryOptions {
  readonly host: 'desktop' | 'browser' | 'terminal'
  /** Recent libraries and the page's preferences are kept here. */
  readonly configFolder: string
  /** Where the folder picker begins. */
  readonly homeFolder: string
  readonly now?: () => Date
  /** The backbones of this machine. Default: those of the folder of settings, none built in. */
  readonly backbones?: BackboneStore
}

/** What a host may do besides the contract: it knows paths, the page does not. */
export interface AppService extends Service {
  openLibraryAt(folder: string): Promise<LibrarySummary>
  /** Makes `<parent>/<name>.winnow` and opens it. */
  createLibraryAt(parent: string, name: string): Promise<LibrarySummary>
  /** Lets the page see a folder given by drop, dialog or command; answers its id. */
  grantFolder(path: string): Promise<string>
  readonly backbones: BackboneStore
}

export function createService(options: ServiceOptions): AppService {
  const folders = createFolders(options.homeFolder, createLastFolder(options.configFolder))
  const recents = createRecentLibraries(options.configFolder)
  const jobTopic = createTopic<'all', Job>()
  const libraryTopic = createTopic<'all', { revision: number }>()
  const runEvents = createTopic<number, RunEvent>()
  const changes = createThrottle(() => {
    const opened = libraries.opened()
    if (opened) libraryTopic.emit('all', { revision: labelRevision(opened.session.ctx.library.db) })
  })
  const libraries: Libraries = createLibraries(options, {
    now: options.now ?? (() => new Date()),
    folders,
    recentLibraries: recents,
    runEvents,
    onJob: job => jobTopic.emit('all', job),
    onChange: changes.call,
  })
  const current = () => currentLibrary(libraries.opened())
  const preferences = createPreferences(options.configFolder)
  const backbones =
    options.backbones ?? createBackboneStore({ folder: join(options.configFolder, 'backbones'), builtIn: '' })
  const own: Omit<Service['requests'], SessionName> = {
    'system.info': () => ({
      version: options.version,
      node: process.versions.node,
      platform: process.platform,
      host: options.host,
    }),
    'preferences.read': () => preferences.read(),
    'preferences.write': ({ values }) => {
      preferences.write(values)
      return {}
    },
    'libraries.recent': () => libraries.recent(),
    'libraries.create': ({ name }) => libraries.createAt(options.librariesFolder, name),
    'libraries.open': ({ id }) => libraries.openAt(folderOfRecent(recents.folderOf(id))),
    'libraries.sample': () => libraries.openSample(),
    'library.current': () => libraries.summary(),
    'folders.list': ({ id }) => folders.list(id),
    ...tuningCacheRequests(options.configFolder),
    ...backboneRequests(backbones),
    'import.preview': ({ folderIds, layout }, signal) =>
      previewImport(
        folderIds.map(id => folders.pathOf(id)),
        { layout, signal, db: libraries.opened()?.session.ctx.library.db },
      ),
  }
  return {
    requests: { ...forwardRequests(current), ...own },
    bytes: {
      ...forwardBytes(current),
      backbone: { get: async ({ name }) => ({ bytes: backbones.read(name), fileName: `${name}.safetensors` }) },
    },
    streams: {
      jobs: (_, emit) => jobTopic.subscribe('all', emit),
      library: (_, emit) => libraryTopic.subscribe('all', emit),
      run: ({ runId }, emit) => runEvents.subscribe(runId, emit),
      trainer: ({ runId }) => current().trainers.add(runId),
    },
    openLibraryAt: folder => libraries.openAt(folder),
    createLibraryAt: (parent, name) => libraries.createAt(parent, name),
    grantFolder: path => folders.grant(path),
    backbones,
    close: () => {
      changes.close()
      return libraries.close()
    },
  }
}

type ServiceCall = (params: unknown, signal: AbortSignal) => unknown

/** One function for every request of the table, which finds the open library when it is called. */
function forwardRequests(current: () => OpenLibrary): Service['requests'] {
  const names = Object.keys(requests) as SessionName[]
  return Object.fromEntries(
    names.map(name => [
      name,
      (params: unknown, signal: AbortSignal) => (current().requests[name] as ServiceCall)(params, signal),
    ]),
  ) as unknown as Service['requests']
}

function forwardBytes(current: () => OpenLibrary): Service['bytes'] {
  const entries = (Object.keys(bytes) as BytesName[]).map(name => {
    const handler = () =>
      current().bytes[name as keyof OpenLibrary['bytes']] as {
        get: (params: unknown) => unknown
        put?: (params: unknown, body: Uint8Array) => unknown
        largest?: (params: unknown) => number
      }
    const writable = (bytes[name].methods as readonly string[]).includes('PUT')
    const put = async (params: unknown, body: Uint8Array) => handler().put!(params, body)
    const largest = (params: unknown) => handler().largest?.(params) ?? largestBody
    return [name, { get: async (params: unknown) => handler().get(params), ...(writable ? { put, largest } : {}) }]
  })
  return Object.fromEntries(entries) as Service['bytes']
}

function folderOfRecent(folder: string | null): string {
  if (folder === null)
    throw new ServiceError(
      'library-missing',
      'That library is not where it was opened last.',
      'Put its folder back or connect its disk, or make a new library.',
    )
  return folder
}
