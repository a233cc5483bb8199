// HEIC: the picture, its colours and what broken ones do. The files hold four flat fields: red, wine, green, teal.

import { describe, expect, it, vi } from 'vitest'
import { decodeImage } from '../../../../src/main/pixels/decode/decode-image.ts'
import { decodeHeic } from '../../../../src/main/pixels/decode/heic.ts'
import { fileProblem, PhotoError } from '../../../../src/main/pixels/reasons.ts'
import { heic } from './corpus.ts'

vi.setConfig({ testTimeout: 120_000 })
// The decoder tells the console what is wrong with a file.
vi.spyOn(console, 'log').mockImplementation(() => {})

const decode = (bytes: Buffer, maxPixels = 1e6) => decodeImage(bytes, 'heic', maxPixels)

function fieldsOf({ width, data }: { readonly width: number; readonly data: Uint8Array }): number[][] {
  return [
    [10, 10],
    [10, 80],
    [50, 10],
    [50, 80],
  ].map(([y, x]) => [...data.subarray((y! * width + x!) * 3, (y! * width + x!) * 3 + 3)])
}

const drawn = [
  [220, 40, 90],
  [30, 40, 90],
  [220, 200, 90],
  [30, 200, 90],
]

function expectNear(
  found: readonly (readonly number[])[],
  wanted: readonly (readonly number[])[],
  levels: number,
): void {
  found.forEach((colour, i) =>
    colour.forEach((value, c) =>
      expect(Math.abs(value - wanted[i]![c]!), `field ${i}: ${colour}`).toBeLessThanOrEqual(levels),
    ),
  )
}

describe('a HEIC photo', () => {
  it('is decoded whole, in its size and colours', async () => {
    const { raster, pages, damage } = await decode(heic('small'))
    expect([raster.width, raster.height, raster.channels, pages, damage]).toEqual([96, 64, 3, 1, null])
    expectNear(fieldsOf(raster), drawn, 4)
  })

  it('has its colour profile applied, where that is whole', async () => {
    expectNear(fieldsOf((await decode(heic('wide-colours'))).raster), drawn, 8)
    const spoilt = Buffer.from(heic('wide-colours'))
    const profile = spoilt.indexOf('colrprof') + 8
    const plain = fieldsOf((await decode(spoilt.fill(0xee, profile + 100, profile + 300))).raster).flat()
    expect(Math.max(...plain.map((value, i) => Math.abs(value - drawn.flat()[i]!)))).toBeGreaterThan(15)
  })

  it('that is too large is refused before it takes memory', async () => {
    const error = await decode(heic('small'), 1000).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(PhotoError)
    expect(error).toMatchObject({ code: 'too-large', values: { pixels: 6144, limit: 1000 } })
  })

  it('is said to be unsupported where its decoder is not installed', async () => {
    const error = await decodeHeic(
      heic('small'),
      async () => {},
      () => Promise.reject(new Error('Cannot find package')),
    ).catch((thrown: unknown) => thrown)
    expect(fileProblem('unsupported', 'h.heic', (error as PhotoError).values).reason).toBe(
      'HEIC is not supported here (h.heic). Save it as JPEG or PNG and import it again.',
    )
  })

  it('that is broken anywhere is decoded or refused, and never does more', async () => {
    const whole = heic('small')
    for (let at = 0; at < whole.length; at += 7) {
      const bytes = Buffer.from(whole)
      bytes[at]! ^= 0xff
      const result = await decode(bytes).catch((thrown: unknown) => thrown)
      if (result instanceof Error) expect(result).toBeInstanceOf(PhotoError)
    }
    for (const length of [20, 200, 400, whole.length - 1])
      expect(await decode(whole.subarray(0, length)).catch((thrown: unknown) => thrown)).toBeInstanceOf(PhotoError)
  })
})
