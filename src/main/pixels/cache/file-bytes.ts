// Bytes of an open file at any place, read and written whole.

import { constants, openSync, readSync, writeSync } from 'node:fs'
import { privateFile } from '../../common/private-files.ts'

/** For reading and writing anywhere; made where it is not there. */
export function openOrCreate(path: string): number {
  return openSync(path, constants.O_RDWR | constants.O_CREAT, privateFile.mode)
}

/** Fewer bytes than `length` where the file ends before. */
export function readAt(file: number, offset: number, length: number): Buffer<ArrayBuffer> {
  const bytes = Buffer.alloc(length)
  return bytes.subarray(0, readInto(file, bytes, offset))
}

/** Answers how many bytes there were. */
export function readInto(file: number, target: Uint8Array, offset: number): number {
  let filled = 0
  while (filled < target.length) {
    const read = readSync(file, target, filled, target.length - filled, offset + filled)
    if (read === 0) break
    filled += read
  }
  return filled
}

export function writeAll(file: number, bytes: Uint8Array, offset: number): void {
  let written = 0
  while (written < bytes.length) written += writeSync(file, bytes, written, bytes.length - written, offset + written)
}
