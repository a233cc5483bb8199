// Copies of photo files in a folder of their own, sorted into sub-folders. Originals are only read. Nothing that is there already is written
// over: the folder must be new or empty, and two files of one name get numbers.

import { constants } from 'node:fs'
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { ServiceError } from '../../contract/errors.ts'
import { translateError } from '../db/errors.ts'
import { isInside } from '../library/roots.ts'

export interface Copies {
  readonly folder: string
  /** Copies a file into `<folder>/<sub-folders>`; answers its path relative to the folder, with '/'. Errors of the file system, translated. */
  copy(file: string, subFolders: readonly string[]): Promise<string>
  /** The same for a new file of these bytes. */
  write(name: string, bytes: Uint8Array, subFolders: readonly string[]): Promise<string>
}

/**
 * A folder for copies, made where it is not there. It may not lie inside any of `sources`, which would grow by their own copies.
 * ServiceError 'folder-not-empty', 'copies-inside' and those of the disk.
 */
export async function openCopies(parent: string, name: string, sources: readonly string[]): Promise<Copies> {
  const folder = join(parent, safeName(name))
  const around = sources.find(source => isInside(folder, source))
  if (around !== undefined) {
    throw new ServiceError('copies-inside', `${folder} lies inside ${around}, whose photos would be copied into themselves.`, 'Choose a place outside that folder.')
  }
  await mkdir(folder, { recursive: true }).catch(error => { throw translateError(error, parent) })
  await checkEmpty(folder)
  const names = new Map<string, string>()
  const taken = new Set<string>()
  const put = (name: string, subFolders: readonly string[], make: (target: string) => Promise<void>) =>
    putInto(folder, name, subFolders.map(sub => distinctName(sub, names)), taken, make)
  return {
    folder,
    copy: (file, subFolders) => put(basename(file), subFolders, target => copyFile(file, target, constants.COPYFILE_EXCL)),
    write: (name, bytes, subFolders) => put(name, subFolders, target => writeFile(target, bytes, { flag: 'wx' })),
  }
}

async function checkEmpty(folder: string): Promise<void> {
  if ((await readdir(folder)).length === 0) return
  throw new ServiceError('folder-not-empty', `${folder} is not empty, and nothing in it may be written over.`, 'Give another name, or choose an empty folder.')
}

async function putInto(
  folder: string, wanted: string, subFolders: readonly string[], taken: Set<string>, make: (target: string) => Promise<void>,
): Promise<string> {
  const place = join(folder, ...subFolders)
  const name = freeName(wanted, candidate => taken.has(keyOf(join(place, candidate))))
  const target = join(place, name)
  taken.add(keyOf(target))
  try {
    await mkdir(place, { recursive: true })
    await make(target)
  } catch (error) {
    throw translateError(error, dirname(target))
  }
  return [...subFolders, name].join('/')
}

/** "a.jpg", then "a (2).jpg" and so on. */
function freeName(name: string, isTaken: (name: string) => boolean): string {
  const extension = extname(name)
  const stem = name.slice(0, name.length - extension.length)
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${stem} (${n})${extension}`
    if (!isTaken(candidate)) return candidate
  }
}

/** Some file systems take names for the same that differ in case or in how Hangul is composed. */
function keyOf(path: string): string {
  return path.normalize('NFC').toLowerCase()
}

/** A folder name for a class, another one for each class, also where two differ only in what a file system refuses. */
function distinctName(name: string, known: Map<string, string>): string {
  const old = known.get(name)
  if (old !== undefined) return old
  const used = new Set([...known.values()].map(keyOf))
  const made = freeName(safeName(name), candidate => used.has(keyOf(candidate)))
  known.set(name, made)
  return made
}

/** `name` without what some file system refuses; "_" where nothing is left. */
export function safeName(name: string): string {
  // eslint-disable-next-line no-control-regex
  const clean = name.normalize('NFC').replace(/[<>:"/\\|?*\u0000-\u001f]/g, ' ').replace(/\s+/g, ' ').replace(/^[. ]+|[. ]+$/g, '')
  return clean === '' ? '_' : clean
}
