// A new folder for copies as a person typed it. The service makes names that any file system takes; here a name is
// taken as it is or not at all, so that copies lie where they were asked for.

import { basename, dirname, join } from 'node:path'
import { ServiceError } from '../../../../../contract/errors.ts'
import { safeName } from '../../../../common/file-names.ts'
import type { CommandContext } from '../../context.ts'

export interface CopiesFolder {
  readonly to: { readonly folderId: string; readonly name: string }
  /** Absolute, as it will be on the disk. */
  readonly path: string
}

/** `path` absolute. ServiceError 'bad-name' for a name that some file system refuses. */
export async function copiesFolder({ service }: Pick<CommandContext, 'service'>, path: string): Promise<CopiesFolder> {
  const name = basename(path).normalize('NFC')
  if (safeName(name) === name)
    return { to: { folderId: await service().grantFolder(dirname(path)), name }, path: join(dirname(path), name) }
  throw new ServiceError(
    'bad-name',
    `"${name}" cannot be the name of a folder for copies: not every system takes it.`,
    `Choose another name, for example "${safeName(name)}".`,
  )
}
