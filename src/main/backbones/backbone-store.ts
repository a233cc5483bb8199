// The backbones of this machine, kept once for all libraries: the one that came with Winnow, those that were fetched from the
// catalogue (catalogue.json), and files that someone added. A folder of safetensors files; what is half fetched ends in
// .part and is gone on with.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { ServiceError } from '../../contract/errors.ts'
import type { BackboneRecord } from '../../contract/records.ts'
import { translateError } from '../db/errors.ts'
import catalogue from './catalogue.json' with { type: 'json' }
import { fetchFile, type Fetched } from './fetch-file.ts'

export interface CatalogueBackbone {
  readonly name: string
  readonly file: string
  readonly url: string
  readonly bytes: number
  readonly sha256: string
  readonly licence: string
  readonly goodFor: string
}

/** The name of the backbone that came with Winnow. */
export const builtInName = 'built-in'

export interface BackboneStoreOptions {
  readonly folder: string
  /** The file that came with Winnow. */
  readonly builtIn: string
  /** Default: that of the source. */
  readonly entries?: readonly CatalogueBackbone[]
  readonly fetch?: typeof fetch
}

export interface BackboneStore {
  list(): BackboneRecord[]
  /** The whole file. ServiceError 'no-backbone' where it is not at hand. */
  read(name: string): Uint8Array<ArrayBuffer>
  /** ServiceErrors of `fetchFile`, 'no-backbone' for a name that is not in the catalogue. */
  get(name: string, signal: AbortSignal, onProgress?: (done: number, total: number) => void): Promise<BackboneRecord>
  /** Keeps a file under its own name without ending; it must have been looked at. */
  add(fileName: string, bytes: Uint8Array): BackboneRecord
  remove(name: string): void
}

export function createBackboneStore(options: BackboneStoreOptions): BackboneStore {
  const { folder, builtIn, entries = catalogue } = options
  const path = (name: string) => join(folder, `${name}.safetensors`)
  const describe = (name: string): BackboneRecord => {
    const found = list().find(record => record.name === name)
    if (found) return found
    throw noBackbone(
      name,
      list().map(record => record.name),
    )
  }
  function list(): BackboneRecord[] {
    const own = builtInRecord(builtIn)
    const known = entries.map(entry => entryRecord(entry, path(entry.name)))
    const added = namesIn(folder)
      .filter(name => !entries.some(entry => entry.name === name))
      .map(name => addedRecord(name, path(name)))
    return [own, ...known, ...added].sort((a, b) => Number(b.installed) - Number(a.installed))
  }
  return {
    list,
    read(name) {
      if (name === builtInName) return readBuiltIn(builtIn)
      if (!existsSync(path(name))) throw notThere(describe(name))
      return bytesOf(path(name))
    },
    async get(name, signal, onProgress) {
      const entry = entries.find(each => each.name === name)
      if (!entry) throw notFetched(describe(name))
      if (existsSync(path(name))) return describe(name)
      mkdirSync(folder, { recursive: true })
      const fetched: Fetched = { url: entry.url, sha256: entry.sha256, bytes: entry.bytes, what: entry.file }
      await fetchFile(fetched, `${path(name)}.part`, { signal, onProgress, fetch: options.fetch })
      renameSync(`${path(name)}.part`, path(name))
      return describe(name)
    },
    add(fileName, bytes) {
      const name = cleanName(fileName)
      if (name === builtInName || entries.some(entry => entry.name === name)) throw taken(name)
      try {
        mkdirSync(folder, { recursive: true })
        writeFileSync(`${path(name)}.part`, bytes)
        renameSync(`${path(name)}.part`, path(name))
      } catch (error) {
        rmSync(`${path(name)}.part`, { force: true })
        throw translateError(error, folder)
      }
      return describe(name)
    },
    remove(name) {
      const { installed, fetched } = describe(name)
      if (name === builtInName)
        throw new ServiceError('bad-name', 'The built-in backbone is a part of Winnow and stays.', 'Choose another.')
      if (!installed && fetched === null) throw notThere(describe(name))
      for (const file of [path(name), `${path(name)}.part`]) rmSync(file, { force: true })
    },
  }
}

function builtInRecord(file: string): BackboneRecord {
  return {
    name: builtInName,
    builtIn: true,
    bytes: sizeOf(file) ?? 0,
    installed: existsSync(file),
    fetched: null,
    licence: 'Apache-2.0',
    source: 'MobileNet v2 of the Open Images detector in @mediapipe/objectron, Google',
    url: null,
    goodFor: 'photos of all kinds, without a connection',
  }
}

function entryRecord({ name, file, url, bytes, licence, goodFor }: CatalogueBackbone, path: string): BackboneRecord {
  const size = sizeOf(path)
  return {
    name,
    builtIn: false,
    bytes: size ?? bytes,
    installed: size !== null,
    fetched: sizeOf(`${path}.part`),
    licence,
    source: file,
    url,
    goodFor,
  }
}

function addedRecord(name: string, path: string): BackboneRecord {
  return {
    name,
    builtIn: false,
    bytes: sizeOf(path)!,
    installed: true,
    fetched: null,
    licence: '',
    source: 'a file that was added',
    url: null,
    goodFor: '',
  }
}

function namesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter(file => file.endsWith('.safetensors'))
    .map(file => file.slice(0, -'.safetensors'.length))
    .toSorted()
}

function sizeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.size ?? null
}

function readBuiltIn(file: string): Uint8Array<ArrayBuffer> {
  if (existsSync(file)) return bytesOf(file)
  throw new ServiceError(
    'no-backbone',
    `The backbone that comes with Winnow is not at ${file}.`,
    'Make it: npm run build:backbone.',
  )
}

function bytesOf(path: string): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, length } = readFileSync(path)
  return new Uint8Array(buffer, byteOffset, length)
}

/** The first 16 digits of its SHA-256: what features are known by. */
export function backboneId(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16)
}

function cleanName(fileName: string): string {
  const name = basename(fileName)
    .replace(/\.(safetensors|pth|pt|bin)$/i, '')
    .replaceAll(/[^\w.-]/g, '_')
    .slice(0, 100)
  if (/^[\w][\w.-]*$/.test(name)) return name
  throw new ServiceError('bad-name', `“${fileName}” cannot be the name of a backbone.`, 'Rename the file.')
}

function taken(name: string): ServiceError {
  return new ServiceError('bad-name', `The catalogue has a backbone called “${name}”.`, 'Rename the file, then add it.')
}

function noBackbone(name: string, known: readonly string[]): ServiceError {
  return new ServiceError('no-backbone', `There is no backbone called “${name}”.`, `There are: ${known.join(', ')}.`)
}

function notThere({ name, url }: BackboneRecord): ServiceError {
  return new ServiceError(
    'no-backbone',
    `The backbone “${name}” is not on this machine.`,
    url === null ? 'Add its file: winnow backbone add <file>.' : `Fetch it: winnow backbone get ${name}.`,
  )
}

function notFetched({ name }: BackboneRecord): ServiceError {
  return new ServiceError(
    'no-backbone',
    `“${name}” is not in the catalogue, so it cannot be fetched.`,
    'Choose one that "winnow backbone list" shows with an address.',
  )
}
