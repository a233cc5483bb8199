// Whether a browser shows a file as it is trained with: then the page may show the file itself. A browser does not know
// the format, or leaves the orientation of a WebP or PNG as it is, or shows 12 bits in 16 as black.

import type { ImageFormat } from '../types.ts'
import { webpChunks } from './mend/webp.ts'
import { readDirectory } from './tiff/directory.ts'

/** Formats that browsers show, by their media type. */
export const browserTypes: Readonly<Partial<Record<ImageFormat, string>>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  apng: 'image/apng',
  webp: 'image/webp',
  avif: 'image/avif',
  gif: 'image/gif',
  bmp: 'image/bmp',
}

export function isShownAsItIs(bytes: Buffer, format: ImageFormat): boolean {
  if (!browserTypes[format]) return false
  if (format === 'webp') return uprightExif(webpExif(bytes))
  if (format === 'png' || format === 'apng') return bytes[24] !== 16 && uprightExif(pngExif(bytes))
  return format !== 'bmp' || isPlainBmp(bytes)
}

function webpExif(bytes: Buffer): Buffer | null {
  const chunk = webpChunks(bytes).find(({ type }) => type === 'EXIF')
  return chunk ? bytes.subarray(chunk.at + 8, chunk.end) : null
}

function pngExif(bytes: Buffer): Buffer | null {
  for (let at = 8; at + 8 <= bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    if (bytes.toString('latin1', at + 4, at + 8) === 'eXIf')
      return bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at))
  }
  return null
}

const ORIENTATION = 274

function uprightExif(exif: Buffer | null): boolean {
  if (!exif) return true
  const tiff = exif.toString('latin1', 0, 6) === 'Exif\0\0' ? exif.subarray(6) : exif
  return (readDirectory(tiff)?.first(ORIENTATION) ?? 1) === 1
}

/** Without compression and with its pixels behind header and palette: others are shown differently by each browser. */
function isPlainBmp(bytes: Buffer): boolean {
  return (
    bytes.length > 54 && bytes.readUInt32LE(14) >= 40 && bytes.readUInt32LE(30) === 0 && bytes.readUInt16LE(28) >= 24
  )
}
