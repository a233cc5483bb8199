// Writes a file that a person named whole or not at all, with a sentence where that cannot be done.

import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { ServiceError } from '../../../contract/errors.ts'

/** ServiceError 'cannot-write'. */
export function writeWhole(file: string, bytes: Uint8Array): void {
  const partial = `${file}.${process.pid}.partial`
  try {
    writeFileSync(partial, bytes)
    renameSync(partial, file)
  } catch (error) {
    rmSync(partial, { force: true })
    const { code } = error as NodeJS.ErrnoException
    throw new ServiceError(
      'cannot-write',
      `${file} could not be written (${code ?? String(error)}).`,
      `Check that the folder ${dirname(file)} exists, that you may write there and that the disk has room.`,
    )
  }
}
