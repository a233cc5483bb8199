// Whether a place lies inside a folder as the disk sees it: links are followed, and folders are the same when the file
// system says so, however their names are written (letters of another case, Hangul composed otherwise, a second way
// through a link).

import { realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isInside } from '../../library/tables/roots.ts'

/** The first of `folders` that is `path` or holds it; `path` need not be there yet. Absolute paths. */
export async function holderOf(path: string, folders: readonly string[]): Promise<string | undefined> {
  const around = await identitiesFrom(await nearestReal(path))
  for (const folder of folders) {
    if (isInside(path, folder)) return folder
    const own = await identityOf(folder)
    if (own !== null && around.has(own)) return folder
  }
  return undefined
}

async function nearestReal(path: string): Promise<string> {
  const real = await realpath(path).catch(() => null)
  return real ?? (dirname(path) === path ? path : nearestReal(dirname(path)))
}

/** Of a folder and all that hold it. */
async function identitiesFrom(path: string): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  for (let [at, below] = [path, '']; at !== below; [at, below] = [dirname(at), at]) {
    const own = await identityOf(at)
    if (own !== null) found.add(own)
  }
  return found
}

/** Null where there is nothing, or on a file system that numbers nothing. */
async function identityOf(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(() => null)
  return found && found.ino !== 0n ? `${found.dev} ${found.ino}` : null
}
