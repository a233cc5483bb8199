// What is odd but whole is read with a note; what is missing is damage, zeros up to the end among it; what is black is
// neither.

import sharp, { type Sharp } from 'sharp'
import { describe, expect, test, vi } from 'vitest'
import { decodeImage, type DecodedImage } from '../../../../src/main/pixels/decode/decode-image.ts'
import { fileProblem, PhotoError } from '../../../../src/main/pixels/reasons.ts'
import type { ImageFormat } from '../../../../src/main/pixels/types.ts'
import { heic } from './corpus.ts'
import { bmp, pngChunk } from './image-writers.ts'
import { pnm, tga, type Colour } from './plain-writers.ts'
import { tiff } from './tiff-writer.ts'

// The HEIC decoder tells the console what is wrong with a file.
vi.spyOn(console, 'log').mockImplementation(() => {})

const size = { width: 200, height: 150 }
/** Never black, never flat. */
const colour = (x: number, y: number): Colour => [
  40 + ((x * 7 + y * 13) % 190),
  60 + ((x * y + 5 * x) % 180),
  30 + ((x * 3 + y * y) % 200),
]
const rgb = (x: number, y: number, c: number): number => colour(x, y)[c] ?? 0
const packed = (x: number, y: number): number => colour(x, y).reduce((value, part) => value * 256 + part, 0)
const pixels = Buffer.from(
  Array.from({ length: size.width * size.height }, (_, i) => colour(i % size.width, Math.floor(i / size.width))).flat(),
)
const picture = (): Sharp => sharp(pixels, { raw: { ...size, channels: 3 } })
const black = (width = 1000, height = 700): Sharp =>
  sharp({ create: { width, height, channels: 3, background: '#000' } })

const decode = (bytes: Buffer, format: ImageFormat) => decodeImage(bytes, format, 1e8)
const oddities = ({ notes }: DecodedImage) => notes.map(note => note.values['oddity'])
const zeroed = (bytes: Buffer, share: number): Buffer =>
  Buffer.from(bytes).fill(0, Math.min(bytes.length - 100, Math.floor(bytes.length * share)))

/** Damage of a file, also where nothing can be shown. */
async function damageOf(bytes: Buffer, format: ImageFormat): Promise<unknown> {
  try {
    return (await decode(bytes, format)).damage?.damage ?? null
  } catch (error) {
    if (!(error instanceof PhotoError)) throw error
    return error.values['damage'] ?? error.code
  }
}

describe('odd, but whole', () => {
  test.each([false, true])('a JPEG without its last two bytes, or one (progressive: %s)', async progressive => {
    const jpeg = await picture().jpeg({ progressive }).toBuffer()
    const whole = await decode(jpeg, 'jpeg')
    for (const missing of [1, 2]) {
      const cut = await decode(jpeg.subarray(0, -missing), 'jpeg')
      expect([cut.damage, oddities(cut)]).toEqual([null, ['end']])
      expect(Buffer.compare(cut.raster.data, whole.raster.data)).toBe(0)
    }
    for (const missing of [3, 20, 2000]) expect(await damageOf(jpeg.subarray(0, -missing), 'jpeg')).toBe('end')
  })

  test('a JPEG with zeros behind its end is not odd at all', async () => {
    const padded = await decode(Buffer.concat([await picture().jpeg().toBuffer(), Buffer.alloc(4096)]), 'jpeg')
    expect([padded.damage, padded.notes]).toEqual([null, []])
  })

  test('a PNG with a wrong checksum beside its pixels, or at them where these pass their own', async () => {
    const png = await picture().png().toBuffer()
    const text = pngChunk('tEXt', Buffer.from('Comment\0something'))
    text[text.length - 1]! ^= 1
    const beside = await decode(Buffer.concat([png.subarray(0, 33), text, png.subarray(33)]), 'png')
    expect(beside.damage).toBeNull()
    const sum = Buffer.from(png)
    const end = png.indexOf('IDAT') + 4 + png.readUInt32BE(png.indexOf('IDAT') - 4)
    sum[end]! ^= 1
    const whole = await decode(sum, 'png')
    expect([whole.damage, oddities(whole)]).toEqual([null, ['checksum']])
    expect(Buffer.compare(whole.raster.data, pixels)).toBe(0)
    const data = Buffer.from(png)
    data[end - 300]! ^= 1
    expect(await damageOf(data, 'png')).toBe('inside')
  })

  test('a WebP that was cut behind its picture', async () => {
    const webp = await picture()
      .withExif({ IFD0: { Copyright: 'nobody '.repeat(40) } })
      .webp({ lossless: true })
      .toBuffer()
    const cut = await decode(webp.subarray(0, -100), 'webp')
    expect(cut.damage).toBeNull()
    expect(Buffer.compare(cut.raster.data, pixels)).toBe(0)
    expect(await damageOf(webp.subarray(0, webp.length / 2), 'webp')).not.toBeNull()
  })

  test('an animation whose later frames are missing or damaged', async () => {
    const gif = await sharp(Buffer.concat([pixels, pixels.toReversed(), pixels]), {
      raw: { width: size.width, height: size.height * 3, channels: 3, pageHeight: size.height },
    })
      .gif()
      .toBuffer()
    const whole = await decode(gif, 'gif')
    const cut = await decode(gif.subarray(0, Math.floor(gif.length * 0.6)), 'gif')
    expect([whole.damage, whole.pages, cut.damage, oddities(cut)]).toEqual([null, 3, null, ['end']])
    expect(Buffer.compare(cut.raster.data, whole.raster.data)).toBe(0)
    expect(await damageOf(gif.subarray(0, Math.floor(gif.length * 0.2)), 'gif')).not.toBeNull()
  })
})

describe('zeros up to the end', () => {
  test.each([0.3, 0.6, 0.95])('are damage of packed formats, from %f of the file on', async share => {
    const files: [ImageFormat, Buffer][] = [
      ['jpeg', await picture().jpeg().toBuffer()],
      ['jpeg', await picture().jpeg({ progressive: true }).toBuffer()],
      ['png', await picture().png().toBuffer()],
      ['webp', await picture().webp().toBuffer()],
      ['webp', await picture().webp({ lossless: true }).toBuffer()],
      ['avif', await picture().avif({ effort: 0 }).toBuffer()],
      ['gif', await picture().gif().toBuffer()],
      ['heic', heic('small')],
      ['tiff', tiff({ ...size, bits: 8, samples: 3, rows: 20, compression: 8, value: rgb })],
      ['tiff', tiff({ ...size, bits: 16, samples: 3, rows: 20, compression: 5, value: rgb })],
    ]
    for (const [format, bytes] of files) expect(await damageOf(zeroed(bytes, share), format), format).toBe('zeros')
  })

  test('are damage of plain pixels', async () => {
    const files: [ImageFormat, Buffer][] = [
      ['bmp', bmp({ ...size, bits: 24, pixel: packed })],
      ['bmp', bmp({ ...size, bits: 32, pixel: packed })],
      ['bmp', bmp({ ...size, bits: 24, topDown: true, pixel: packed })],
      ['tiff', tiff({ ...size, bits: 8, samples: 3, value: rgb })],
      ['tiff', tiff({ ...size, bits: 8, samples: 3, rows: 16, value: rgb })],
      ['tiff', tiff({ ...size, bits: 32, numbers: 3, samples: 3, value: (x, y, c) => rgb(x, y, c) / 255 })],
      ['pnm', pnm(6, size.width, size.height, colour)],
      ['pnm', pnm(5, size.width, size.height, colour)],
      ['tga', tga(size.width, size.height, colour, { kind: 'colour' })],
    ]
    for (const [format, bytes] of files) expect(await damageOf(zeroed(bytes, 0.604), format), format).toBe('zeros')
  })

  test('are no damage of a black photo, in any format', async () => {
    const flat = { width: 1000, height: 700, bits: 8 } as const
    const files: [ImageFormat, Buffer][] = [
      ['jpeg', await black().jpeg().toBuffer()],
      ['png', await black().png().toBuffer()],
      ['webp', await black().webp().toBuffer()],
      ['webp', await black().webp({ lossless: true }).toBuffer()],
      ['webp', await black(4000, 3000).webp().toBuffer()],
      ['avif', await black().avif({ effort: 0 }).toBuffer()],
      ['gif', await black().gif().toBuffer()],
      ['bmp', bmp({ ...flat, bits: 24, pixel: () => 0 })],
      ['tiff', tiff({ ...flat, samples: 3, value: () => 0 })],
      ['tiff', tiff({ ...flat, bits: 16, value: () => 0 })],
      ['pnm', pnm(5, 300, 200, () => [0, 0, 0])],
    ]
    for (const [format, bytes] of files) expect(await damageOf(bytes, format), format).toBeNull()
  })

  test('are no damage where the photo ends black: a bar, a corner, a digit on black', async () => {
    const shows: ((x: number, y: number) => Colour)[] = [
      (x, y) => (y < 90 ? colour(x, y) : [0, 0, 0]),
      (x, y) => (x + y < 150 ? colour(x, y) : [0, 0, 0]),
      (x, y) => ((x - 100) ** 2 + (y - 70) ** 2 < 1600 ? colour(x, y) : [0, 0, 0]),
      (x, y) => (x === 60 && y === 20 ? [255, 255, 255] : [0, 0, 0]),
    ]
    for (const shown of shows) {
      expect(await damageOf(pnm(6, size.width, size.height, shown), 'pnm')).toBeNull()
      expect(
        await damageOf(tiff({ ...size, bits: 8, samples: 3, value: (x, y, c) => shown(x, y)[c]! }), 'tiff'),
      ).toBeNull()
      const pixel = (x: number, y: number): number => shown(x, y).reduce((value, part) => value * 256 + part, 0)
      expect(await damageOf(bmp({ ...size, bits: 24, topDown: true, pixel }), 'bmp')).toBeNull()
    }
  })

  test('are told with the place where they begin', () => {
    expect(fileProblem('truncated', 'a.heic', { damage: 'zeros', percent: 60 }).reason).toBe(
      'From 60 % on this file holds nothing but zeros (a.heic). It is shown as far as it goes, but not used for training.',
    )
  })
})

test('each failure says its own', async () => {
  const spoilt = (bytes: Buffer, from: number, length: number): Buffer =>
    Buffer.from(bytes).fill(0xff, from, from + length)
  const reasonOf = async (bytes: Buffer, format: ImageFormat): Promise<unknown> => {
    const result = await decode(bytes, format).catch((error: unknown) => error as PhotoError)
    return result instanceof PhotoError ? result.values['why'] : result.damage?.why
  }
  const png = await picture().png().toBuffer()
  const jpeg = await picture().jpeg().toBuffer()
  const reasons = [
    await reasonOf(spoilt(png, 16, 10), 'png'),
    await reasonOf(spoilt(png, 5000, 1), 'png'),
    await reasonOf(spoilt(jpeg, 5000, 40), 'jpeg'),
    await reasonOf(spoilt(await picture().gif().toBuffer(), 900, 300), 'gif'),
    await reasonOf(tiff({ ...size, bits: 8, photometric: 3, value: () => 0 }), 'tiff'),
    await reasonOf(bmp({ width: 0, height: 4, bits: 24, pixel: () => 0 }), 'bmp'),
  ]
  expect(new Set(reasons).size).toBe(reasons.length)
  for (const reason of reasons) expect(String(reason).length).toBeGreaterThan(10)
})
