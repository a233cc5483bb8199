// Reads a photo's bytes once, or says why not: gone, no permission, not a plain file, empty, too big, changing under
// our eyes. Synchronous on purpose: it runs in a process that decodes one file at a time.

import { closeSync, fstatSync, openSync, statSync, type Stats } from 'node:fs'
import { readInto } from '../cache/file-bytes.ts'
import { PhotoError } from '../reasons.ts'

const BUSY_TRIES = 3
const BUSY_WAIT_MS = 50

/** Size and time of a plain file. PhotoError: 'missing' or 'unreadable'. */
export function lookAtFile(path: string): Stats {
  const stats = attempt(() => statSync(path))
  // Opening a pipe or a device could wait for ever.
  if (!stats.isFile()) throw new PhotoError('unreadable', { why: 'it is not a plain file' })
  return stats
}

/** The whole file as it was when looked at. PhotoError: 'empty', 'too-large', 'changed-while-read', 'missing' or
 *  'unreadable'. */
export function readWholeFile(path: string, before: Stats, maxBytes: number): Buffer {
  if (before.size === 0) throw new PhotoError('empty')
  if (before.size > maxBytes) throw new PhotoError('too-large', { bytes: before.size, limit: maxBytes })
  return attempt(() => readUnchanged(path, before))
}

function readUnchanged(path: string, before: Stats): Buffer {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.allocUnsafeSlow(before.size)
    const filled = readInto(file, bytes, 0)
    const after = fstatSync(file)
    if (filled !== before.size || after.size !== before.size || after.mtimeMs !== before.mtimeMs)
      throw new PhotoError('changed-while-read')
    return bytes
  } finally {
    closeSync(file)
  }
}

/** Runs a file operation, waiting a little where another program holds the file, and names its failure. */
function attempt<T>(operation: () => T): T {
  for (let tries = 1; ; tries++) {
    try {
      return operation()
    } catch (error) {
      if (error instanceof PhotoError) throw error
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
      if (code !== 'EBUSY' || tries === BUSY_TRIES) throw fileError(code)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_WAIT_MS)
    }
  }
}

function fileError(code: string): PhotoError {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new PhotoError('missing')
    case 'EACCES':
    case 'EPERM':
      return new PhotoError('unreadable', { why: 'there is no permission to read it' })
    case 'EBUSY':
      return new PhotoError('unreadable', { why: 'another program holds it' })
    default:
      return new PhotoError('unreadable', { why: `the disk answered ${code}` })
  }
}
