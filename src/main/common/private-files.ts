// What a person keeps is theirs: folders and files of libraries, caches and settings are readable by their owner alone,
// whatever the system's usual mode for new files is. On Windows the person's own folders are private already, and modes
// mean nothing.

import { chmod, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Options for a folder to be made. */
export const privateFolder = { recursive: true, mode: 0o700 } as const
/** Options for a file to be written. */
export const privateFile = { mode: 0o600 } as const

/** Takes from a folder made by an earlier version, and all that is in it, what others may do with it. One that is
 *  private at its top is left alone: nobody else gets into it. */
export async function makePrivate(folder: string): Promise<void> {
  if (process.platform === 'win32' || !(await isOpenToOthers(folder))) return
  // What is inside first: where the program ends in between, the top says that there is more to do.
  await tighten(folder).catch(passOver)
}

async function tighten(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await tighten(path)
    else if (entry.isFile() && (await isOpenToOthers(path))) await chmod(path, 0o600).catch(passOver)
  }
  await chmod(folder, 0o700).catch(passOver)
}

async function isOpenToOthers(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null)
  return found !== null && (found.mode & 0o077) !== 0
}

/** Another person's file, or a disk without modes: the library is opened all the same. */
function passOver(): void {}
