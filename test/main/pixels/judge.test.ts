// Resizing, scores and hashes against Pillow and numpy (golden.json, made by golden.py), and the rules that follow from
// them.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { blockMean } from '../../../src/main/pixels/resize/block-mean.ts'
import { toModelPixels, workingPhoto } from '../../../src/main/pixels/decode/derive.ts'
import { hashDistance } from './hashes.ts'
import { oddSizes } from '../../../src/main/pixels/scores/odd-sizes.ts'
import { turnedHashes } from '../../../src/main/pixels/scores/phash.ts'
import { defaultThresholds } from '../../../src/contract/problems.ts'
import { qualityProblems, scoreQuality } from '../../../src/main/pixels/scores/quality.ts'
import { bicubic, bilinear, lanczos, resample, toGrey, type Raster } from '../../../src/main/pixels/resize/resample.ts'
import { draw, pattern } from './patterns.ts'

interface Golden {
  readonly greySha256: string
  readonly resized: readonly {
    width: number
    height: number
    channels: 1 | 3
    toWidth: number
    toHeight: number
    filter: string
    sha256: string
  }[]
  readonly reduced: readonly { width: number; height: number; factor: number; sha256: string }[]
  readonly large64: string
  readonly judged: readonly {
    pattern: string
    width: number
    height: number
    grey: boolean
    phash: string
    dark: number
    light: number
    blurry: number
    lowInformation: number
    oddAspect: number
  }[]
}

const golden = JSON.parse(readFileSync(new URL('golden.json', import.meta.url), 'utf8')) as Golden
const filters = { bilinear, bicubic, lanczos }

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

describe('resizing', () => {
  test("grey is Pillow's L, to the byte", () => {
    expect(sha256(toGrey(pattern('busy', 333, 257)).data)).toBe(golden.greySha256)
  })

  test.each(golden.resized)(
    "$width x $height x $channels to $toWidth x $toHeight with $filter is Pillow's, to the byte",
    wanted => {
      const colour = pattern('busy', wanted.width, wanted.height)
      const source = wanted.channels === 3 ? colour : toGrey(colour)
      const got = resample(source, wanted.toWidth, wanted.toHeight, filters[wanted.filter as keyof typeof filters])
      expect(sha256(got.data)).toBe(wanted.sha256)
    },
  )

  test.each(golden.reduced)(
    "$width x $height averaged in blocks of $factor is Pillow's reduce, to the byte",
    ({ width, height, factor, sha256: wanted }) => {
      expect(sha256(blockMean(pattern('busy', width, height), factor).data)).toBe(wanted)
    },
  )

  test('a large photo is averaged before it is squashed, a small one is not', () => {
    const large = workingPhoto(pattern('busy', 2500, 1301))
    expect([large.working.width, large.working.height]).toEqual([1250, 651])
    expect(sha256(toModelPixels(large, { size: 64, channels: 3 }).data)).toBe(golden.large64)
    expect(toModelPixels(large, { size: 512, channels: 3 }).data).toEqual(
      resample(large.whole, 512, 512, bilinear).data,
    )
    const small = workingPhoto(pattern('busy', 2047, 100))
    expect(small.working).toBe(small.whole)
  })

  test('the same size is the same picture', () => {
    const source = pattern('busy', 28, 28)
    expect(resample(source, 28, 28, bilinear).data).toEqual(source.data)
  })
})

describe('scores and hashes', () => {
  test.each(golden.judged)('$pattern at $width x $height', wanted => {
    const picture = pattern(wanted.pattern, wanted.width, wanted.height)
    const scores = scoreQuality(picture, toGrey(picture))
    // Brightness is binned by 1/63500 of its square: 0.004 where it is darkest, below 3e-5 at the thresholds.
    expect(Math.abs(scores.dark - wanted.dark)).toBeLessThan(wanted.dark > 0.25 ? 3e-5 : 0.004)
    expect(Math.abs(scores.light - wanted.light)).toBeLessThan(wanted.light < 0.75 ? 3e-5 : 0.004)
    // Grey before shrinking, not after: at most one level a pixel, which shows most where there are but six tones.
    expect(Math.abs(scores.blurry - wanted.blurry)).toBeLessThan(wanted.pattern === 'pale' ? 0.05 : 0.01)
    expect(scores.lowInformation).toBeCloseTo(wanted.lowInformation, 10)
    expect(scores.oddAspect).toBe(wanted.oddAspect)
    expect(scores.grey).toBe(wanted.grey)
    expect(turnedHashes(toGrey(picture))[0]).toBe(wanted.phash)
  })

  test('what each flag is for', () => {
    const flagged = (raster: Raster): string[] =>
      qualityProblems(scoreQuality(raster, toGrey(raster))).map(problem => problem.code)
    expect(flagged(pattern('black', 80, 80))).toEqual(['dark', 'low-information', 'greyscale'])
    expect(flagged(pattern('white', 80, 80))).toEqual(['light', 'low-information', 'greyscale'])
    expect(flagged(pattern('dim', 80, 80))).toContain('dark')
    const haze = draw(256, 256, (x, y) => 0.6 * x + 0.1 * y)
    expect(flagged(haze)).toEqual(['blurry', 'greyscale'])
    expect(flagged(pattern('busy', 300, 80))).toEqual(['odd-aspect'])
    expect(flagged(pattern('busy', 80, 80))).toEqual([])
  })

  test('a flag tells its score and its limit, and a threshold of 0 never flags', () => {
    const raster = pattern('dim', 80, 80)
    const scores = scoreQuality(raster, toGrey(raster))
    const dark = qualityProblems(scores).find(problem => problem.code === 'dark')
    expect(dark).toMatchObject({ score: scores.dark, values: { threshold: 0.32 } })
    expect(dark?.reason).toBe('This photo is dark even in its brightest parts (score 0.255, limit 0.320).')
    expect(qualityProblems(scores, { ...defaultThresholds, dark: 0 }).map(problem => problem.code)).not.toContain(
      'dark',
    )
  })

  test('the eight hashes are those of the eight turned pictures', () => {
    const size = 48
    const sample = (x: number, y: number): number => (x * x * 3 + y * 40 + ((x * y) % 23) * 9) >> 3
    const turns: ((x: number, y: number) => [number, number])[] = [
      (x, y) => [x, y],
      (x, y) => [size - 1 - x, y],
      (x, y) => [x, size - 1 - y],
      (x, y) => [size - 1 - x, size - 1 - y],
    ]
    const all = [...turns, ...turns.map(turn => (x: number, y: number) => turn(x, y).toReversed() as [number, number])]
    const hash = (turn: (x: number, y: number) => [number, number]): string =>
      turnedHashes(toGrey(draw(size, size, (x, y) => sample(...turn(x, y)))))[0]!
    const got = turnedHashes(toGrey(draw(size, size, sample)))
    expect(new Set(got).size).toBe(8)
    expect(got[0]).toBe(hash(all[0]!))
    // Rounding between Pillow's two passes is not symmetric: a coefficient at the median may fall on its other side.
    for (const turn of all)
      expect(Math.min(...got.map(turned => hashDistance(turned, hash(turn))))).toBeLessThanOrEqual(2)
  })
})

describe('odd sizes', () => {
  const flagged = (sides: readonly [number, number][]): number[] => {
    const { scores, threshold } = oddSizes(sides.map(([width, height]) => ({ width, height })))
    return [...scores].flatMap((score, i) => (score < threshold ? [i] : []))
  }

  test('among photos of one size every other size is odd', () => {
    expect(flagged([...Array.from({ length: 20 }, (): [number, number] => [64, 64]), [64, 63], [640, 640]])).toEqual([
      20, 21,
    ])
  })

  test('among varied sizes only the far ones are', () => {
    const varied = Array.from({ length: 40 }, (_, i): [number, number] => [300 + 5 * i, 400])
    expect(flagged([...varied, [20, 20], [4000, 3000], [600, 450]])).toEqual([40, 41])
  })

  test('an empty set has no odd photo', () => {
    expect(flagged([])).toEqual([])
  })
})
