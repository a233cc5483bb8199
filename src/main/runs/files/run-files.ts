// Where a run's files lie and how they are written: to a temporary file beside the target, flushed, checked, renamed,
// and the folder flushed, so that a crash at any moment leaves either the old file or the new one, whole.

import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { privateFile, privateFolder } from '../../common/private-files.ts'
import { translateError } from '../../db/errors.ts'
import type { LibraryContext } from '../../library/context.ts'

export type CheckpointKind = 'best' | 'last'

/** Absolute paths of one run's files. */
export function runFiles({ library }: Pick<LibraryContext, 'library'>, runId: number) {
  const folder = join(library.paths.runs, String(runId))
  return {
    folder,
    checkpoint: (kind: CheckpointKind) => join(folder, `${kind}.safetensors`),
    beginning: join(folder, 'beginning.safetensors'),
    predictions: join(folder, 'predictions.f32'),
    margins: join(folder, 'margins.f32'),
    embeddings: join(folder, 'embeddings.f32'),
    exports: join(folder, 'exports'),
  }
}

/**
 * Puts `bytes` at `path` as a whole or not at all. `verify` sees what was really written before it replaces anything;
 * if it throws, the old file stays; so it does where `prepare` does, which comes last before. ServiceError 'disk-full', 'library-not-writable', 'disk-failed'.
 */
export async function writeWhole(
  path: string,
  bytes: Uint8Array,
  verify?: (written: Uint8Array<ArrayBuffer>) => void,
  prepare?: () => Promise<void>,
): Promise<void> {
  const folder = dirname(path)
  const temporary = join(folder, `.${basename(path)}-${randomUUID()}.part`)
  try {
    await mkdir(folder, privateFolder)
    await writeFlushed(temporary, bytes)
    verify?.(await readWhole(temporary))
    await prepare?.()
    await renamePatiently(temporary, path)
    await flushFolder(folder)
  } catch (error) {
    await rm(temporary, { force: true })
    throw translateError(error, folder)
  }
}

/** Whether a file name is one that `writeWhole` gives to what is not whole yet. */
export function isTemporary(name: string): boolean {
  return /^\..+-[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\.part$/.test(name)
}

/** The file's bytes, or null where there is none. */
export async function readIfThere(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await readWhole(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw translateError(error, dirname(path))
  }
}

async function readWhole(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const { buffer, byteOffset, length } = await readFile(path)
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, length)
}

async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', privateFile.mode)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** On Windows a virus scanner may hold the old file for a moment. */
async function renamePatiently(from: string, to: string): Promise<void> {
  for (let wait = 10; ; wait *= 2) {
    try {
      return await rename(from, to)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (process.platform !== 'win32' || wait > 2000 || !['EPERM', 'EBUSY', 'EACCES'].includes(code ?? '')) throw error
      await new Promise(resolve => setTimeout(resolve, wait))
    }
  }
}

/** Makes the rename itself survive a power cut; Windows has no such call for folders. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
