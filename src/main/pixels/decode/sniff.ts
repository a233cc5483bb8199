// What a file is, by its first bytes and never by its name: a format that is decoded, a known format that is not, or no
// image. Reads only within the bytes given; never throws.

import type { ImageFormat } from '../types.ts'

/** `unsupported` is the name people know the format by. */
export type Sniffed =
  | { readonly kind: 'image'; readonly format: ImageFormat; readonly frames?: number }
  | { readonly kind: 'unsupported'; readonly name: string }
  | { readonly kind: 'unknown' }

const extensions: Readonly<Record<ImageFormat, readonly string[]>> = {
  jpeg: ['jpg', 'jpeg', 'jpe', 'jfif'],
  png: ['png'],
  apng: ['png', 'apng'],
  webp: ['webp'],
  avif: ['avif'],
  gif: ['gif'],
  tiff: ['tif', 'tiff'],
  bmp: ['bmp', 'dib'],
  heic: ['heic', 'heif', 'hif'],
}

/** Whether a name's extension (lower case, no dot) fits the format of the content. */
export function extensionFits(extension: string, format: ImageFormat): boolean {
  return extensions[format].includes(extension)
}

/** Magic numbers of formats that are recognised in order to say clearly that they are not read. */
const unsupportedMagic: readonly (readonly [magic: string, name: string])[] = [
  ['%PDF', 'PDF'],
  ['8BPS', 'Photoshop (PSD)'],
  ['\xff\x0a', 'JPEG XL'],
  ['\0\0\0\x0cJXL ', 'JPEG XL'],
  ['\0\0\0\x0cjP  ', 'JPEG 2000'],
  ['\xff\x4f\xff\x51', 'JPEG 2000'],
  ['FUJIFILMCCD-RAW', 'Camera RAW'],
  ['IIRO', 'Camera RAW'],
  ['IIRS', 'Camera RAW'],
  ['IIU\0', 'Camera RAW'],
  ['\0\0\x01\0', 'ICO'],
  ['II\x2b\0', 'BigTIFF'],
  ['MM\0\x2b', 'BigTIFF'],
]

export function sniff(bytes: Buffer): Sniffed {
  const head = bytes.toString('latin1', 0, 64)
  if (head.startsWith('\xff\xd8\xff')) return image('jpeg')
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return sniffPng(bytes)
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return image('gif')
  if (head.startsWith('RIFF') && head.startsWith('WEBP', 8)) return image('webp')
  if (head.startsWith('BM') && bytes.length >= 26 && bytes.readUInt32LE(14) <= 256) return image('bmp')
  if (head.startsWith('ftyp', 4)) return sniffIsoMedia(bytes)
  if (head.startsWith('II*\0') || head.startsWith('MM\0*')) return sniffTiff(bytes)
  const known = unsupportedMagic.find(([magic]) => head.startsWith(magic))
  if (known) return { kind: 'unsupported', name: known[1] }
  return sniffText(bytes)
}

function image(format: ImageFormat): Sniffed {
  return { kind: 'image', format }
}

/** An animation control chunk before the first IDAT makes a PNG an APNG. */
function sniffPng(bytes: Buffer): Sniffed {
  for (let at = 8; at + 12 <= bytes.length;) {
    const type = bytes.toString('latin1', at + 4, at + 8)
    if (type === 'IDAT') break
    if (type === 'acTL') return { kind: 'image', format: 'apng', frames: Math.max(1, bytes.readUInt32BE(at + 8)) }
    at += 12 + bytes.readUInt32BE(at)
  }
  return image('png')
}

/** AVIF and HEIC share a container; the brands in its first box tell them apart. */
function sniffIsoMedia(bytes: Buffer): Sniffed {
  const length = Math.min(bytes.length, bytes.readUInt32BE(0), 256)
  const brands: string[] = []
  for (let at = 8; at + 4 <= length; at += 4) {
    if (at !== 12) brands.push(bytes.toString('latin1', at, at + 4))
  }
  if (brands.some(brand => brand === 'avif' || brand === 'avis')) return image('avif')
  if (brands.some(brand => /^(hei[cxms]|hev[cxms]|mif1|msf1)$/.test(brand))) return image('heic')
  if (brands.includes('crx ')) return { kind: 'unsupported', name: 'Camera RAW' }
  return { kind: 'unknown' }
}

const TAG_NEW_SUBFILE_TYPE = 254
const TAG_SUB_IFDS = 330
const TAG_DNG_VERSION = 50706

/** Camera RAW files are TIFFs whose first picture is a small preview of the real one: they must not pass for photos. */
function sniffTiff(bytes: Buffer): Sniffed {
  const raw: Sniffed = { kind: 'unsupported', name: 'Camera RAW' }
  if (bytes.toString('latin1', 8, 10) === 'CR') return raw
  const tags = firstTiffTags(bytes)
  const isPreview = ((tags.get(TAG_NEW_SUBFILE_TYPE) ?? 0) & 1) === 1
  return tags.has(TAG_DNG_VERSION) || (isPreview && tags.has(TAG_SUB_IFDS)) ? raw : image('tiff')
}

/** Tags of the first directory with their first value (or offset), as far as they lie within the bytes. */
function firstTiffTags(bytes: Buffer): Map<number, number> {
  const tags = new Map<number, number>()
  if (bytes.length < 8) return tags
  const little = bytes[0] === 0x49
  const u16 = (at: number): number => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at))
  const u32 = (at: number): number => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
  const directory = u32(4)
  if (directory + 2 > bytes.length) return tags
  const end = Math.min(bytes.length - 12, directory + 2 + 12 * (u16(directory) - 1))
  for (let at = directory + 2; at <= end; at += 12) tags.set(u16(at), u32(at + 8))
  return tags
}

/** SVG has no magic number: it is text with an svg element near its start. */
function sniffText(bytes: Buffer): Sniffed {
  const text = bytes.toString('utf8', 0, 1024)
  return /<svg[\s>]/.test(text) ? { kind: 'unsupported', name: 'SVG' } : { kind: 'unknown' }
}

/** Whether the file lacks the mark that ends a file of its format, or data that its header promises: it was cut short.
 */
export function endsEarly(bytes: Buffer, format: ImageFormat): boolean {
  switch (format) {
    case 'jpeg':
      return !bytes.includes('\xff\xd9', 0, 'latin1')
    case 'png':
    case 'apng':
      return !bytes.includes('IEND', 0, 'latin1')
    case 'gif':
      return bytes.length < 14 || bytes.at(-1) !== 0x3b
    case 'webp':
      return bytes.length < 12 || bytes.readUInt32LE(4) + 8 > bytes.length
    case 'bmp':
      return bytes.length < 26 || bytes.length < bytes.readUInt32LE(2)
    case 'tiff':
      return bytes.length < 8 || (bytes[0] === 0x49 ? bytes.readUInt32LE(4) : bytes.readUInt32BE(4)) + 2 > bytes.length
    case 'avif':
    case 'heic':
      return boxesEndEarly(bytes)
  }
}

/** Walks the outermost boxes of an ISO media file: the last must end where the file ends. Length 0 means to the end. */
function boxesEndEarly(bytes: Buffer): boolean {
  let at = 0
  while (at + 8 <= bytes.length) {
    const length = bytes.readUInt32BE(at)
    if (length < 8) return false
    at += length
  }
  return at !== bytes.length
}
