// One file of each kind that docs/pixels.md names: what it is, and whether it is read. Those that are read show one
// picture, so that what came of them can be held against it.

import sharp from 'sharp'
import type { ProblemCode } from '../../../../src/contract/records.ts'
import { apng, bmp, isoMedia, tiffWithTags } from './image-writers.ts'
import { heic } from './corpus.ts'
import { pnm, qoi, rleBmp, tga, type Colour } from './plain-writers.ts'
import { tiff, type TiffOptions } from './tiff-writer.ts'

export interface PhotoKind {
  readonly name: string
  readonly what: string
  readonly becomes: 'read' | ProblemCode
  readonly bytes: Buffer
  /** What is held against the picture: its colours, its grey, or nothing (a file with a picture of its own). */
  readonly shows?: 'colour' | 'grey' | 'coarse' | undefined
  readonly note?: ProblemCode
}

const width = 96
const height = 64
export const size = { width, height }

/** Red grows to the right, green downwards, blue to the left. */
export const truth = (x: number, y: number): Colour => [
  30 + Math.round((x * 200) / (width - 1)),
  20 + Math.round((y * 210) / (height - 1)),
  220 - x * 2,
]
export const truthGrey = (x: number, y: number): number => {
  const [r, g, b] = truth(x, y)
  return (r * 299 + g * 587 + b * 114) / 1000
}

export function truthRgb(): Buffer {
  return Buffer.from(Array.from({ length: width * height }, (_, i) => truth(i % width, Math.floor(i / width))).flat())
}

const picture = () => sharp(truthRgb(), { raw: { ...size, channels: 3 } })
const rgb = (x: number, y: number, c: number): number => truth(x, y)[c] ?? 0
const packed = (x: number, y: number): number => truth(x, y).reduce((value, part) => value * 256 + part, 0)
const palette = Array.from({ length: 256 }, (_, i): Colour => [(i >> 5) * 36, ((i >> 2) & 7) * 36, (i & 3) * 85])
const nearest = (x: number, y: number): number => {
  const [r, g, b] = truth(x, y)
  return (Math.round(r / 36.5) << 5) | (Math.round(g / 36.5) << 2) | Math.round(b / 85)
}

export async function makeKinds(): Promise<PhotoKind[]> {
  return [...(await commonKinds()), ...tiffKinds(), ...plainKinds(), ...(await oddKinds()), ...namedKinds()]
}

async function commonKinds(): Promise<PhotoKind[]> {
  const read = (name: string, what: string, bytes: Buffer, shows: PhotoKind['shows'] = 'colour'): PhotoKind => ({
    name,
    what,
    bytes,
    becomes: 'read',
    ...(shows && { shows }),
  })
  const cmyk = await picture().toColourspace('cmyk').jpeg({ quality: 98 }).toBuffer()
  return [
    read('baseline.jpg', 'JPEG', await picture().jpeg({ quality: 98 }).toBuffer()),
    read('progressive.jpg', 'JPEG, progressive', await picture().jpeg({ quality: 98, progressive: true }).toBuffer()),
    { ...read('cmyk.jpg', 'JPEG, CMYK', cmyk), shows: undefined },
    read('plain.png', 'PNG', await picture().png().toBuffer()),
    read('deep.png', 'PNG of 16 bits', await picture().toColourspace('rgb16').png().toBuffer()),
    read('palette.png', 'PNG with a palette', await picture().png({ palette: true }).toBuffer(), 'coarse'),
    {
      ...read(
        'animated.png',
        'APNG: its first frame',
        apng(20, 10, [
          [255, 0, 0],
          [0, 255, 0],
        ]),
      ),
      shows: undefined,
    },
    read('still.gif', 'GIF', await picture().gif().toBuffer(), 'coarse'),
    read('lossy.webp', 'WebP', await picture().webp({ quality: 98 }).toBuffer()),
    read('lossless.webp', 'WebP, lossless', await picture().webp({ lossless: true }).toBuffer()),
    read('plain.avif', 'AVIF', await picture().avif({ quality: 90, effort: 0 }).toBuffer()),
    read('animated.avif', 'Animated AVIF: its first frame', await animatedAvif()),
    { ...read('phone.heic', 'HEIC', heic('small')), shows: undefined },
  ]
}

/** A still under the brand of animations. */
export async function animatedAvif(): Promise<Buffer> {
  const bytes = await picture().avif({ quality: 90, effort: 0 }).toBuffer()
  bytes.write('avis', 8, 'latin1')
  return bytes
}

function tiffKinds(): PhotoKind[] {
  const make = (
    name: string,
    what: string,
    options: Omit<TiffOptions, 'width' | 'height'>,
    shows: PhotoKind['shows'] = 'grey',
  ): PhotoKind => ({
    name: `${name}.tif`,
    what,
    becomes: 'read',
    bytes: tiff({ ...size, ...options }),
    shows,
  })
  const grey = truthGrey
  const deep = (x: number, y: number, c: number): number => rgb(x, y, c) * 257
  return [
    make('rgb-8', 'TIFF of 8 bits', { bits: 8, samples: 3, value: rgb }, 'colour'),
    make('rgb-16', 'TIFF of 16 bits', { bits: 16, samples: 3, value: deep }, 'colour'),
    make('rgb-16-big-endian', 'TIFF, big-endian', { bits: 16, samples: 3, bigEndian: true, value: deep }, 'colour'),
    make('grey-32', 'TIFF of 32 bits', { bits: 32, value: (x, y) => Math.round(grey(x, y) * 16_843_009) }),
    make('grey-64', 'TIFF of 64 bits', { bits: 64, value: (x, y) => Math.round(grey(x, y) * 2 ** 56) }),
    make('grey-4', 'TIFF of 4 bits', { bits: 4, value: (x, y) => grey(x, y) / 17 }),
    make('grey-12', 'TIFF of 12 bits', { bits: 12, value: (x, y) => grey(x, y) * 16.06 }),
    make('signed-8', 'TIFF, signed 8 bits', { bits: 8, numbers: 2, value: (x, y) => Math.round(grey(x, y)) - 128 }),
    make('signed-16', 'TIFF, signed 16 bits', { bits: 16, numbers: 2, value: (x, y) => grey(x, y) * 257 - 32_768 }),
    make('float-16', 'TIFF, float of 16 bits', { bits: 16, numbers: 3, value: (x, y) => grey(x, y) / 255 }),
    make('float-32', 'TIFF, float, 0 to 1', { bits: 32, numbers: 3, value: (x, y) => grey(x, y) / 255 }),
    make('float-32-255', 'TIFF, float, 0 to 255', { bits: 32, numbers: 3, value: grey }),
    make('float-32-65535', 'TIFF, float, 0 to 65535', { bits: 32, numbers: 3, value: (x, y) => grey(x, y) * 257 }),
    make(
      'float-64',
      'TIFF, float of 64 bits',
      { bits: 64, numbers: 3, samples: 3, value: (x, y, c) => rgb(x, y, c) / 255 },
      'colour',
    ),
    make(
      'float-predicted',
      'TIFF, float with its predictor',
      { bits: 32, numbers: 3, samples: 3, compression: 8, predictor: 3, value: (x, y, c) => rgb(x, y, c) / 255 },
      'colour',
    ),
    make('white-is-zero', 'TIFF where 0 is white', {
      bits: 16,
      photometric: 0,
      value: (x, y) => 65_535 - grey(x, y) * 257,
    }),
    make('extra', 'TIFF with extra channels', { bits: 8, samples: 5, extra: [0, 0], value: rgb }, 'colour'),
    make(
      'alpha',
      'TIFF with alpha',
      { bits: 8, samples: 4, extra: [2], value: (x, y, c) => (c === 3 ? 255 : rgb(x, y, c)) },
      'colour',
    ),
    make(
      'alpha-multiplied',
      'TIFF with multiplied alpha',
      { bits: 16, samples: 4, extra: [1], value: (x, y, c) => (c === 3 ? 65_535 : deep(x, y, c)) },
      'colour',
    ),
    make('planar', 'TIFF, planar', { bits: 8, samples: 3, planar: true, rows: 10, value: rgb }, 'colour'),
    make(
      'planar-tiled',
      'TIFF, planar and tiled',
      { bits: 8, samples: 3, planar: true, tile: 32, compression: 8, predictor: 2, value: rgb },
      'colour',
    ),
    make(
      'tiled',
      'TIFF, tiled',
      { bits: 16, samples: 3, tile: 48, compression: 5, predictor: 2, value: deep },
      'colour',
    ),
    make('lzw', 'TIFF, LZW', { bits: 8, samples: 3, compression: 5, value: rgb }, 'colour'),
    make('packbits', 'TIFF, PackBits', { bits: 16, samples: 3, compression: 32773, value: deep }, 'colour'),
    make('zstd', 'TIFF, Zstandard', { bits: 8, samples: 3, compression: 50000, value: rgb }, 'colour'),
    make(
      'palette',
      'TIFF with a palette',
      {
        bits: 8,
        photometric: 3,
        palette: [0, 1, 2].flatMap(c => palette.map(colour => colour[c]! * 257)),
        value: nearest,
      },
      'coarse',
    ),
    make('lab', 'TIFF, CIE Lab', {
      bits: 8,
      samples: 3,
      photometric: 8,
      value: (x, y, c) => (c === 0 ? lightness(grey(x, y)) : 0),
    }),
    {
      ...make('few-bits', 'TIFF with 12 bits in 16', { bits: 16, value: (x, y) => grey(x, y) * 16.06 }),
      note: 'guessed-range',
    },
    {
      ...make('stretched', 'TIFF, float, of no usual range', {
        bits: 32,
        numbers: 3,
        value: (x, y) => grey(x, y) * 40 - 3000,
      }),
      shows: undefined,
      note: 'guessed-range',
    },
  ]
}

/** The L of a grey of sRGB, as a byte. */
function lightness(grey: number): number {
  const value = grey / 255
  const linear = value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  return ((116 * Math.cbrt(linear) - 16) * 255) / 100
}

function plainKinds(): PhotoKind[] {
  const read = (name: string, what: string, bytes: Buffer, shows: PhotoKind['shows'] = 'colour'): PhotoKind => ({
    name,
    what,
    bytes,
    becomes: 'read',
    shows,
  })
  const off = bmp({ ...size, bits: 8, palette, pixel: nearest })
  off.writeUInt32LE(54, 10)
  return [
    read('plain.bmp', 'BMP', bmp({ ...size, bits: 24, pixel: packed })),
    read('palette.bmp', 'BMP with a palette', bmp({ ...size, bits: 8, palette, pixel: nearest }), 'coarse'),
    read('palette-offset.bmp', 'BMP whose pixels are said to begin in its palette', off, 'coarse'),
    read('runs-8.bmp', 'BMP, run lengths of 8 bits', rleBmp(width, height, 8, palette, nearest), 'coarse'),
    read('text.ppm', 'PPM in text', pnm(3, width, height, truth)),
    read('plain.ppm', 'PPM', pnm(6, width, height, truth)),
    read('deep.ppm', 'PPM of 16 bits', pnm(6, width, height, truth, 65_535)),
    read('text.pgm', 'PGM in text', pnm(2, width, height, truth), 'grey'),
    read('plain.pgm', 'PGM', pnm(5, width, height, truth), 'grey'),
    read('alpha.pam', 'PAM', pnm(7, width, height, truth)),
    { name: 'text.pbm', what: 'PBM in text', becomes: 'read', bytes: pnm(1, width, height, truth) },
    { name: 'plain.pbm', what: 'PBM', becomes: 'read', bytes: pnm(4, width, height, truth) },
    read('plain.tga', 'TGA', tga(width, height, truth, { kind: 'colour' })),
    read(
      'runs.tga',
      'TGA, run lengths',
      tga(width, height, truth, { kind: 'colour', bits: 32, packed: true, footer: true }),
    ),
    read('grey.tga', 'TGA, grey', tga(width, height, truth, { kind: 'grey', fromTop: true }), 'grey'),
    read('palette.tga', 'TGA with a palette', tga(width, height, truth, { kind: 'palette' }), 'coarse'),
    read('plain.qoi', 'QOI', qoi(width, height, truth)),
  ]
}

async function oddKinds(): Promise<PhotoKind[]> {
  const jpeg = await picture().jpeg({ quality: 98 }).toBuffer()
  const jfif = Buffer.from('\xff\xe0\0\x10JFIF\0\x03\x01\0\0\x01\0\x01\0\0', 'latin1')
  const version = Buffer.concat([jpeg.subarray(0, 2), jfif, jpeg.subarray(2)])
  const png = await picture().png().toBuffer()
  const few = Uint16Array.from(truthRgb(), value => Math.round(value * 16.06))
  const odd = (name: string, what: string, bytes: Buffer, note?: ProblemCode): PhotoKind => ({
    name,
    what,
    bytes,
    becomes: 'read',
    shows: 'colour',
    ...(note && { note }),
  })
  return [
    odd(
      'junk.jpg',
      'JPEG with bytes between its headers',
      Buffer.concat([jpeg.subarray(0, 71), Buffer.alloc(16, 7), jpeg.subarray(71)]),
      'mended',
    ),
    odd('version.jpg', 'JPEG of a version that there is not', version, 'mended'),
    odd('no-end.jpg', 'JPEG without its last two bytes', jpeg.subarray(0, -2), 'mended'),
    odd('no-end.png', 'PNG without its end mark', png.subarray(0, -12)),
    odd(
      'few-bits.png',
      'PNG with 12 bits in 16',
      await sharp(few, { raw: { ...size, channels: 3 } })
        .toColourspace('rgb16')
        .png()
        .toBuffer(),
      'guessed-range',
    ),
  ]
}

function namedKinds(): PhotoKind[] {
  const named = (name: string, what: string, bytes: Buffer | string): PhotoKind => ({
    name,
    what,
    becomes: 'unsupported',
    bytes: typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes,
  })
  const compressed = (compression: 6 | 34925 | 50002) => tiff({ ...size, bits: 8, samples: 3, compression, value: rgb })
  const sof = (marker: number, bits = 8) =>
    Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, marker, 0, 11, bits, 0, 8, 0, 8, 1, 1, 0x11, 0])
  return [
    named('old-jpeg.tif', 'TIFF with old JPEG', compressed(6)),
    named('lzma.tif', 'TIFF with LZMA', compressed(34925)),
    named('jpeg-xl.tif', 'TIFF with JPEG XL', compressed(50002)),
    named(
      'unequal.tif',
      'TIFF with LogLuv colours',
      tiff({ ...size, bits: 16, samples: 3, photometric: 32845, value: rgb }),
    ),
    named('lossless.jpg', 'Lossless JPEG', sof(0xc3)),
    named('deep.jpg', 'JPEG of 12 bits', sof(0xc1, 12)),
    named('jpeg-ls.jls', 'JPEG-LS', sof(0xf7)),
    named('layers.psd', 'Photoshop (PSD)', '8BPS\0\x01'),
    named('layers.xcf', 'GIMP (XCF)', 'gimp xcf v011\0'),
    named('texture.dds', 'DirectDraw Surface (DDS)', 'DDS |\0\0\0'),
    named('light.exr', 'OpenEXR', '\x76\x2f\x31\x01\x02\0\0\0'),
    named('light.hdr', 'Radiance HDR', '#?RADIANCE\n'),
    named('new.jxl', 'JPEG XL', '\xff\x0a\0\0'),
    named('film.jp2', 'JPEG 2000', '\0\0\0\x0cjP  \r\n\x87\n'),
    named('wide.jxr', 'JPEG XR', 'II\xbc\x01\x08\0\0\0'),
    named('camera.cr3', 'Camera RAW (CR3)', isoMedia('crx ', 'crx ')),
    named('camera.cr2', 'Camera RAW (CR2)', 'II*\0\x10\0\0\0CR\x02\0' + '\0'.repeat(50)),
    named('camera.nef', 'Camera RAW (NEF)', tiffWithTags({ 254: 1, 256: 160, 257: 120, 330: 8 })),
    named('camera.dng', 'Camera RAW (DNG)', tiffWithTags({ 256: 160, 257: 120, 50706: 0x01040000 })),
    named('camera.raf', 'Camera RAW (RAF)', 'FUJIFILMCCD-RAW 0201'),
    named('drawing.svg', 'SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>'),
    named('page.pdf', 'PDF', '%PDF-1.7\n'),
    named('page.eps', 'PostScript', '%!PS-Adobe-3.0\n'),
    named('page.ico', 'ICO', '\0\0\x01\0\x01\0'),
    named('scan.djvu', 'DjVu', 'AT&TFORM'),
    named('sky.fits', 'FITS', 'SIMPLE  =                    T'),
    named('body.dcm', 'DICOM', '\0'.repeat(128) + 'DICM'),
    named('paint.pcx', 'PCX', '\x0a\x05\x01\x08' + '\0'.repeat(130)),
  ]
}
