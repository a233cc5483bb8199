// What a file is, by its first bytes and never by its name: a format that is decoded, a known format that is not, or no
// image. Reads only within the bytes given; never throws.

import type { ImageFormat } from '../types.ts'
import { isTga } from './tga.ts'
import { readDirectory } from './tiff/directory.ts'
import { unsupportedName } from './unsupported.ts'

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
  pnm: ['pnm', 'pbm', 'pgm', 'ppm', 'pam'],
  tga: ['tga', 'targa', 'icb', 'vda', 'vst'],
  qoi: ['qoi'],
}

/** Whether a name's extension (lower case, no dot) fits the format of the content. */
export function extensionFits(extension: string, format: ImageFormat): boolean {
  return extensions[format].includes(extension)
}

export function sniff(bytes: Buffer): Sniffed {
  const head = bytes.toString('latin1', 0, 64)
  // Bytes that belong to nothing may stand before the first header.
  if (/^\xff\xd8[^]*?\xff[\xc0-\xfe]/.test(head)) return image('jpeg')
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return sniffPng(bytes)
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return image('gif')
  if (head.startsWith('RIFF') && head.startsWith('WEBP', 8)) return image('webp')
  if (head.startsWith('BM') && bytes.length >= 26 && bytes.readUInt32LE(14) <= 256) return image('bmp')
  if (head.startsWith('ftyp', 4)) return sniffIsoMedia(bytes)
  if (/^(II[*+]\0|MM\0[*+])/.test(head)) return sniffTiff(bytes)
  if (/^P[1-6][\s#]|^P7\n/.test(head)) return image('pnm')
  if (head.startsWith('qoif')) return image('qoi')
  const known = unsupportedName(bytes)
  if (known) return { kind: 'unsupported', name: known }
  return isTga(bytes) ? image('tga') : { kind: 'unknown' }
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

/** AVIF and HEIC share a container; the brands in its first box tell them apart, or the coding where those do not. */
function sniffIsoMedia(bytes: Buffer): Sniffed {
  const length = Math.min(bytes.length, bytes.readUInt32BE(0), 256)
  const brands: string[] = []
  for (let at = 8; at + 4 <= length; at += 4) {
    if (at !== 12) brands.push(bytes.toString('latin1', at, at + 4))
  }
  if (brands.some(brand => brand === 'avif' || brand === 'avis')) return image('avif')
  if (brands.some(brand => /^(hei[cxms]|hev[cxms])$/.test(brand))) return image('heic')
  if (brands.some(brand => /^(mif[12]|msf1|miaf)$/.test(brand))) return image(isAv1(bytes) ? 'avif' : 'heic')
  if (brands.includes('crx ')) return { kind: 'unsupported', name: 'Camera RAW' }
  return { kind: 'unknown' }
}

function isAv1(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 1 << 16)
  return head.includes('av01', 0, 'latin1') && !head.includes('hvc1', 0, 'latin1')
}

const TAG_NEW_SUBFILE_TYPE = 254
const TAG_PHOTOMETRIC = 262
const TAG_SUB_IFDS = 330
const TAG_DNG_VERSION = 50706
/** Colours behind a filter, one a pixel, and linear ones of a camera. */
const cameraColours: readonly (number | undefined)[] = [32803, 34892]

/** Camera RAW files are TIFFs whose first picture is a small preview of the real one: they must not pass for photos. */
function sniffTiff(bytes: Buffer): Sniffed {
  const raw: Sniffed = { kind: 'unsupported', name: 'Camera RAW' }
  if (bytes.toString('latin1', 8, 10) === 'CR') return raw
  const directory = readDirectory(bytes)
  if (!directory) return image('tiff')
  const isPreview = ((directory.first(TAG_NEW_SUBFILE_TYPE) ?? 0) & 1) === 1
  const isCamera =
    directory.first(TAG_DNG_VERSION) !== undefined || cameraColours.includes(directory.first(TAG_PHOTOMETRIC))
  return isCamera || (isPreview && directory.first(TAG_SUB_IFDS) !== undefined) ? raw : image('tiff')
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
    case 'pnm':
    case 'tga':
    case 'qoi':
      return false
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
