// The BMP decoder: every kind gives the pixels that were written, and no bytes whatever make it do anything but answer
// or refuse.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeBmp } from '../../../../src/main/pixels/decode/bmp.ts'
import { PhotoError } from '../../../../src/main/pixels/reasons.ts'
import { bmp, type BmpOptions } from './image-writers.ts'
import { draw } from '../patterns.ts'

const size = { width: 33, height: 7 }
const LIMIT = 1_000_000
const palette = (entries: number): [number, number, number][] =>
  Array.from({ length: entries }, (_, i) => [(i * 3) % 256, 255 - (i % 256), (i * 7) % 256])
const five = (value: number): number => Math.round((value * 255) / 31)
const six = (value: number): number => Math.round((value * 255) / 63)

type Kind = [
  name: string,
  options: Omit<BmpOptions, 'width' | 'height'>,
  wanted: (x: number, y: number) => readonly number[],
]

const indexed = (bits: 1 | 4 | 8, header: 12 | 40 | 124 = 40, topDown = false): Kind => {
  const colours = palette(2 ** bits)
  const index = (x: number, y: number): number => (x * 5 + y * 3) % 2 ** bits
  return [
    `${bits} bits, header ${header}${topDown ? ', top-down' : ''}`,
    { bits, header, topDown, palette: colours, pixel: index },
    (x, y) => colours[index(x, y)]!,
  ]
}

const kinds: Kind[] = [
  indexed(1),
  indexed(4),
  indexed(8),
  indexed(8, 12),
  indexed(4, 124),
  indexed(1, 40, true),
  ['24 bits', { bits: 24, pixel: (x, y) => (x << 16) | (y << 8) | 9 }, (x, y) => [x, y, 9]],
  ['24 bits, top-down', { bits: 24, topDown: true, pixel: (x, y) => (x << 16) | (y << 8) | 9 }, (x, y) => [x, y, 9]],
  ['24 bits, OS/2', { bits: 24, header: 12, pixel: (x, y) => (x << 16) | (y << 8) | 9 }, (x, y) => [x, y, 9]],
  [
    '16 bits, 5-5-5',
    { bits: 16, pixel: (x, y) => ((x % 32) << 10) | (y << 5) | 31 },
    (x, y) => [five(x % 32), five(y), 255],
  ],
  [
    '16 bits, 5-6-5',
    { bits: 16, compression: 3, masks: [0xf800, 0x07e0, 0x1f, 0], pixel: (x, y) => ((x % 32) << 11) | (y << 5) | 4 },
    (x, y) => [five(x % 32), six(y), five(4)],
  ],
  ['32 bits, unused byte', { bits: 32, pixel: (x, y) => (x << 16) | (y << 8) | 9 }, (x, y) => [x, y, 9]],
  [
    '32 bits, red last',
    { bits: 32, compression: 3, masks: [0xff, 0xff00, 0xff0000, 0], pixel: (x, y) => (9 << 16) | (y << 8) | x },
    (x, y) => [x, y, 9],
  ],
  [
    '32 bits, alpha on white',
    {
      bits: 32,
      header: 124,
      compression: 3,
      masks: [0xff0000, 0xff00, 0xff, 0xff000000],
      pixel: x => (x % 2 ? 0xff000000 : 0) + 0x123456,
    },
    x => (x % 2 ? [0x12, 0x34, 0x56] : [255, 255, 255]),
  ],
]

test.each(kinds)('%s', (_name, options, wanted) => {
  const { raster, complete } = decodeBmp(bmp({ ...size, ...options }), LIMIT)
  expect(complete).toBe(true)
  expect(raster).toEqual(draw(size.width, size.height, (x, y, c) => wanted(x, y)[c]!))
})

describe('files that break their word', () => {
  const whole = bmp({ ...size, bits: 24, pixel: () => 0 })

  test('cut anywhere in its pixels, the missing ones are white and it says so', () => {
    const row = 100
    const cut = decodeBmp(whole.subarray(0, 54 + 2 * row + 30), LIMIT)
    expect(cut.complete).toBe(false)
    const white = draw(size.width, size.height, (x, y) => (y === 6 || y === 5 || (y === 4 && x < 10) ? 0 : 255))
    expect(cut.raster).toEqual(white)
  })

  test('too many pixels are refused before memory is taken', () => {
    const huge = Buffer.from(whole)
    huge.writeInt32LE(2_000_000_000, 18)
    huge.writeInt32LE(-2_000_000_000, 22)
    expect(() => decodeBmp(huge, LIMIT)).toThrow(expect.objectContaining({ code: 'too-large' }))
  })

  test('any change of any bytes gives an answer or a PhotoError', () => {
    const files = kinds.map(([, options]) => bmp({ ...size, ...options }))
    const change = fc.record({
      file: fc.constantFrom(...files),
      edits: fc.array(fc.tuple(fc.nat(160), fc.nat(255)), { maxLength: 12 }),
      length: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.boolean(),
    })
    fc.assert(
      fc.property(change, ({ file, edits, length, cut }) => {
        const bytes = Buffer.from(cut ? file.subarray(0, Math.floor(file.length * length)) : file)
        for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value
        try {
          const { raster } = decodeBmp(bytes, 5_000)
          expect(raster.data.length).toBe(raster.width * raster.height * 3)
        } catch (error) {
          expect(error).toBeInstanceOf(PhotoError)
        }
      }),
      { numRuns: 3000 },
    )
  })
})
