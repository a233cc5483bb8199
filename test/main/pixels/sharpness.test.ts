// Sharpness at the photo's own scale, sizes that a net sees enlarged, and which of several copies is the original.

import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { scoresOfProblem } from '../../../src/contract/problems.ts'
import { scoreAndHash, workingPhoto } from '../../../src/main/pixels/decode/derive.ts'
import type { Raster } from '../../../src/main/pixels/resize/resample.ts'
import { groupDuplicates, type DuplicateCandidate } from '../../../src/main/pixels/scores/duplicates.ts'
import { tooSmall } from '../../../src/main/pixels/scores/odd-sizes.ts'
import { qualityProblems } from '../../../src/main/pixels/scores/quality.ts'
import { draw } from './patterns.ts'

/** Spots of every size on a soft ground with a little noise, as photos have. */
function scene(seed: number, width = 400, height = 300): Raster {
  const spots = Array.from({ length: 60 }, (_, i) => {
    const at = (n: number): number => (((seed * 131 + i * 71 + n * 37) * 2654435761) % 4294967296) / 4294967296
    return {
      x: Math.abs(at(1)) * width,
      y: Math.abs(at(2)) * height,
      r: 4 + Math.abs(at(3)) * 40,
      v: Math.abs(at(4)) * 255,
    }
  })
  return draw(width, height, (x, y, c) => {
    const spot = spots.findLast(({ x: cx, y: cy, r }) => (x - cx) ** 2 + (y - cy) ** 2 < r * r)
    const ground = spot ? spot.v : 90 + (x * 60) / width
    return Math.max(0, Math.min(255, Math.floor(ground + c * 8 + ((x * 7919 + y * 104729 + x * y) % 5))))
  })
}

const image = ({ width, height, data }: Raster) => sharp(data, { raw: { width, height, channels: 3 } })

async function measured(made: ReturnType<typeof image>) {
  const { data, info } = await made.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })
  const raster: Raster = { width: info.width, height: info.height, channels: 3, data }
  return { raster, ...scoreAndHash(workingPhoto(raster)) }
}

const isBlurry = ({ quality }: Awaited<ReturnType<typeof measured>>): boolean =>
  qualityProblems(quality!).some(({ code }) => code === 'blurry')

describe('sharpness', () => {
  test.each([1, 2, 3, 4])(
    'scene %i is sharp as it is, and blurry by 4, 8 and 16 pixels, packed as JPEG too',
    async seed => {
      const sharpScene = image(scene(seed))
      expect(isBlurry(await measured(sharpScene.clone()))).toBe(false)
      for (const sigma of [4, 8, 16]) {
        const jpeg = await sharpScene.clone().blur(sigma).jpeg({ quality: 85 }).toBuffer()
        expect(isBlurry(await measured(sharp(jpeg))), `${sigma} px`).toBe(true)
      }
    },
  )

  test('a sharp subject before a soft ground is sharp', async () => {
    const soft = await image(scene(5)).blur(12).png().toBuffer()
    const subject = await image(scene(6)).extract({ left: 120, top: 80, width: 210, height: 160 }).png().toBuffer()
    expect(isBlurry(await measured(sharp(soft)))).toBe(true)
    expect(isBlurry(await measured(sharp(soft).composite([{ input: subject, left: 100, top: 70 }])))).toBe(false)
  })

  test('cannot be told of what is tiny or shows nothing', async () => {
    expect((await measured(image(scene(1, 28, 28)))).quality!.sharpness).toBeNull()
    expect((await measured(image(draw(400, 300, () => 128)))).quality!.sharpness).toBeNull()
  })

  test("is left out where cleanvision's definitions are asked for", async () => {
    const { quality } = await measured(image(scene(1)).blur(4))
    const limits = { dark: 0.32, light: 0.05, blurry: 0.29, lowInformation: 0.3, oddAspect: 0.35 }
    expect(qualityProblems(quality!, { ...limits, sharpness: 0.31 }).map(({ code }) => code)).toContain('blurry')
    expect(
      qualityProblems({ ...quality!, blurry: 0.5 }, { ...limits, sharpness: 0 }).map(({ code }) => code),
    ).not.toContain('blurry')
    expect(scoresOfProblem.blurry).toEqual(['sharpness', 'blurry'])
  })
})

describe('sizes', () => {
  const small = (sides: readonly (readonly [number, number])[]): number[] => {
    const { scores, threshold } = tooSmall(sides.map(([width, height]) => ({ width, height })))
    return [...scores].flatMap((score, i) => (score < threshold ? [i] : []))
  }

  test('are odd where a net sees the photo enlarged to twice and more, not where they are far from the middle', () => {
    const usual = Array.from({ length: 20 }, () => [400, 300] as const)
    expect(small([...usual, [4000, 3000], [800, 80], [120, 90], [64, 64], [31, 20], [20, 31]])).toEqual([24, 25])
  })

  test('are usual where all photos are small, as digits are', () => {
    expect(small(Array.from({ length: 20 }, () => [28, 28] as const))).toEqual([])
    expect(small([...Array.from({ length: 20 }, () => [28, 28] as const), [8, 8]])).toEqual([20])
    expect(small([])).toEqual([])
  })
})

describe('the original is kept', () => {
  async function candidate(
    id: number,
    made: ReturnType<typeof image>,
    format: 'jpeg' | 'png',
    quality = 92,
  ): Promise<DuplicateCandidate> {
    const bytes = await (format === 'jpeg' ? made.jpeg({ quality }) : made.png()).toBuffer()
    const { raster, phash, pixelSha256, ownDetail, quality: scores } = await measured(sharp(bytes))
    const { width, height } = raster
    const facts = { format, grey: scores!.grey, ownDetail, label: null, split: null, modifiedMs: 0 }
    return { id, phash, pixelSha256: pixelSha256!, width, height, sizeBytes: bytes.length, ...facts }
  }
  const photo = () => image(scene(7))

  test.each([
    ['enlarged to twice its size', () => photo().resize(800), 92],
    ['enlarged to three times its size', () => photo().resize(1200), 92],
    ['enlarged by half', () => photo().resize(600), 98],
    ['grey', () => photo().greyscale(), 98],
    ['packed harder', () => photo(), 40],
    ['made smaller', () => photo().resize(200), 98],
    ['enlarged and grey', () => photo().resize(800).greyscale(), 92],
  ] as const)('over a copy %s', async (_, copy, quality) => {
    const original = await candidate(1, photo(), 'jpeg')
    const other = await candidate(2, copy(), 'jpeg', quality)
    expect(groupDuplicates([original, other], 10).map(({ keeper }) => keeper)).toEqual([1])
  })

  test('and over the same pixels packed without loss', async () => {
    const jpeg = await photo().jpeg({ quality: 80 }).toBuffer()
    const original = { ...(await candidate(2, sharp(jpeg), 'png')), id: 1, format: 'jpeg', sizeBytes: jpeg.length }
    const copy = await candidate(2, sharp(jpeg), 'png')
    expect(copy.sizeBytes).toBeGreaterThan(original.sizeBytes)
    expect(groupDuplicates([original, copy], 0).map(({ keeper }) => keeper)).toEqual([1])
  })

  test('but never over what a person chose, and no excluded photo keeps', async () => {
    const original = await candidate(1, photo(), 'jpeg')
    const larger = await candidate(2, photo().resize(800), 'jpeg')
    expect(groupDuplicates([original, { ...larger, chosen: true }], 10)[0]!.keeper).toBe(2)
    const excluded = { ...original, width: 0, height: 0, sizeBytes: 0 }
    expect(groupDuplicates([excluded, larger], 10)[0]!.keeper).toBe(2)
  })
})
