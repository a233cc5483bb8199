// The rule that turns a file into pixels (docs/pixels.md): orientation, profile, CMYK, depth, alpha, first frame,
// squashed size.

import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeForModel } from '../../../src/main/pixels/decode/decode-for-model.ts'
import { decodeImage } from '../../../src/main/pixels/decode/decode-image.ts'
import { decodeFile } from '../../../src/main/pixels/decode/decode-file.ts'
import { createDecodePool } from '../../../src/main/pixels/pool/pool.ts'
import { bilinear, resample, type Raster } from '../../../src/main/pixels/resize/resample.ts'
import type { DecodedPhoto, DecodeOutputs, ImageFormat } from '../../../src/main/pixels/types.ts'
import { heic, picture } from './decode/corpus.ts'
import { apng } from './decode/image-writers.ts'
import { draw, pattern } from './patterns.ts'
import { DECODER, everything } from './pool-helpers.ts'

const LIMIT = 1_000_000
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'winnow-rule-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const rasterOf = async (bytes: Buffer, format: ImageFormat): Promise<Raster> =>
  (await decodeImage(bytes, format, LIMIT)).raster
const pixel = ({ width, data }: Raster, x: number, y: number): number[] => [
  ...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
]
const one = (colour: { r: number; g: number; b: number; alpha?: number }): Sharp =>
  sharp({ create: { width: 16, height: 16, channels: colour.alpha === undefined ? 3 : 4, background: colour } })

async function decode(name: string, bytes: Uint8Array, outputs: DecodeOutputs = everything): Promise<DecodedPhoto> {
  writeFileSync(join(folder, name), bytes)
  const result = await decodeFile({ key: 0, path: join(folder, name), outputs }, { maxPixels: LIMIT, maxBytes: LIMIT })
  if (result.status === 'failed') throw new Error(result.problem.reason)
  return result
}

describe('orientation', () => {
  // Where the stored corners (a b / c d) stand in the upright photo.
  const upright = ['abcd', 'badc', 'dcba', 'cdab', 'acbd', 'cadb', 'dbca', 'bdac']
  const corners: Readonly<Record<string, number[]>> = {
    a: [255, 0, 0],
    b: [0, 255, 0],
    c: [0, 0, 255],
    d: [255, 255, 255],
  }

  test.each(upright.map((order, i) => [i + 1, order] as const))('EXIF %i', async (orientation, order) => {
    const stored = draw(64, 32, (x, y, c) => corners['abcd'[(y < 16 ? 0 : 2) + (x < 32 ? 0 : 1)]!]![c]!)
    const bytes = await sharp(stored.data, { raw: { width: 64, height: 32, channels: 3 } })
      .withMetadata({ orientation })
      .png()
      .toBuffer()
    const raster = await rasterOf(bytes, 'png')
    const [width, height] = orientation <= 4 ? [64, 32] : [32, 64]
    expect([raster.width, raster.height]).toEqual([width, height])
    const got = [
      pixel(raster, 1, 1),
      pixel(raster, width! - 2, 1),
      pixel(raster, 1, height! - 2),
      pixel(raster, width! - 2, height! - 2),
    ]
    expect(got).toEqual([...order].map(corner => corners[corner]))
  })

  test('scores, sizes and hashes are those of the upright photo', async () => {
    const lying = await picture(120, 30).withMetadata({ orientation: 6 }).png().toBuffer()
    const standing = await picture(120, 30).rotate(90).png().toBuffer()
    const [a, b] = [await decode('lying.png', lying), await decode('standing.png', standing)]
    expect(a.sha256).not.toBe(b.sha256)
    // The one that lies on its side has a thumbnail, because browsers do not turn a PNG.
    expect(a.thumbnail).not.toBeNull()
    const ofTheFile = { sha256: '', sizeBytes: 0, modifiedMs: 0, thumbnail: null }
    expect({ ...a, ...ofTheFile }).toEqual({ ...b, ...ofTheFile })
    expect([a.width, a.height]).toEqual([30, 120])
  })
})

describe('colours', () => {
  const near = (got: readonly number[], wanted: readonly number[], tolerance: number): void => {
    got.forEach((value, i) => expect(Math.abs(value - wanted[i]!)).toBeLessThanOrEqual(tolerance))
  }

  test('transparent pixels lie on white, half transparent ones half so', async () => {
    expect(pixel(await rasterOf(await one({ r: 0, g: 0, b: 0, alpha: 0 }).png().toBuffer(), 'png'), 3, 3)).toEqual([
      255, 255, 255,
    ])
    near(
      pixel(await rasterOf(await one({ r: 255, g: 0, b: 0, alpha: 0.5 }).png().toBuffer(), 'png'), 3, 3),
      [255, 127, 127],
      1,
    )
  })

  test('16 bits become 8', async () => {
    const deep = await picture().toColourspace('rgb16').png().toBuffer()
    expect((await sharp(deep).metadata()).depth).toBe('ushort')
    expect(await rasterOf(deep, 'png')).toEqual(await rasterOf(await picture().png().toBuffer(), 'png'))
  })

  test('CMYK becomes sRGB', async () => {
    const cmyk = await one({ r: 200, g: 40, b: 40 }).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer()
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk')
    near(pixel(await rasterOf(cmyk, 'jpeg'), 3, 3), [200, 40, 40], 25)
  })

  test('a profile is applied: the same colour in Display P3 comes back as it was', async () => {
    const p3 = await one({ r: 200, g: 60, b: 60 }).withIccProfile('p3').png().toBuffer()
    const bare = await sharp(p3, { ignoreIcc: true }).raw().toBuffer()
    expect([...bare.subarray(0, 3)]).not.toEqual([200, 60, 60])
    near(pixel(await rasterOf(p3, 'png'), 3, 3), [200, 60, 60], 2)
  })

  test('grey files give three equal channels', async () => {
    const photo = await decode('grey.png', await picture().toColourspace('b-w').png().toBuffer())
    expect(photo.quality?.grey).toBe(true)
    const { data } = photo.pixels[0]!
    for (let i = 0; i < data.length; i += 3) expect(data[i] === data[i + 1] && data[i] === data[i + 2]).toBe(true)
  })

  test('of an animation the first frame is used', async () => {
    expect(
      pixel(
        await rasterOf(
          apng(20, 10, [
            [250, 10, 20],
            [0, 255, 0],
          ]),
          'apng',
        ),
        5,
        5,
      ),
    ).toEqual([250, 10, 20])
  })
})

describe('training pixels', () => {
  test('are the whole photo squashed, as Pillow does it', async () => {
    const source = pattern('busy', 333, 257)
    const bytes = await sharp(source.data, { raw: { width: 333, height: 257, channels: 3 } })
      .png()
      .toBuffer()
    const photo = await decode('busy.png', bytes, {
      thumbnail: false,
      quality: false,
      pixels: [
        { size: 64, channels: 3 },
        { size: 64, channels: 1 },
      ],
    })
    expect(photo.pixels[0]!.data).toEqual(resample(source, 64, 64, bilinear).data)
    // Image.open('busy.png').convert('L').resize((64, 64), Image.BILINEAR) in Pillow 9.4
    expect(createHash('sha256').update(photo.pixels[1]!.data).digest('hex')).toBe(
      '427660bd999f9c4db93db696f775a1b5b54e3184f1395fb63ef726a43bb10780',
    )
  })

  test('are the photo in its own shape between grey bars where that is asked for', async () => {
    const source = pattern('busy', 333, 200)
    const bytes = await sharp(source.data, { raw: { width: 333, height: 200, channels: 3 } })
      .png()
      .toBuffer()
    const shapes = [
      { size: 64, channels: 3, fit: 'letterbox' },
      { size: 64, channels: 1, fit: 'letterbox' },
    ] as const
    const photo = await decode('wide.png', bytes, { thumbnail: false, quality: false, pixels: shapes })
    const rowBytes = 64 * 3
    const [bars, inner] = [Buffer.alloc(13 * rowBytes, 127), Buffer.from(resample(source, 64, 38, bilinear).data)]
    expect(Buffer.from(photo.pixels[0]!.data)).toEqual(Buffer.concat([bars, inner, bars]))
    // canvas = Image.new('L', (64, 64), 127); canvas.paste(Image.open('wide.png').convert('L').resize((64, 38),
    // Image.BILINEAR), (0, 13))
    expect(createHash('sha256').update(photo.pixels[1]!.data).digest('hex')).toBe(
      'ea17ac47ee064b33a491ab82276288a1aa678b797ef9a325ea6578227ba2863a',
    )
  })

  test('between bars are at least one pixel wide, and those of a square are the square', async () => {
    const line = await decode('line.png', await picture(200, 1).png().toBuffer(), {
      thumbnail: false,
      quality: false,
      pixels: [{ size: 9, channels: 1, fit: 'letterbox' }],
    })
    expect(
      [...line.pixels[0]!.data]
        .map((value, i) => (value === 127 ? -1 : Math.floor(i / 9)))
        .filter(row => row >= 0)
        .every(row => row === 4),
    ).toBe(true)
    const square = await picture(40, 40).png().toBuffer()
    const {
      pixels: [squashed, whole],
    } = await decode('square.png', square, {
      thumbnail: false,
      quality: false,
      pixels: [
        { size: 16, channels: 3 },
        { size: 16, channels: 3, fit: 'letterbox' },
      ],
    })
    expect(Buffer.from(whole!.data)).toEqual(Buffer.from(squashed!.data))
  })

  test('of a photo that has the size are the photo', async () => {
    const source = pattern('busy', 28, 28)
    const bytes = await sharp(source.data, { raw: { width: 28, height: 28, channels: 3 } })
      .png()
      .toBuffer()
    const photo = await decode('same.png', bytes, {
      thumbnail: false,
      quality: false,
      pixels: [{ size: 28, channels: 3 }],
    })
    expect(Buffer.from(photo.pixels[0]!.data).equals(source.data)).toBe(true)
  })

  test('of a foreign file are the same as those of an imported one, and a bad file is an error with its code', async () => {
    const shape = { size: 20, channels: 3 } as const
    const photo = await decode('photo.jpg', await picture(200, 100).jpeg().toBuffer(), {
      thumbnail: false,
      quality: false,
      pixels: [shape],
    })
    const pool = createDecodePool({ decoderPath: DECODER, processes: 1 })
    const signal = new AbortController().signal
    try {
      expect(Buffer.from(await decodeForModel(pool, join(folder, 'photo.jpg'), shape, signal))).toEqual(
        Buffer.from(photo.pixels[0]!.data),
      )
      writeFileSync(join(folder, 'text.jpg'), 'no photo')
      await expect(decodeForModel(pool, join(folder, 'text.jpg'), shape, signal)).rejects.toMatchObject({
        code: 'not-an-image',
      })
    } finally {
      await pool.close()
    }
  })
})

describe('thumbnails', () => {
  test('have a long side of 256; a small photo is its own, unless no page can show it', async () => {
    const large = await decode('large.jpg', await picture(600, 300).jpeg().toBuffer())
    expect(await sharp(large.thumbnail!).metadata()).toMatchObject({ format: 'webp', width: 256, height: 128 })
    expect((await decode('small.jpg', await picture(256, 100).jpeg().toBuffer())).thumbnail).toBeNull()
    const tiff = await decode('small.tif', await picture(100, 50).tiff().toBuffer())
    expect(await sharp(tiff.thumbnail!).metadata()).toMatchObject({ format: 'webp', width: 100, height: 50 })
    expect(await sharp((await decode('small.heic', heic('small'))).thumbnail!).metadata()).toMatchObject({
      format: 'webp',
      width: 96,
      height: 64,
    })
  })
})
