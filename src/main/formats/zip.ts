// Reads ZIP archives, also large ones (ZIP64): the list of entries from the central directory, and one entry at a time
// as a stream. Nothing in the archive is trusted: sizes are bounded by what is declared, checksums are checked, names
// are the caller's to judge.

import { open, type FileHandle } from 'node:fs/promises'
import { Readable, Transform } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'
import { ServiceError } from '../../contract/errors.ts'
import { asUtf8, decodeAs, likelyCodePage, likelyEncoding, type CodePage, type TextEncoding } from './text-encoding.ts'

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
  /** What names were read as that are not plain and do not say; null where there are none. */
  readonly encoding: TextEncoding | null
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
    const { entries, encoding } = parseDirectory(await readDirectory(file, path), path)
    return { entries, encoding, read: entry => readEntry(file, entry, path), close: () => file.close() }
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
    throw badZip(path, await whatItIs(file))
  if (tail.readUInt16LE(end + 4) !== 0 && tail.readUInt16LE(end + 4) !== 0xffff)
    throw badZip(path, 'it is one part of an archive in several')
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

/** Of a file without the list of entries that every archive ends with. */
async function whatItIs(file: FileHandle): Promise<string> {
  const start = (await readAt(file, 0, 6)).toString('latin1')
  if (start.startsWith('PK\x03\x04')) return 'it is cut off, its end with the list of files is missing'
  if (start.startsWith('Rar!')) return 'it is a RAR archive under another name'
  if (start.startsWith('7z\xbc\xaf')) return 'it is a 7z archive under another name'
  if (start.startsWith('\x1f\x8b')) return 'it is a GZIP file under another name'
  return start === '' ? 'it is empty' : 'it is no ZIP archive'
}

interface RawEntry extends Omit<ZipEntry, 'name'> {
  readonly flags: number
  readonly rawName: Buffer
  readonly unicodeName: string | null
}

const encrypted = 1
const namedInUtf8 = 0x800

function parseDirectory(directory: Buffer, path: string): Pick<ZipFile, 'entries' | 'encoding'> {
  const raw: RawEntry[] = []
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === entrySignature;) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map(offset =>
      directory.readUInt16LE(at + offset),
    ) as [number, number, number]
    const rawName = directory.subarray(at + 46, at + 46 + nameLength)
    const extra = directory.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength)
    raw.push({
      rawName,
      unicodeName: unicodeNameIn(extra, rawName),
      flags: directory.readUInt16LE(at + 8),
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      ...sizesOf(directory, at, extra),
    })
    at += 46 + nameLength + extraLength + commentLength
  }
  if (raw.length === 0) throw badZip(path, 'it holds no files')
  const locked = raw.filter(({ flags }) => flags & encrypted).length
  if (locked > 0) throw lockedZip(path, locked, raw.length)
  return namedEntries(raw)
}

/** A name that does not say its encoding is UTF-8 where it can be; the others, taken together, are in the code page that
 *  reads them best, that of DOS among them, which the format names. */
function namedEntries(raw: readonly RawEntry[]): Pick<ZipFile, 'entries' | 'encoding'> {
  const said = ({ flags, unicodeName, rawName }: RawEntry) =>
    unicodeName ?? (flags & namedInUtf8 || isPlain(rawName) ? asUtf8(rawName) : null)
  const doubtful = raw.filter(entry => said(entry) === null)
  const notUtf8 = doubtful.filter(({ rawName }) => asUtf8(rawName) === null)
  const encoding =
    notUtf8.length > 0
      ? likelyCodePage(together(notUtf8))
      : doubtful.length > 0
        ? likelyEncoding(together(doubtful))
        : null
  const entries = raw.map(entry => {
    const { rawName, unicodeName: _name, flags: _flags, ...rest } = entry
    const own = said(entry) ?? decodeAs(rawName, encoding === 'utf-8' ? encoding : ownEncoding(rawName, encoding!)).text
    return { name: plainName(own), ...rest }
  })
  return { entries, encoding }
}

function together(entries: readonly RawEntry[]): Buffer {
  return Buffer.concat(entries.slice(0, 2000).flatMap(({ rawName }) => [rawName, Buffer.from('/')]))
}

/** Archives that several programs wrote have names in UTF-8 among those of a code page. */
function ownEncoding(name: Buffer, encoding: TextEncoding): TextEncoding {
  return likelyEncoding(name, [encoding as CodePage])
}

function isPlain(name: Buffer): boolean {
  return name.every(byte => byte < 0x80)
}

/** Info-ZIP's extra field 0x7075: the name in UTF-8, good as long as the checksum of the plain one fits. */
function unicodeNameIn(extra: Buffer, rawName: Buffer): string | null {
  const field = findExtra(extra, 0x7075)
  if (field === null || field.length < 6 || field[0] !== 1 || field.readUInt32LE(1) !== crc32(rawName)) return null
  return asUtf8(field.subarray(5))
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

function lockedZip(path: string, locked: number, entries: number): ServiceError {
  const which = locked === entries ? '' : `: ${locked} of its ${entries} entries are`
  return new ServiceError(
    'zip-encrypted',
    `The archive ${path} is locked with a password${which}.`,
    'Unpack it yourself and import the folder.',
  )
}
