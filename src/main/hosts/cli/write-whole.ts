// Writes a file or a new folder that a person named whole or not at all, with a sentence where that cannot be done.

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ServiceError } from '../../../contract/errors.ts'

/** ServiceError 'cannot-write'. */
export function writeWhole(file: string, bytes: Uint8Array): void {
  const partial = `${file}.${process.pid}.partial`
  try {
    writeFileSync(partial, bytes)
    renameSync(partial, file)
  } catch (error) {
    rmSync(partial, { force: true })
    throw cannotWrite(file, error)
  }
}

/** A new folder with these files. ServiceError 'folder-not-empty' where there is one with something in it, 'cannot-write'. */
export function writeFolder(folder: string, files: Readonly<Record<string, Uint8Array>>): void {
  if (existsSync(folder) && !(statSync(folder).isDirectory() && readdirSync(folder).length === 0))
    throw new ServiceError(
      'folder-not-empty',
      `${folder} is there already; nothing in it is changed.`,
      'Name a new folder.',
    )
  const partial = `${folder}.${process.pid}.partial`
  try {
    mkdirSync(partial)
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(partial, name), bytes)
    rmSync(folder, { recursive: true, force: true })
    renameSync(partial, folder)
  } catch (error) {
    rmSync(partial, { recursive: true, force: true })
    throw cannotWrite(folder, error)
  }
}

function cannotWrite(path: string, error: unknown): ServiceError {
  const { code } = error as NodeJS.ErrnoException
  return new ServiceError(
    'cannot-write',
    `${path} could not be written (${code ?? String(error)}).`,
    `Check that the folder ${dirname(path)} exists, that you may write there and that the disk has room.`,
  )
}
