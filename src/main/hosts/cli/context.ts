// What every command gets: the output, the signal of Ctrl+C, and a service that is opened when it is first needed and
// closed at the end.

import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { createDirectClient } from '../../../contract/direct.ts'
import { ServiceError } from '../../../contract/errors.ts'
import type { LibrarySummary, RunState } from '../../../contract/records.ts'
import type { Client } from '../../../contract/table.ts'
import { createAppService } from '../../app/app-service.ts'
import type { AppService } from '../../app/service.ts'
import type { CliHost } from './host.ts'
import type { Output } from './output.ts'
import { count } from './texts.ts'

export interface CommandContext {
  readonly host: CliHost
  readonly output: Output
  readonly signal: AbortSignal
  /** Opens the library at a path as the person typed it; says which folders of photos are gone, unless `quiet`. ServiceError 'library-missing' and those of db/open.ts. */
  open(library: string, options?: { readonly create?: boolean; readonly quiet?: boolean }): Promise<CommandLibrary>
  service(): AppService
  client(): Client
  close(): Promise<void>
}

export interface CommandLibrary {
  readonly summary: LibrarySummary
  readonly client: Client
  readonly folder: string
}

export function createContext(host: CliHost, output: Output): CommandContext {
  let service: AppService | null = null
  const opened = () => (service ??= createAppService(serviceOptions(host, 'terminal')))
  const client = () => createDirectClient(opened())
  return {
    host,
    output,
    signal: host.signal,
    service: opened,
    client,
    async open(library, { create = false, quiet = false } = {}) {
      const folder = libraryPath(resolve(host.cwd, library))
      const exists = existsSync(join(folder, 'library.db'))
      const summary =
        create && !exists
          ? await opened().createLibraryAt(dirname(folder), basename(folder, '.winnow'))
          : await opened().openLibraryAt(folder)
      if (!quiet) await tellLost(client(), output, library)
      return { summary, client: client(), folder }
    },
    close: async () => await service?.close(),
  }
}

/** Folders of photos that are gone, and where the same photos are now. */
async function tellLost(client: Client, output: Output, library: string): Promise<void> {
  for (const { path, photos, found } of await client.request('files.lost', {})) {
    output.note(
      found
        ? `The folder ${path} (${count(photos, 'photo')}) has moved: the same photos lie in ${found.path}. Follow them: winnow relink ${quoted(found.path)} -L ${quoted(library)}`
        : `The folder ${path} (${count(photos, 'photo')}) is not there. Connect its disk, or if it has moved: winnow relink <folder> -L ${quoted(library)}`,
    )
  }
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : JSON.stringify(path)
}

/** What the service is made from on this machine. */
export function serviceOptions({ version, folders, files, home, maxPixels }: CliHost, host: 'terminal' | 'browser') {
  return {
    host,
    version,
    configFolder: folders.config,
    librariesFolder: folders.libraries,
    homeFolder: home,
    decoderPath: files.decoder,
    backbonePath: join(files.root, 'build', 'backbone', 'mobilenet-v2-folded.safetensors'),
    checkerPath: files.checker,
    maxPixels,
  }
}

/** The folder of a library, with its ending put on where the person left it out. */
export function libraryPath(typed: string): string {
  return typed.endsWith('.winnow') || existsSync(join(typed, 'library.db')) ? typed : `${typed}.winnow`
}

/** The id of the run that a number names, or "latest" the newest in one of these states that learnt from all photos.
 *  ServiceError 'no-run'. */
export async function findRun(
  client: Client,
  which: string,
  states: readonly RunState[] = ['done', 'stopped'],
): Promise<number> {
  const runs = await client.request('runs.list', {})
  const whole = runs.filter(({ state, settings }) => states.includes(state) && settings.trainShare === undefined)
  const found =
    which === 'latest' ? whole.toSorted((a, b) => b.id - a.id)[0] : runs.find(({ id }) => String(id) === which)
  if (found) return found.id
  if (runs.length === 0)
    throw new ServiceError(
      'no-run',
      'This library has no trained model yet.',
      'Train one first: winnow train -L <library>.',
    )
  const known = runs.map(({ id, name, state }) => `${id} (${name}, ${state})`).join(', ')
  throw new ServiceError(
    'no-run',
    `There is no ${states.join(' or ')} run "${which}" in this library.`,
    `It has: ${known}.`,
  )
}
