// A new folder for files of a moment, in the system's place for them, for this account alone.

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ServiceError } from '../../contract/errors.ts'

/** ServiceError 'no-temporary-folder' where the system's place is gone, full or closed to this account. */
export function newTemporaryFolder(prefix: string, parent = tmpdir()): string {
  try {
    return mkdtempSync(join(parent, prefix))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new ServiceError(
      'no-temporary-folder',
      `No temporary folder could be made in ${parent} (${code ?? String(error)}).`,
      'Make that folder, make room on its disk, or name another one in the variable TMPDIR (TEMP on Windows).',
    )
  }
}
