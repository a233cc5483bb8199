// Copies of photo files in a folder of their own, sorted into sub-folders. Originals are only read. Nothing that is
// there already is written over: the folder must be new or empty, and two files of one name get numbers. A file is
// whole or not there, so work that was cut off goes on in the folder it began, passing over what it made.

import { copyFile, link, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { ServiceError } from '../../../contract/errors.ts'
import { translateError } from '../../db/errors.ts'
import type { LibraryContext } from '../../library/context.ts'
import { freeName, portableName, safeName } from '../../common/file-names.ts'
import { holderOf } from './inside.ts'

export interface Copies {
  readonly folder: string
  /** Copies a file into `<folder>/<sub-folders>`; answers its path relative to the folder, with '/'. Errors of the file
   *  system, translated. */
  copy(file: string, subFolders: readonly string[]): Promise<string>
  /** The same for a new file of these bytes. */
  write(name: string, bytes: Uint8Array, subFolders: readonly string[]): Promise<string>
}

export interface CopiesPlace {
  /** Absolute; the folder `name` is made in it. */
  readonly folder: string
  readonly name: string
}

/**
 * A folder for copies, made where it is not there. It may not lie inside any of `sources`, which would grow by their
 * own copies. `begun`: the same work made what lies in it. ServiceError 'folder-not-empty', 'copies-inside' and those
 * of the disk.
 */
export async function openCopies(
  { folder: parent, name }: CopiesPlace,
  sources: readonly string[],
  begun = false,
): Promise<Copies> {
  const folder = join(parent, safeName(name))
  const around = await holderOf(folder, sources)
  if (around !== undefined) {
    throw new ServiceError(
      'copies-inside',
      `${folder} lies inside ${around}, whose photos would be copied into themselves.`,
      'Choose a place outside that folder.',
    )
  }
  await mkdir(folder, { recursive: true }).catch(error => {
    throw translateError(error, parent)
  })
  const part = join(folder, '.winnow.part')
  if (begun) await rm(part, { force: true })
  else await checkEmpty(folder)
  const names = new Map<string, string>()
  const taken = new Set<string>()
  const put = (name: string, subFolders: readonly string[], made: Made) =>
    putInto(
      { folder, part, taken, begun },
      name,
      subFolders.map(sub => distinctName(sub, names)),
      made,
    )
  return {
    folder,
    copy: (file, subFolders) =>
      put(portableName(basename(file)), subFolders, {
        size: async () => (await stat(file)).size,
        make: target => copyFile(file, target),
      }),
    write: (name, bytes, subFolders) =>
      put(portableName(name), subFolders, { size: async () => bytes.length, make: target => writeFile(target, bytes) }),
  }
}

/** A file to be: how large, and how it comes. */
interface Made {
  readonly size: () => Promise<number>
  readonly make: (target: string) => Promise<void>
}

interface CopyTarget {
  readonly folder: string
  /** Where a file is made before it gets its name. */
  readonly part: string
  readonly taken: Set<string>
  readonly begun: boolean
}

/** Notes in the job's row that the folder is its own from now on, so that a later session goes on in it. */
export async function beginCopies(
  { library: { db } }: Pick<LibraryContext, 'library'>,
  jobId: number,
  opening: Promise<Copies>,
): Promise<Copies> {
  const copies = await opening
  db.run("UPDATE job SET params_json = json_set(params_json, '$.begun', json('true')) WHERE id = ?", jobId)
  return copies
}

async function checkEmpty(folder: string): Promise<void> {
  if ((await readdir(folder)).length === 0) return
  throw new ServiceError(
    'folder-not-empty',
    `${folder} is not empty, and nothing in it may be written over.`,
    'Give another name, or choose an empty folder.',
  )
}

async function putInto(
  { folder, part, taken, begun }: CopyTarget,
  wanted: string,
  subFolders: readonly string[],
  { size, make }: Made,
): Promise<string> {
  const place = join(folder, ...subFolders)
  try {
    await mkdir(place, { recursive: true })
    for (;;) {
      const name = freeName(wanted, candidate => taken.has(keyOf(join(place, candidate))))
      const target = join(place, name)
      taken.add(keyOf(target))
      const there = begun ? await sizeIfThere(target) : null
      if (there === null) {
        await make(part)
        await moveNew(part, target)
      } else if (there !== (await size())) continue
      return [...subFolders, name].join('/')
    }
  } catch (error) {
    await rm(part, { force: true }).catch(() => {})
    throw translateError(error, place)
  }
}

const sizeIfThere = (path: string) =>
  stat(path).then(
    ({ size }) => size,
    () => null,
  )

/** Gives the file its name, never that of another; a disk without links is asked first whether the name is free. */
async function moveNew(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
    await rm(from)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' || (await sizeIfThere(to)) !== null) throw error
    await rename(from, to)
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
