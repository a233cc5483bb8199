// The TIFF reader written here against what was written and against the image library, and what no bytes make it do.

import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { decodeImage } from '../../../../src/main/pixels/decode/decode-image.ts'
import { rangeOf } from '../../../../src/main/pixels/decode/tiff/colours.ts'
import { readDirectory } from '../../../../src/main/pixels/decode/tiff/directory.ts'
import { readLayout } from '../../../../src/main/pixels/decode/tiff/layout.ts'
import { readSamples } from '../../../../src/main/pixels/decode/tiff/samples.ts'
import { PhotoError } from '../../../../src/main/pixels/reasons.ts'
import { pattern } from '../patterns.ts'
import { tiff } from './tiff-writer.ts'

const decode = (bytes: Buffer, maxPixels = 1e7) => decodeImage(bytes, 'tiff', maxPixels)

describe('what the library writes', () => {
  const busy = pattern('busy', 333, 257)
  const flat = pattern('checks', 333, 257)
  test.each(['none', 'lzw', 'deflate', 'packbits'] as const)('%s is read here as it was written', async compression => {
    for (const { data, width, height } of [busy, flat])
      for (const options of [{}, { predictor: 'horizontal' }, { tile: true, tileWidth: 64, tileHeight: 48 }] as const) {
        const bytes = await sharp(data, { raw: { width, height, channels: 3 } })
          .tiff({ compression, ...options })
          .toBuffer()
        const { numbers, complete } = readSamples(bytes, readLayout(readDirectory(bytes)!))
        expect(complete).toBe(true)
        expect(Buffer.compare(Uint8Array.from(numbers), data)).toBe(0)
      }
  })

  test('BigTIFF too', async () => {
    const { data, width, height } = busy
    const bytes = await sharp(data, { raw: { width, height, channels: 3 } })
      .tiff({ compression: 'none', bigtiff: true })
      .toBuffer()
    expect(bytes.readUInt16LE(2)).toBe(43)
    expect(Buffer.compare((await decode(bytes)).raster.data, data)).toBe(0)
  })
})

describe('white and black', () => {
  test.each([
    ['16 bits, full', { low: 0, high: 60_000 }, 16, 'unsigned', 0, 65_535, null],
    ['16 bits, 12 used', { low: 0, high: 4000 }, 16, 'unsigned', 0, 4095, 'few-bits'],
    ['16 bits, 10 used', { low: 0, high: 1000 }, 16, 'unsigned', 0, 1023, 'few-bits'],
    ['16 bits, 8 used', { low: 0, high: 255 }, 16, 'unsigned', 0, 255, 'few-bits'],
    ['16 bits, black', { low: 0, high: 0 }, 16, 'unsigned', 0, 65_535, null],
    ['16 bits, nearly black', { low: 0, high: 9 }, 16, 'unsigned', 0, 65_535, null],
    ['8 bits are 8 bits', { low: 0, high: 40 }, 8, 'unsigned', 0, 255, null],
    ['32 bits, 16 used', { low: 0, high: 60_000 }, 32, 'unsigned', 0, 65_535, 'few-bits'],
    ['signed, with both', { low: -18_000, high: 22_000 }, 16, 'signed', -32_768, 32_767, null],
    ['signed, none below zero', { low: 0, high: 32_000 }, 16, 'signed', 0, 32_767, null],
    ['signed, of a scanner', { low: -1024, high: 3071 }, 16, 'signed', -1024, 3071, 'stretched'],
    ['float, to 1', { low: 0, high: 1 }, 32, 'float', 0, 1, null],
    ['float, sharpened', { low: -0.03, high: 1.04 }, 32, 'float', 0, 1, null],
    ['float, dim', { low: 0.1, high: 0.2 }, 32, 'float', 0, 1, null],
    ['float, to 255', { low: 0, high: 250 }, 32, 'float', 0, 255, null],
    ['float, 12 bits', { low: 0, high: 4000 }, 32, 'float', 0, 4095, 'few-bits'],
    ['float, below zero', { low: -1, high: 1 }, 32, 'float', -1, 1, 'stretched'],
    ['float, huge', { low: 0, high: 1e9 }, 32, 'float', 0, 1e9, 'stretched'],
  ] as const)('%s', (_, found, bits, kind, low, high, guessed) => {
    expect(rangeOf(found, bits, kind)).toEqual({ low, high, guessed })
  })

  test('floats that are no numbers are black, endless ones white', async () => {
    const values = [NaN, Infinity, -Infinity, 0.5]
    const { raster } = await decode(tiff({ width: 4, height: 1, bits: 32, numbers: 3, value: x => values[x]! }))
    expect([...raster.data].filter((_, i) => i % 3 === 0)).toEqual([0, 255, 0, 128])
  })
})

test('alpha lies on white, multiplied or not; orientation is applied', async () => {
  const value = (alpha: number, colour: number) => (_x: number, _y: number, c: number) => (c === 3 ? alpha : colour)
  const plain = tiff({ width: 2, height: 1, bits: 16, samples: 4, extra: [2], value: value(32_768, 0) })
  const multiplied = tiff({ width: 2, height: 1, bits: 8, samples: 4, extra: [1], value: value(128, 64) })
  expect((await decode(plain)).raster.data[0]).toBeCloseTo(127, -0.5)
  expect((await decode(multiplied)).raster.data[0]).toBeCloseTo(64 + 127, -0.5)
  const lying = tiff({
    width: 3,
    height: 2,
    bits: 16,
    orientation: 6,
    value: (x, y) => (x === 0 && y === 0 ? 65_535 : 300),
  })
  const { raster } = await decode(lying)
  expect([raster.width, raster.height, raster.data[3]]).toEqual([2, 3, 255])
})

test('strips that are missing are damage', async () => {
  const bytes = tiff({ width: 50, height: 40, bits: 16, rows: 8, value: (x, y) => 9000 + x * 900 + y })
  expect((await decode(bytes)).damage).toBeNull()
  expect((await decode(bytes.subarray(0, -500))).damage).toEqual({
    damage: 'inside',
    why: expect.stringContaining('strip'),
  })
})

test('channels of unequal bits, odd compressions and inks are refused by name', async () => {
  const refused = async (bytes: Buffer): Promise<unknown> =>
    decode(bytes).then(
      () => 'read',
      (error: PhotoError) => error.values['format'],
    )
  const options = { width: 8, height: 8, bits: 8, samples: 3, value: () => 100 }
  const unequal = tiff(options)
  unequal.writeUInt16LE(16, unequal.indexOf(Buffer.from([8, 0, 8, 0, 8, 0])))
  expect(await refused(unequal)).toContain('different bits (16, 8, 8)')
  expect(await refused(tiff({ ...options, compression: 6 }))).toBe('TIFF with old JPEG compression')
  expect(await refused(tiff({ ...options, photometric: 10 }))).toBe('TIFF with ITU Lab colours')
  expect(await refused(tiff({ ...options, samples: 1, photometric: 2 }))).toContain('1 channels where 3')
})

test('no bytes make it do anything but answer or refuse', async () => {
  const seeds = [
    tiff({ width: 20, height: 12, bits: 12, value: x => x * 100 }),
    tiff({ width: 20, height: 12, bits: 32, numbers: 3, samples: 3, compression: 8, predictor: 3, value: x => x / 20 }),
    tiff({ width: 20, height: 12, bits: 16, samples: 3, tile: 16, planar: true, compression: 5, value: x => x * 3000 }),
  ]
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
      fc.nat(),
      async (seed, changes, cut) => {
        const bytes = Buffer.from(seed.subarray(0, cut % 3 === 0 ? cut % seed.length : seed.length))
        for (const [at, value] of changes) if (bytes.length > 0) bytes[at % Math.min(bytes.length, 400)] = value
        const result = await decode(bytes, 10_000).catch((error: unknown) => error)
        if (result instanceof Error) expect(result).toBeInstanceOf(PhotoError)
      },
    ),
    { numRuns: 300 },
  )
})
