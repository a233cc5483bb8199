// Quality scores of one decoded photo, 0 (bad) to 1 (good), with cleanvision's definitions and thresholds, computed on
// the upright sRGB pixels, and sharpness at the photo's own scale (sharpness.ts). Three differences, stated in docs/pixels.md: brightness is binned (error below 3e-5 where a
// threshold lies), the blur score makes grey before it shrinks, and a photo whose R, G and B are equal everywhere is
// scored as the grey photo it is.

import { defaultThresholds } from '../../../contract/problems.ts'
import type { Problem } from '../../../contract/records.ts'
import { percentilesOfCounts, standardDeviation, variance } from './statistics.ts'
import { scoreFineDetail } from './sharpness.ts'
import { bicubic, resample, type Raster } from '../resize/resample.ts'
import type { QualityScores } from '../types.ts'

/** A photo is flagged where its score is below the threshold. */
export interface QualityThresholds {
  readonly dark: number
  readonly light: number
  readonly sharpness: number
  readonly blurry: number
  readonly lowInformation: number
  readonly oddAspect: number
}

/** Scores of an RGB raster and its grey version (`toGrey` of it). */
export function scoreQuality(raster: Raster, grey: Raster): QualityScores {
  const counts = countPixels(raster)
  const bands = counts.grey ? counts.bands.subarray(0, 256) : counts.bands
  const [darkest, brightest] = percentilesOfCounts(
    counts.brightness,
    raster.width * raster.height,
    [5, 99],
    brightnessOf,
  )
  return {
    dark: brightest!,
    light: 1 - darkest!,
    sharpness: scoreFineDetail(grey),
    blurry: scoreEdges(grey),
    lowInformation: Math.min(1, 0.1 * entropy(bands)),
    oddAspect: Math.min(raster.width / raster.height, raster.height / raster.width),
    grey: counts.grey,
  }
}

const BIN_BITS = 10

interface PixelCounts {
  /** Of 241 R^2 + 691 G^2 + 68 B^2, a bin for each 2^BIN_BITS. */
  readonly brightness: Uint32Array
  /** Of R, then G, then B. */
  readonly bands: Uint32Array
  readonly grey: boolean
}

function countPixels({ data }: Raster): PixelCounts {
  const brightness = new Uint32Array(((1000 * 255 * 255) >> BIN_BITS) + 1)
  const bands = new Uint32Array(768)
  let differences = 0
  for (let i = 0; i < data.length; i += 3) {
    const red = data[i]!,
      green = data[i + 1]!,
      blue = data[i + 2]!
    bands[red]!++
    bands[256 + green]!++
    bands[512 + blue]!++
    differences |= (red ^ green) | (green ^ blue)
    brightness[(241 * red * red + 691 * green * green + 68 * blue * blue) >> BIN_BITS]!++
  }
  return { brightness, bands, grey: differences === 0 }
}

function brightnessOf(bin: number): number {
  return Math.sqrt((bin * 2 ** BIN_BITS) / 1000) / 255
}

/** Shannon entropy in bits of the values of all bands taken together, as Pillow's Image.entropy. */
function entropy(counts: Uint32Array): number {
  const total = counts.reduce((sum, count) => sum + count, 0)
  let bits = 0
  for (const count of counts) {
    if (count > 0) bits -= (count / total) * Math.log2(count / total)
  }
  return bits
}

const LONG_SIDE = 64

/** Of the photo shrunk to 64 px: how strong its edges are, plus how few tones prevail (a drawing has soft edges and is
 *  not blurred). */
function scoreEdges(grey: Raster): number {
  const ratio = Math.max(grey.width, grey.height) / LONG_SIDE
  const small = ratio > 1 ? resample(grey, shorter(grey.width, ratio), shorter(grey.height, ratio), bicubic) : grey
  const edges = 1 - Math.exp(-0.01 * Math.sqrt(variance(findEdges(small))))
  const spread = 1 - Math.exp(-0.01 * standardDeviation(histogram(small.data)))
  return Math.min(1, edges + (spread > 0.18 ? spread : 0))
}

function shorter(side: number, ratio: number): number {
  return Math.max(1, Math.floor(side / ratio))
}

function histogram(values: Uint8Array): Uint32Array {
  const counts = new Uint32Array(256)
  for (const value of values) counts[value]!++
  return counts
}

/** Pillow's FIND_EDGES: eight times the pixel less its eight neighbours, clipped to 0..255; the outermost pixels are
 *  copied. */
function findEdges({ width, height, data }: Raster): Uint8Array {
  const edges = Uint8Array.from(data)
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x
      const above = at - width,
        below = at + width
      const around =
        data[above - 1]! +
        data[above]! +
        data[above + 1]! +
        data[at - 1]! +
        data[at + 1]! +
        data[below - 1]! +
        data[below]! +
        data[below + 1]!
      edges[at] = Math.max(0, Math.min(255, 8 * data[at]! - around))
    }
  }
  return edges
}

/** The flags that follow from scores, each a sentence with the score in it. Odd size needs the whole set: see
 *  `oddSizes`. */
export function qualityProblems(scores: QualityScores, thresholds: QualityThresholds = defaultThresholds): Problem[] {
  const flags: Problem[] = []
  const flag = (code: Problem['code'], score: number, threshold: number, sentence: string): void => {
    if (score < threshold)
      flags.push({
        code,
        reason: `${sentence} (score ${shown(score)}, limit ${shown(threshold)}).`,
        score,
        values: { threshold },
      })
  }
  flag('dark', scores.dark, thresholds.dark, 'This photo is dark even in its brightest parts')
  flag('light', scores.light, thresholds.light, 'This photo is nearly white even in its darkest parts')
  if (scores.sharpness !== null && scores.sharpness < thresholds.sharpness)
    flag('blurry', scores.sharpness, thresholds.sharpness, 'Nothing in this photo is sharp')
  else flag('blurry', scores.blurry, thresholds.blurry, 'This photo has hardly any sharp edge')
  flag(
    'low-information',
    scores.lowInformation,
    thresholds.lowInformation,
    'This photo shows almost nothing but a few flat tones',
  )
  flag(
    'odd-aspect',
    scores.oddAspect,
    thresholds.oddAspect,
    'This photo is much longer than it is wide, or the other way round',
  )
  if (scores.grey) flags.push({ code: 'greyscale', reason: 'This photo has no colour.', score: null, values: {} })
  return flags
}

function shown(score: number): string {
  return score.toFixed(3)
}
