// A recipe does what it says: draws repeat and do not disturb each other, every step has its known answer, and what the
// pool makes is what the functions make.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AugmentationRecipe, type AugmentationStep } from '../../../src/contract/augmentation.ts'
import { augment } from '../../../src/main/pixels/augment/augment.ts'
import { drawAugmentation, photoNumber, type DrawnAugmentation } from '../../../src/main/pixels/augment/augment-draw.ts'
import { readyRecipe } from '../../../src/contract/augmentation-recipes.ts'
import { createDecodePool } from '../../../src/main/pixels/pool/pool.ts'
import { bilinear, resample, toGrey, type Raster } from '../../../src/main/pixels/resize/resample.ts'
import type { DecodedPhoto, DecodeOutputs } from '../../../src/main/pixels/types.ts'
import { picture } from './decode/corpus.ts'
import { draw, pattern } from './patterns.ts'
import { DECODER, decodeAll } from './pool-helpers.ts'

const recipe = (...steps: AugmentationStep[]): AugmentationRecipe =>
  AugmentationRecipe.parse({ format: 'winnow-augmentation', version: 1, steps })
const photo = pattern('busy', 32, 32)
const same = (drawn: DrawnAugmentation, source = photo): Promise<Raster> =>
  augment(source, drawn, source.width, source.height)
const at = (raster: Raster, x: number, y: number): number[] => [
  ...raster.data.subarray((y * raster.width + x) * 3, (y * raster.width + x) * 3 + 3),
]
const from = (source: Raster, place: (x: number, y: number) => [number, number]): Raster =>
  draw(source.width, source.height, (x, y, c) => at(source, ...place(x, y))[c]!)
const bytes = (raster: Raster): Buffer => Buffer.from(raster.data)

describe('recipes', () => {
  test('ready ones are valid, and without mirrors have no flip', () => {
    for (const strength of ['light', 'medium', 'strong'] as const) {
      expect(AugmentationRecipe.parse(readyRecipe(strength, { mirrors: true })).steps[0]?.kind).toBe('flip')
      expect(readyRecipe(strength, { mirrors: false }).steps.map(step => step.kind)).not.toContain('flip')
    }
  })

  test('a kind stands once, and a range runs upwards', () => {
    const blur: AugmentationStep = { kind: 'blur', probability: 1, sigma: [0, 0.1] }
    expect(() => recipe(blur, blur)).toThrow('once')
    expect(() => recipe({ kind: 'rotate', probability: 1, degrees: [10, -10] })).toThrow('smaller')
    expect(
      recipe({ kind: 'flip', probability: 1, axis: 'vertical' }, { kind: 'flip', probability: 1, axis: 'horizontal' })
        .steps,
    ).toHaveLength(2)
  })
})

describe('draws', () => {
  const strong = readyRecipe('strong', { mirrors: true })
  const many = Array.from({ length: 2000 }, (_, variant) => drawAugmentation(strong, { seed: 7, photo: 99, variant }))

  test('repeat, and differ by seed, photo and variant', () => {
    const id = { seed: 7, photo: 99, variant: 3 }
    expect(drawAugmentation(strong, id)).toEqual(many[3])
    for (const other of [
      { ...id, seed: 8 },
      { ...id, photo: 98 },
      { ...id, variant: 4 },
    ])
      expect(drawAugmentation(strong, other)).not.toEqual(many[3])
  })

  test('come as often as their probability says, evenly over their range', () => {
    const crops = many.flatMap(drawn => (drawn.crop ? [drawn.crop.area] : []))
    expect(crops.length / many.length).toBeCloseTo(0.5, 1)
    expect(crops.reduce((sum, area) => sum + area, 0) / crops.length).toBeCloseTo(0.75, 1)
    expect(Math.min(...crops)).toBeGreaterThanOrEqual(0.5)
    expect(Math.max(...crops)).toBeLessThanOrEqual(1)
    expect(many.filter(drawn => drawn.noise !== undefined).length / many.length).toBeCloseTo(0.2, 1)
  })

  test('do not change when another step is taken out', () => {
    const without = { ...strong, steps: strong.steps.filter(step => step.kind !== 'crop') }
    many.slice(0, 50).forEach((drawn, variant) => {
      const { crop: _crop, ...rest } = drawn
      expect(drawAugmentation(without, { seed: 7, photo: 99, variant })).toEqual(rest)
    })
  })
})

describe('steps', () => {
  test('nothing drawn is the training picture', async () => {
    expect(bytes(await augment(pattern('busy', 100, 70), {}, 24, 24))).toEqual(
      bytes(resample(pattern('busy', 100, 70), 24, 24, bilinear)),
    )
  })

  const geometry: [string, DrawnAugmentation, (x: number, y: number) => [number, number]][] = [
    ['flip', { flipHorizontal: true }, (x, y) => [31 - x, y]],
    ['top-bottom flip', { flipVertical: true }, (x, y) => [x, 31 - y]],
    ['a quarter turn clockwise', { rotate: 90 }, (x, y) => [y, 31 - x]],
    ['half a turn', { rotate: 180 }, (x, y) => [31 - x, 31 - y]],
    ['shift by whole pixels, the edge mirrored', { shift: { x: 0.125, y: 0 } }, (x, y) => [x >= 4 ? x - 4 : 3 - x, y]],
    ['shift upwards', { shift: { x: 0, y: -0.25 } }, (x, y) => [x, y + 8 < 32 ? y + 8 : 63 - (y + 8)]],
    [
      'flip, then shift',
      { flipHorizontal: true, shift: { x: 0.125, y: 0 } },
      (x, y) => [31 - (x >= 4 ? x - 4 : 3 - x), y],
    ],
  ]
  test.each(geometry)('%s', async (_name, drawn, place) => {
    expect(bytes(await same(drawn))).toEqual(bytes(from(photo, place)))
  })

  test('a crop is stretched to the whole, a scale enlarges about the centre', async () => {
    const ramp = draw(64, 64, (x, y, c) => (c === 0 ? 2 * x : 2 * y))
    const corner = await same({ crop: { area: 0.25, x: 0, y: 1 } }, ramp)
    expect(Math.abs(at(corner, 63, 0)[0]! - 62)).toBeLessThanOrEqual(1)
    expect(Math.abs(at(corner, 0, 0)[1]! - 64)).toBeLessThanOrEqual(1)
    const larger = await same({ scale: 2 }, ramp)
    expect(Math.abs(at(larger, 0, 32)[0]! - 2 * 16)).toBeLessThanOrEqual(1)
    expect(Math.abs(at(larger, 63, 32)[0]! - 2 * 48)).toBeLessThanOrEqual(2)
  })

  test("turning is rigid in the photo's proportions, also in a square picture", async () => {
    // A disc in a wide photo is squashed to an ellipse; turned by 90 degrees and squashed alike it is the same ellipse.
    const disc = draw(128, 64, (x, y) => ((x - 63.5) ** 2 + (y - 31.5) ** 2 < 400 ? 255 : 0))
    const [plain, turned] = [await augment(disc, {}, 32, 32), await augment(disc, { rotate: 90 }, 32, 32)]
    // Beyond the middle half the turned photo is mirrored.
    const middle = Array.from({ length: 32 * 16 }, (_, i) => [8 + (i % 16), Math.floor(i / 16)] as const)
    const differing = middle.filter(([x, y]) => Math.abs(at(plain, x, y)[0]! - at(turned, x, y)[0]!) > 40).length
    expect(middle.filter(([x, y]) => at(plain, x, y)[0]! > 128).length).toBeGreaterThan(100)
    expect(differing).toBeLessThan(8)
  })

  test('brightness multiplies, contrast spreads about the middle', async () => {
    const grey = draw(8, 8, () => 100)
    expect(at(await same({ brightness: 1.5 }, grey), 3, 3)).toEqual([150, 150, 150])
    expect(at(await same({ brightness: 0.5, contrast: 2 }, grey), 3, 3)).toEqual([0, 0, 0])
    expect(at(await same({ contrast: 2 }, grey), 3, 3)).toEqual([73, 73, 73])
  })

  test('saturation 0 is grey; hue turns colours and keeps their grey; a full turn is none', async () => {
    const muted = draw(16, 16, (x, y, c) => 100 + ((x * 5 + y * 3 + c * 40) % 60))
    const greyOf = (raster: Raster): number[] => [...toGrey(raster).data]
    const unsaturated = await same({ saturation: 0 }, muted)
    greyOf(muted).forEach((value, i) => expect(Math.abs(unsaturated.data[i * 3]! - value)).toBeLessThanOrEqual(1))
    const turned = await same({ hue: 40 }, muted)
    expect(bytes(turned)).not.toEqual(bytes(muted))
    greyOf(turned).forEach((value, i) => expect(Math.abs(value - greyOf(muted)[i]!)).toBeLessThanOrEqual(1))
    expect(bytes(await same({ hue: 360 }, muted))).toEqual(bytes(muted))
    expect(
      at(
        await same(
          { hue: 120 },
          draw(4, 4, () => 90),
        ),
        1,
        1,
      ),
    ).toEqual([90, 90, 90])
  })

  test('noise has its strength, no bias, and repeats', async () => {
    const grey = draw(64, 64, () => 128)
    const noisy = await same({ noise: { sigma: 0.05, seed: 3 } }, grey)
    const offsets = [...noisy.data].map(value => value - 128)
    const mean = offsets.reduce((sum, value) => sum + value, 0) / offsets.length
    const deviation = Math.sqrt(offsets.reduce((sum, value) => sum + (value - mean) ** 2, 0) / offsets.length)
    expect(Math.abs(mean)).toBeLessThan(0.5)
    expect(Math.abs(deviation - 0.05 * 255)).toBeLessThan(0.4)
    expect(bytes(await same({ noise: { sigma: 0.05, seed: 3 } }, grey))).toEqual(bytes(noisy))
    expect(bytes(await same({ noise: { sigma: 0.05, seed: 4 } }, grey))).not.toEqual(bytes(noisy))
  })

  test('cutout covers its part and nothing else', async () => {
    const white = draw(40, 20, () => 255)
    for (const place of [0, 0.999]) {
      const cut = await same({ cutout: { side: 0.5, x: place, y: place } }, white)
      expect(cut.data.filter(value => value === 128).length).toBe(20 * 10 * 3)
      expect(cut.data.filter(value => value === 255).length).toBe((40 * 20 - 20 * 10) * 3)
    }
  })

  test('blur evens out, in proportion to the picture; JPEG leaves its traces', async () => {
    const checks = pattern('checks', 64, 64)
    const inner = (raster: Raster): number[] =>
      Array.from({ length: 32 * 32 }, (_, i) => at(raster, 16 + (i % 32), 16 + Math.floor(i / 32))[0]!)
    const spread = (raster: Raster): number => Math.max(...inner(raster)) - Math.min(...inner(raster))
    expect(spread(checks)).toBe(255)
    expect(spread(await same({ blur: 0.1 }, checks))).toBeLessThan(60)
    expect(bytes(await same({ blur: 0.001 }, checks))).toEqual(bytes(checks))
    const packed = await same({ jpeg: 20 })
    const wanted = await sharp(
      await sharp(photo.data, { raw: { width: 32, height: 32, channels: 3 } })
        .jpeg({ quality: 20 })
        .toBuffer(),
    )
      .raw()
      .toBuffer()
    expect(bytes(packed)).toEqual(wanted)
  })
})

describe('made by the pool', () => {
  let folder: string
  let path: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'winnow-augment-'))
    path = join(folder, 'photo.png')
    writeFileSync(path, await picture(120, 80).png().toBuffer())
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const medium = readyRecipe('medium', { mirrors: true })
  const nothing = { thumbnail: false, quality: false, pixels: [] }

  test("variants are the same whenever they are made; files have the photo's size; a sheet shows twenty-four", async () => {
    const pool = createDecodePool({ decoderPath: DECODER, processes: 1 })
    const decode = async (outputs: Partial<DecodeOutputs>): Promise<DecodedPhoto> =>
      (await decodeAll(pool, [path], { ...nothing, ...outputs })).get(0) as DecodedPhoto
    try {
      const shape = { size: 16, channels: 3 } as const
      const five = await decode({ variants: { recipe: medium, seed: 1, from: 0, count: 5, as: shape } })
      const fourth = await decode({ variants: { recipe: medium, seed: 1, from: 3, count: 1, as: shape } })
      expect(five.variants.map(variant => variant.length)).toEqual([768, 768, 768, 768, 768])
      expect(Buffer.from(fourth.variants[0]!)).toEqual(Buffer.from(five.variants[3]!))
      const drawn = drawAugmentation(medium, { seed: 1, photo: photoNumber(five.sha256), variant: 3 })
      expect(Buffer.from(five.variants[3]!)).toEqual(bytes(await augment(pattern('busy', 120, 80), drawn, 16, 16)))
      const files = await decode({ variants: { recipe: medium, seed: 1, from: 0, count: 2, as: 'jpeg' } })
      for (const file of files.variants)
        expect(await sharp(file).metadata()).toMatchObject({ format: 'jpeg', width: 120, height: 80 })
      const { sheet } = await decode({ sheet: { recipe: medium, seed: 1, tile: 16 } })
      expect(await sharp(sheet!.image).metadata()).toMatchObject({ format: 'webp', width: 96, height: 64 })
      expect(sheet!.drawn).toHaveLength(24)
      expect([sheet!.drawn[0], sheet!.drawn[4]]).toEqual([{}, drawn])
    } finally {
      await pool.close()
    }
  })
})
