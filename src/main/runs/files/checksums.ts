// The checksum of each file of a run lies beside it (`best.safetensors.sha256`), so that bytes that a disk has changed are
// never taken for numbers. Two sums stand there, of what the file is to hold and of what it held before: they are written
// first, so that a crash between leaves a file that one of them fits. Files of older versions have none and are read as
// they are.

import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ServiceError } from '../../../contract/errors.ts'
import { readIfThere, writeWhole } from './run-files.ts'

const ending = '.sha256'

/** As `writeWhole`, with the checksum beside it. */
export async function writeRunFile(
  path: string,
  bytes: Uint8Array,
  verify?: (written: Uint8Array<ArrayBuffer>) => void,
): Promise<void> {
  const before = await sumsOf(path)
  const sums = [sumOf(bytes), ...before.slice(0, 1)]
  await writeWhole(
    path,
    bytes,
    written => {
      if (sumOf(written) !== sums[0]) throw damagedFile(path)
      verify?.(written)
    },
    () => writeWhole(path + ending, new TextEncoder().encode(`${sums.join('\n')}\n`)),
  )
}

/** The file's bytes, or null where there is none. ServiceError 'damaged-file' where they are not those that were
 *  written. */
export async function readRunFile(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const bytes = await readIfThere(path)
  if (bytes === null) return null
  const sums = await sumsOf(path)
  if (sums.length > 0 && !sums.includes(sumOf(bytes))) throw damagedFile(path)
  return bytes
}

/** Absolute paths of the files below a folder that are not what was written. */
export async function findDamagedFiles(folder: string, signal: AbortSignal): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const damaged: string[] = []
  for (const entry of entries) {
    signal.throwIfAborted()
    if (!entry.isFile() || !entry.name.endsWith(ending)) continue
    const path = join(entry.parentPath, entry.name.slice(0, -ending.length))
    await readRunFile(path).catch(error => {
      if (!isDamagedFile(error)) throw error
      damaged.push(path)
    })
  }
  return damaged.sort()
}

export function isDamagedFile(error: unknown): boolean {
  return error instanceof ServiceError && error.code === 'damaged-file'
}

async function sumsOf(path: string): Promise<string[]> {
  const text = await readFile(path + ending, 'utf8').catch(() => '')
  return text.split('\n').filter(line => /^[\da-f]{64}$/.test(line))
}

function sumOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function damagedFile(path: string): ServiceError {
  return new ServiceError(
    'damaged-file',
    `The file ${path} is not what was written there: its checksum is another. It is not used.`,
    'Put it back from a copy of the library, or train again. A disk that changes bytes should be checked.',
    { path },
  )
}
