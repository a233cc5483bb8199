// What SQLite and the file system say about a library, as sentences with the folder and what to do.
// Codes that mean a mistake in our own SQL are passed through unchanged: they are not the reader's to fix.

import { ServiceError } from '../../contract/errors.ts'

type Translation = (where: string) => ServiceError

const notWritable: Translation = where =>
  new ServiceError(
    'library-not-writable',
    `Winnow may not write to ${where}.`,
    'Give your account write permission there, or make the library in another folder.',
  )
const diskFull: Translation = where =>
  new ServiceError(
    'disk-full',
    `The disk that holds ${where} is full; the last change was not saved, everything before it was.`,
    'Free some space on that disk, then try again.',
  )
const diskFailed: Translation = where =>
  new ServiceError(
    'disk-failed',
    `The disk that holds ${where} did not read or write as asked.`,
    'Check that the disk is connected and healthy, then open the library again.',
  )

/** ServiceError 'library-damaged'. `detail` is what the check said. */
export function damaged(where: string, detail: string): ServiceError {
  return new ServiceError(
    'library-damaged',
    `The library ${where} did not pass its check: ${detail}.`,
    'Keep the folder as it is and restore library.db from the newest file in its "backups" folder.',
  )
}

const nameTaken: Translation = where =>
  new ServiceError(
    'name-taken',
    `The folder ${where} cannot be made: a file is in its way.`,
    'Choose another name, or move that file away.',
  )

const byCode: Readonly<Record<string, Translation>> = {
  EEXIST: nameTaken,
  ENOTDIR: nameTaken,
  EACCES: notWritable,
  EPERM: notWritable,
  EROFS: notWritable,
  SQLITE_READONLY: notWritable,
  SQLITE_CANTOPEN: notWritable,
  SQLITE_PERM: notWritable,
  ENOSPC: diskFull,
  EDQUOT: diskFull,
  SQLITE_FULL: diskFull,
  EIO: diskFailed,
  EFBIG: diskFailed,
  SQLITE_IOERR: diskFailed,
  SQLITE_CORRUPT: where => damaged(where, 'its pages do not fit together'),
  SQLITE_NOTADB: where =>
    new ServiceError(
      'not-a-library',
      `${where} does not hold a Winnow library: its library.db is not a database.`,
      'If it was a library, restore library.db from the newest file in its "backups" folder; otherwise choose another folder.',
    ),
}

/** The error in the reader's words where its code is known (SQLITE_IOERR_WRITE counts as SQLITE_IOERR), else the error
 *  itself. */
export function translateError(error: unknown, where: string): unknown {
  if (error instanceof ServiceError || !(error instanceof Error)) return error
  const code = String((error as { code?: unknown }).code ?? '')
  const known = byCode[code] ?? byCode[code.split('_').slice(0, 2).join('_')]
  return known ? known(where) : error
}

const noBackupBecause: Readonly<Record<string, string>> = {
  'disk-full': 'the disk is full',
  'disk-failed': 'the disk did not read or write as asked',
  'library-not-writable': 'Winnow may not write there',
}

/** The same for a backup below `folder`: what the disk refused was the copy, not the last change. ServiceError
 *  'backup-failed'. */
export function translateBackupError(error: unknown, folder: string): unknown {
  const known = translateError(error, folder)
  const because = known instanceof ServiceError ? noBackupBecause[known.code] : undefined
  if (!(known instanceof ServiceError) || because === undefined) return known
  return new ServiceError(
    'backup-failed',
    `No backup could be made in ${folder}: ${because}. What is in the library itself is saved and whole.`,
    known.fix,
  )
}

/** Runs `work`; what it throws comes out translated. */
export function translated<T>(where: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw translateError(error, where)
  }
}
