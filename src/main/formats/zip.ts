// Reads ZIP archives, also large ones (ZIP64): the list of entries from the central directory, and one entry at a time
// as a stream. Nothing in the archive is trusted: sizes are bounded by what is declared, checksums are checked, names
// are the caller's to judge.

import { open, type FileHandle } from 'node:fs/promises'
import { Readable, Transform } from 'node:stream'
import { TextDecoder } from 'node:util'
import { crc32, createInflateRaw } from 'node:zlib'
import { ServiceError } from '../../contract/errors.ts'

export interface ZipEntry {
  /** As in the archive, with '/' between folders; a folder's name ends in '/'. */
  readonly name: string
  readonly size: number
  readonly packedSize: number
  readonly crc: number
  readonly method: number
  readonly headerAt: number
}

export interface ZipFile {
  readonly entries: readonly ZipEntry[]
  /** The entry's bytes; the stream fails with a ServiceError where they are not what the directory says. */
  read(entry: ZipEntry): Promise<Readable>
  close(): Promise<void>
}

const endSignature = 0x06054b50
const end64Signature = 0x06064b50
const locatorSignature = 0x07064b50
const entrySignature = 0x02014b50
const tailBytes = 65_557
const pieceBytes = 256 * 1024
const largestDirectory = 512 * 1024 * 1024

/** ServiceError 'bad-zip' where the file is no whole archive, 'zip-encrypted', 'zip-method'. */
export async function openZip(path: string): Promise<ZipFile> {
  const file = await open(path, 'r')
  try {
    const entries = parseDirectory(await readDirectory(file, path), path)
    return { entries, read: entry => readEntry(file, entry, path), close: () => file.close() }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function readDirectory(file: FileHandle, path: string): Promise<Buffer> {
  const { size } = await file.stat()
  const tail = await readAt(file, Math.max(0, size - tailBytes), Math.min(size, tailBytes))
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0 || end + 22 > tail.length || tail.readUInt32LE(end) !== endSignature)
    throw badZip(path, 'its end is missing')
  let [length, at] = [tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)]
  const locator = end - 20
  if (locator >= 0 && tail.readUInt32LE(locator) === locatorSignature) {
    const end64 = await readAt(file, Number(tail.readBigUInt64LE(locator + 8)), 56)
    if (end64.length < 56 || end64.readUInt32LE(0) !== end64Signature) throw badZip(path, 'its end is damaged')
    length = Number(end64.readBigUInt64LE(40))
    at = Number(end64.readBigUInt64LE(48))
  }
  if (length > largestDirectory || at + length > size) throw badZip(path, 'its list of files is cut off')
  return readAt(file, at, length)
}

function parseDirectory(directory: Buffer, path: string): ZipEntry[] {
  const entries: ZipEntry[] = []
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === entrySignature;) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map(offset =>
      directory.readUInt16LE(at + offset),
    ) as [number, number, number]
    const name = plainName(decodeName(directory.subarray(at + 46, at + 46 + nameLength)))
    const flags = directory.readUInt16LE(at + 8)
    if (flags & 1)
      throw new ServiceError(
        'zip-encrypted',
        `The archive ${path} is locked with a password.`,
        'Unpack it yourself and import the folder.',
      )
    const extra = directory.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength)
    entries.push({
      name,
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      ...sizesOf(directory, at, extra),
    })
    at += 46 + nameLength + extraLength + commentLength
  }
  if (entries.length === 0) throw badZip(path, 'it holds no files')
  return entries
}

/** Programs of Windows write backslashes between folders, others './' or '/' at the front. */
function plainName(name: string): string {
  return name.replaceAll('\\', '/').replace(/^(?:\.?\/)+/, '')
}

/** Sizes and place; what does not fit in 32 bits stands in the extra field 1, in this order. */
function sizesOf(directory: Buffer, at: number, extra: Buffer): Pick<ZipEntry, 'size' | 'packedSize' | 'headerAt'> {
  const large = findExtra(extra, 1)
  let next = 0
  const wide = (value: number) => {
    if (value !== 0xffffffff || large === null || next + 8 > large.length) return value
    next += 8
    return Number(large.readBigUInt64LE(next - 8))
  }
  const size = wide(directory.readUInt32LE(at + 24))
  const packedSize = wide(directory.readUInt32LE(at + 20))
  return { size, packedSize, headerAt: wide(directory.readUInt32LE(at + 42)) }
}

function findExtra(extra: Buffer, id: number): Buffer | null {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === id) return extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2))
  }
  return null
}

/** UTF-8 whatever the flag says, where it is; else the Korean code page Windows writes, else Latin letters. */
function decodeName(bytes: Buffer): string {
  for (const encoding of ['utf-8', 'euc-kr']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes)
    } catch {
      continue
    }
  }
  return bytes.toString('latin1')
}

async function readEntry(file: FileHandle, entry: ZipEntry, path: string): Promise<Readable> {
  if (entry.method !== 0 && entry.method !== 8) {
    throw new ServiceError(
      'zip-method',
      `${entry.name} in ${path} is packed in a way (${entry.method}) that Winnow does not read.`,
      'Unpack the archive yourself and import the folder.',
    )
  }
  const header = await readAt(file, entry.headerAt, 30)
  if (header.length < 30) throw badZip(path, `${entry.name} is cut off`)
  const start = entry.headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  const packed = Readable.from(piecesOf(file, start, entry.packedSize), { objectMode: false })
  const checked = checkedStream(entry, path)
  const failed = (error: Error) =>
    checked.destroy(error instanceof ServiceError ? error : badZip(path, `${entry.name} is damaged`))
  packed.on('error', failed)
  if (entry.method === 0) return packed.pipe(checked)
  return packed.pipe(createInflateRaw().on('error', failed)).pipe(checked)
}

/** Not by a stream of the handle's own, which would leave a listener on it for every entry. */
async function* piecesOf(file: FileHandle, start: number, length: number): AsyncGenerator<Buffer, void> {
  for (let at = start; at < start + length;) {
    const piece = await readAt(file, at, Math.min(pieceBytes, start + length - at))
    if (piece.length === 0) return
    at += piece.length
    yield piece
  }
}

/** Passes bytes on as long as they are no more than declared, and ends well only where count and checksum agree. */
function checkedStream(entry: ZipEntry, path: string): Transform {
  let [count, crc] = [0, 0]
  const damaged = () => badZip(path, `${entry.name} is damaged`)
  return new Transform({
    transform(chunk: Buffer, _, done) {
      count += chunk.length
      crc = crc32(chunk, crc)
      if (count > entry.size) done(damaged())
      else done(null, chunk)
    },
    flush: done => done(count === entry.size && crc === entry.crc ? null : damaged()),
  })
}

/** Fewer bytes where the file ends before, none at a place that no file has. */
async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  if (!Number.isSafeInteger(at)) return Buffer.alloc(0)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at)
  return buffer.subarray(0, bytesRead)
}

function badZip(path: string, what: string): ServiceError {
  return new ServiceError(
    'bad-zip',
    `The archive ${path} cannot be read: ${what}.`,
    'Copy or download it again, or unpack it yourself and import the folder.',
  )
}
