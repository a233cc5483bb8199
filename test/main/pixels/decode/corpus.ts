// Good, odd and bad photo files, made here, each with what must become of it: 'ok' or the code of its problem.

import { readFileSync } from 'node:fs'
import sharp, { type Sharp } from 'sharp'
import type { ProblemCode } from '../../../../src/contract/records.ts'
import type { ImageFormat } from '../../../../src/main/pixels/types.ts'
import { apng, bmp, isoMedia, pngClaiming, tiffWithTags } from './image-writers.ts'
import { pattern } from '../patterns.ts'

export interface CorpusFile {
  readonly name: string
  readonly bytes: Uint8Array
  readonly expect: 'ok' | ProblemCode
  readonly format?: ImageFormat
  readonly pages?: number
  readonly warning?: ProblemCode
  /** For truncated files: whether something can still be shown. */
  readonly shown?: boolean
  /** Part of the reason. */
  readonly says?: string
}

export const WIDTH = 96
export const HEIGHT = 64

/** The picture most files hold. */
export function picture(width = WIDTH, height = HEIGHT): Sharp {
  return sharp(pattern('busy', width, height).data, { raw: { width, height, channels: 3 } })
}

function animation(frames: number): Sharp {
  const pages = Array.from(
    { length: frames },
    (_, i) => pattern(['busy', 'colours', 'checks'][i % 3]!, WIDTH, HEIGHT).data,
  )
  return sharp(Buffer.concat(pages), {
    raw: { width: WIDTH, height: HEIGHT * frames, channels: 3, pageHeight: HEIGHT },
  })
}

/** All of them. About eighty files, a few kilobytes each. */
export async function makeCorpus(): Promise<CorpusFile[]> {
  return (
    await Promise.all([
      wholeFiles(),
      bmpFiles(),
      namedWrongly(),
      cutFiles(),
      damagedFiles(),
      tooLargeFiles(),
      notReadHere(),
      notImages(),
    ])
  ).flat()
}

async function wholeFiles(): Promise<CorpusFile[]> {
  const jpeg = await picture().jpeg().toBuffer()
  const alpha = picture().ensureAlpha(0.5)
  const deep = picture().toColourspace('rgb16')
  const files: [string, ImageFormat, Uint8Array, number?][] = [
    ['baseline.jpg', 'jpeg', jpeg],
    ['progressive.jpeg', 'jpeg', await picture().jpeg({ progressive: true }).toBuffer()],
    ['grey.jpg', 'jpeg', await picture().toColourspace('b-w').jpeg().toBuffer()],
    ['cmyk.jpg', 'jpeg', await picture().toColourspace('cmyk').jpeg().toBuffer()],
    ['profile-p3.jpg', 'jpeg', await picture().withIccProfile('p3').jpeg().toBuffer()],
    ['profile-broken.jpg', 'jpeg', breakProfile(await picture().withIccProfile('p3').jpeg().toBuffer())],
    ['trailing-bytes.jpg', 'jpeg', Buffer.concat([jpeg, Buffer.alloc(500, 7)])],
    ['UPPER.JPG', 'jpeg', jpeg],
    ['한글 사진.jpg'.normalize('NFD'), 'jpeg', jpeg],
    ['one-pixel.jpg', 'jpeg', await picture(1, 1).jpeg().toBuffer()],
    ['thin.png', 'png', await picture(1, 2000).png().toBuffer()],
    ['rgb.png', 'png', await picture().png().toBuffer()],
    ['grey.png', 'png', await picture().toColourspace('b-w').png().toBuffer()],
    ['grey-alpha.png', 'png', await alpha.clone().toColourspace('b-w').png().toBuffer()],
    ['rgb-alpha.png', 'png', await alpha.clone().png().toBuffer()],
    ['rgb-16.png', 'png', await deep.clone().png().toBuffer()],
    ['grey-16.png', 'png', await picture().toColourspace('grey16').png().toBuffer()],
    ['palette.png', 'png', await picture().png({ palette: true }).toBuffer()],
    ['interlaced.png', 'png', await picture().png({ progressive: true }).toBuffer()],
    ['two-colours.png', 'png', await picture().threshold().png({ palette: true, colours: 2 }).toBuffer()],
    [
      'animated.png',
      'apng',
      apng(20, 10, [
        [255, 0, 0],
        [0, 255, 0],
        [0, 0, 255],
      ]),
      3,
    ],
    ['still.gif', 'gif', await picture().gif().toBuffer()],
    ['animated.gif', 'gif', await animation(3).gif().toBuffer(), 3],
    ['lossy.webp', 'webp', await picture().webp().toBuffer()],
    ['lossless.webp', 'webp', await picture().webp({ lossless: true }).toBuffer()],
    ['alpha.webp', 'webp', await alpha.clone().webp().toBuffer()],
    ['animated.webp', 'webp', await animation(2).webp().toBuffer(), 2],
    ['plain.avif', 'avif', await picture().avif({ effort: 0 }).toBuffer()],
    ['alpha.avif', 'avif', await alpha.clone().avif({ effort: 0 }).toBuffer()],
    ['phone.heic', 'heic', heic('small')],
    ['wide-colours.HIF', 'heic', heic('wide-colours')],
    ['plain.tiff', 'tiff', await picture().tiff({ compression: 'none' }).toBuffer()],
    ['lzw.tif', 'tiff', await picture().tiff({ compression: 'lzw' }).toBuffer()],
    ['jpeg-inside.tif', 'tiff', await picture().tiff({ compression: 'jpeg' }).toBuffer()],
    ['deep.tif', 'tiff', await deep.clone().tiff({ compression: 'none' }).toBuffer()],
    ['cmyk.tif', 'tiff', await picture().toColourspace('cmyk').tiff({ compression: 'none' }).toBuffer()],
    ['tiled.tif', 'tiff', await picture(300, 200).tiff({ tile: true, compression: 'deflate' }).toBuffer()],
  ]
  return files.map(([name, format, bytes, pages = 1]) => ({ name, bytes, expect: 'ok', format, pages }))
}

/** Written by libheif's own encoder from pictures of 96 x 64; nothing here can write one. */
export function heic(name: 'small' | 'wide-colours'): Buffer {
  return readFileSync(new URL(`${name}.heic`, import.meta.url))
}

/** Spoils the profile's tag table, leaving its length and the rest of the file. */
function breakProfile(jpeg: Buffer): Buffer {
  const at = jpeg.indexOf('ICC_PROFILE\0', 0, 'latin1') + 14
  return Buffer.from(jpeg).fill(0xee, at + 100, at + 300)
}

const grey16 = Array.from({ length: 16 }, (_, i) => [i * 17, i * 17, i * 17] as const)
const grey256 = Array.from({ length: 256 }, (_, i) => [i, i, 255 - i] as const)

function bmpFiles(): CorpusFile[] {
  const size = { width: 33, height: 20 }
  const kinds: Record<string, Buffer> = {
    'bits-1.bmp': bmp({
      ...size,
      bits: 1,
      palette: [
        [0, 0, 0],
        [255, 255, 255],
      ],
      pixel: (x, y) => (x + y) % 2,
    }),
    'bits-4.bmp': bmp({ ...size, bits: 4, palette: grey16, pixel: (x, y) => (x + y) % 16 }),
    'bits-8.bmp': bmp({ ...size, bits: 8, palette: grey256, pixel: (x, y) => (x * y) % 256 }),
    'bits-8-os2.bmp': bmp({ ...size, bits: 8, header: 12, palette: grey256, pixel: (x, y) => (x * y) % 256 }),
    'bits-16.bmp': bmp({ ...size, bits: 16, pixel: (x, y) => ((x % 32) << 10) | y }),
    'bits-16-565.bmp': bmp({
      ...size,
      bits: 16,
      compression: 3,
      masks: [0xf800, 0x07e0, 0x001f, 0],
      pixel: (x, y) => ((x % 32) << 11) | y,
    }),
    'bits-24.bmp': bmp({ ...size, bits: 24, pixel: (x, y) => (x << 16) | (y << 8) | 200 }),
    'bits-24-down.bmp': bmp({ ...size, bits: 24, topDown: true, pixel: (x, y) => (x << 16) | (y << 8) | 200 }),
    'bits-32.bmp': bmp({ ...size, bits: 32, pixel: (x, y) => (x << 16) | (y << 8) | 200 }),
    'bits-32-alpha.bmp': bmp({
      ...size,
      bits: 32,
      header: 124,
      compression: 3,
      masks: [0xff0000, 0xff00, 0xff, 0xff000000],
      pixel: (x, y) => 0x80000000 + (x << 16) + y,
    }),
  }
  return Object.entries(kinds).map(([name, bytes]) => ({ name, bytes, expect: 'ok', format: 'bmp', pages: 1 }))
}

async function namedWrongly(): Promise<CorpusFile[]> {
  const warning = 'wrong-extension'
  return [
    { name: 'png-named.jpg', bytes: await picture().png().toBuffer(), expect: 'ok', format: 'png', warning },
    { name: 'jpeg-named.png', bytes: await picture().jpeg().toBuffer(), expect: 'ok', format: 'jpeg', warning },
    { name: 'webp-named.jpeg', bytes: await picture().webp().toBuffer(), expect: 'ok', format: 'webp', warning },
    { name: 'no-extension', bytes: await picture().jpeg().toBuffer(), expect: 'ok', format: 'jpeg', warning },
  ]
}

async function cutFiles(): Promise<CorpusFile[]> {
  const large = picture(200, 150)
  const jpeg = await large.clone().jpeg().toBuffer()
  const png = await large.clone().png().toBuffer()
  const cut = (name: string, bytes: Buffer, length: number, shown: boolean): CorpusFile => ({
    name,
    bytes: bytes.subarray(0, Math.floor(length)),
    expect: 'truncated',
    shown,
    says: 'ends too early',
  })
  const half = async (name: string, made: Promise<Buffer>, shown: boolean): Promise<CorpusFile> => {
    const bytes = await made
    return cut(name, bytes, bytes.length / 2, shown)
  }
  return [
    cut('cut-after-4.jpg', jpeg, 4, false),
    cut('cut-in-tables.jpg', jpeg, 200, false),
    cut('cut-half.jpg', jpeg, jpeg.length / 2, true),
    cut('cut-late.jpg', jpeg, jpeg.length * 0.95, true),
    { name: 'cut-end-mark.jpg', bytes: jpeg.subarray(0, -2), expect: 'ok', format: 'jpeg', warning: 'mended' },
    cut('cut-last-bytes.jpg', jpeg, jpeg.length - 12, true),
    cut('cut-in-header.png', png, 20, false),
    cut('cut-half.png', png, png.length / 2, true),
    cut('cut-late.png', png, png.length - 20, true),
    await half('cut-half-progressive.jpg', large.clone().jpeg({ progressive: true }).toBuffer(), true),
    await half('cut-half.gif', large.clone().gif().toBuffer(), true),
    await half('cut-half.webp', large.clone().webp().toBuffer(), false),
    await half('cut-half.avif', large.clone().avif({ effort: 0 }).toBuffer(), false),
    await half('cut-half.tif', large.clone().tiff({ compression: 'none' }).toBuffer(), false),
    cut('cut-half.bmp', bmp({ width: 40, height: 40, bits: 24, pixel: x => x }), 2500, true),
    cut('cut-in-header.bmp', bmp({ width: 40, height: 40, bits: 24, pixel: x => x }), 40, false),
  ]
}

async function damagedFiles(): Promise<CorpusFile[]> {
  const png = await picture().png().toBuffer()
  const jpeg = await picture(200, 150).jpeg().toBuffer()
  const spoilt = (bytes: Buffer, from: number, length: number): Buffer =>
    Buffer.from(bytes).fill(0xff, from, from + length)
  return [
    {
      name: 'damaged-inside.png',
      bytes: spoilt(png, Math.floor(png.length / 2), 1),
      expect: 'truncated',
      shown: true,
      says: 'Part of this file is damaged',
    },
    {
      name: 'damaged-inside.jpg',
      bytes: spoilt(jpeg, Math.floor(jpeg.length / 2), 40),
      expect: 'truncated',
      shown: true,
      says: 'Part of this file is damaged',
    },
    { name: 'damaged-header.png', bytes: spoilt(png, 16, 10), expect: 'unreadable', says: 'damaged' },
    { name: 'hollow.heic', bytes: isoMedia('heic', 'mif1', 'heic'), expect: 'truncated', says: 'nothing but zeros' },
    { name: 'hollow-burst.heif', bytes: isoMedia('mif1', 'hevc'), expect: 'truncated', says: 'nothing but zeros' },
    { name: 'cut.heic', bytes: heic('small').subarray(0, -40), expect: 'truncated' },
    { name: 'no-width.bmp', bytes: bmp({ width: 0, height: 4, bits: 24, pixel: () => 0 }), expect: 'unreadable' },
    {
      name: 'odd-bits.bmp',
      bytes: spoilt(bmp({ width: 4, height: 4, bits: 24, pixel: () => 0 }), 28, 1),
      expect: 'unreadable',
    },
  ]
}

async function tooLargeFiles(): Promise<CorpusFile[]> {
  const jpeg = Buffer.from(await picture().jpeg().toBuffer())
  const frame = jpeg.indexOf('\xff\xc0', 0, 'latin1')
  jpeg.writeUInt16BE(65_000, frame + 5)
  jpeg.writeUInt16BE(65_000, frame + 7)
  const huge = bmp({ width: 4, height: 4, bits: 24, pixel: () => 0 })
  huge.writeInt32LE(100_000, 18)
  huge.writeInt32LE(100_000, 22)
  return [
    { name: 'huge.png', bytes: pngClaiming(100_000, 100_000), expect: 'too-large', says: '10000 million pixels' },
    { name: 'huge.jpg', bytes: jpeg, expect: 'too-large', says: '4225 million pixels' },
    { name: 'huge.bmp', bytes: huge, expect: 'too-large', says: '10000 million pixels' },
  ]
}

function notReadHere(): CorpusFile[] {
  const make = (name: string, bytes: Buffer | string, says: string): CorpusFile => ({
    name,
    bytes: typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes,
    expect: 'unsupported',
    says: `${says} is not supported here`,
  })
  return [
    make('camera.cr3', isoMedia('crx ', 'crx '), 'Camera RAW'),
    make('camera.cr2', 'II*\0\x10\0\0\0CR\x02\0' + '\0'.repeat(50), 'Camera RAW'),
    make('camera.nef', tiffWithTags({ 254: 1, 256: 160, 257: 120, 330: 8 }), 'Camera RAW'),
    make('camera.dng', tiffWithTags({ 256: 160, 257: 120, 50706: 0x01040000 }), 'Camera RAW'),
    make('camera.raf', 'FUJIFILMCCD-RAW 0201', 'Camera RAW'),
    make(
      'drawing.svg',
      '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="1e9" height="1e9"/>',
      'SVG',
    ),
    make('page.pdf', '%PDF-1.7\n', 'PDF'),
    make('layers.psd', '8BPS\0\x01', 'Photoshop (PSD)'),
    make('new.jxl', '\xff\x0a\x00\x00', 'JPEG XL'),
    make('film.jp2', '\0\0\0\x0cjP  \r\n\x87\n', 'JPEG 2000'),
    make('page.ico', '\0\0\x01\0\x01\0', 'ICO'),
    make('packed.bmp', bmp({ width: 4, height: 4, bits: 24, compression: 5, pixel: () => 0 }), 'BMP with a PNG inside'),
  ]
}

function notImages(): CorpusFile[] {
  return [
    { name: 'empty.jpg', bytes: Buffer.alloc(0), expect: 'empty' },
    { name: 'text.jpg', bytes: Buffer.from('This is a shopping list, not a photo.'), expect: 'not-an-image' },
    { name: 'page.png', bytes: Buffer.from('<!doctype html><title>404</title>'), expect: 'not-an-image' },
    { name: 'zeros.png', bytes: Buffer.alloc(5000), expect: 'not-an-image' },
    { name: 'film.jpg', bytes: isoMedia('isom', 'mp42'), expect: 'not-an-image' },
    { name: 'one-byte.gif', bytes: Buffer.from('G'), expect: 'not-an-image' },
    {
      name: 'letter.bmp',
      bytes: Buffer.from('BMW sells cars, and this text begins like a bitmap.'),
      expect: 'not-an-image',
    },
    {
      name: 'noise.webp',
      bytes: Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * 7919) % 251)),
      expect: 'not-an-image',
    },
  ]
}
