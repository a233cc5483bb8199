// Draws the sample set's photos: waves, pebbles and tiles under uneven light, dark on light in any two colours, a
// little turned, with grain. What tells the classes apart is the pattern; the mean colour says nothing. The same spec
// always gives the same bytes.

import { encodePng } from '../formats/png.ts'

export const sampleKinds = ['pebbles', 'tiles', 'waves'] as const
export type SampleKind = (typeof sampleKinds)[number]

export interface SampleSpec {
  readonly kind: SampleKind
  readonly width: number
  readonly height: number
  /** Everything random about the photo follows from it. */
  readonly seed: number
  /** 1 leaves the light as drawn, 0.1 makes a dark photo. */
  readonly light: number
  /** Standard deviation of the grain in grey levels of 255; another grain seed makes a near duplicate. */
  readonly grain: number
  readonly grainSeed: number
}

/** The photo as a PNG file. */
export function drawSample(spec: SampleSpec): Uint8Array {
  return encodePng(spec.width, spec.height, paint(spec))
}

/** Numbers in [0, 1): a counter hashed with the seed. */
export function randomNumbers(seed: number): () => number {
  let counter = 0
  return () => {
    let x = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(++counter, 0xc2b2ae35)
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
    return ((x ^ (x >>> 16)) >>> 0) / 0x1_0000_0000
  }
}

/** How much of the second colour shows at u, v (in pattern units): 0 to 1. */
type Pattern = (u: number, v: number) => number

function paint(spec: SampleSpec): Uint8Array {
  const random = randomNumbers(spec.seed)
  const pattern = patternOf(spec.kind, random)
  const [first, second] = twoColours(random)
  // Few cells across: the patterns are still there at 32 pixels.
  const scale = (2.5 + 1.5 * random()) / Math.max(spec.width, spec.height)
  const turn = (random() - 0.5) * 0.8
  const light = unevenLight(random, spec)
  const grain = normalNumbers(randomNumbers(spec.grainSeed))
  const [cos, sin] = [Math.cos(turn) * scale, Math.sin(turn) * scale]
  const data = new Uint8Array(spec.width * spec.height * 3)
  for (let y = 0, at = 0; y < spec.height; y++) {
    for (let x = 0; x < spec.width; x++) {
      const share = pattern(x * cos - y * sin, x * sin + y * cos)
      const shine = light(x, y)
      for (let c = 0; c < 3; c++)
        data[at++] = clamp((first[c]! + share * (second[c]! - first[c]!)) * shine + grain() * spec.grain)
    }
  }
  return data
}

function patternOf(kind: SampleKind, random: () => number): Pattern {
  const [phaseU, phaseV] = [random() * 10, random() * 10]
  const patterns: Readonly<Record<SampleKind, () => Pattern>> = {
    waves: () => waves(random),
    tiles: () => tiles(random),
    pebbles: () => pebbles(random),
  }
  const pattern = patterns[kind]()
  return (u, v) => pattern(u + phaseU, v + phaseV)
}

/** Bands that swing to and fro. */
function waves(random: () => number): Pattern {
  const [swing, length] = [0.15 + 0.25 * random(), 1.2 + 1.3 * random()]
  return (u, v) => edge(Math.sin(2 * Math.PI * (u + swing * Math.sin((2 * Math.PI * v) / length))) * 0.5)
}

/** Rows of bricks with joints between them. */
function tiles(random: () => number): Pattern {
  const [joint, long] = [0.12 + 0.05 * random(), 1 + 0.8 * random()]
  return (u, v) => {
    const row = Math.floor(v)
    const along = (u + 0.5 * long * (row & 1)) / long
    return edge(Math.min(distanceToWhole(along) * long, distanceToWhole(v)) - joint)
  }
}

/** Round stones, one in each cell of a grid, off its middle and of its own size. */
function pebbles(random: () => number): Pattern {
  const cellSeed = Math.floor(random() * 1e9)
  return (u, v) => {
    let nearest = 1
    for (let j = -1; j <= 1; j++) {
      for (let i = -1; i <= 1; i++) {
        const [column, row] = [Math.floor(u) + i, Math.floor(v) + j]
        const own = randomNumbers(cellSeed ^ Math.imul(column, 73856093) ^ Math.imul(row, 19349663))
        const [du, dv] = [u - column - 0.3 - 0.4 * own(), v - row - 0.3 - 0.4 * own()]
        nearest = Math.min(nearest, Math.hypot(du, dv) - 0.24 - 0.14 * own())
      }
    }
    return edge(-nearest)
  }
}

/** 0 well below zero, 1 well above, soft between. */
function edge(distance: number): number {
  const t = Math.max(0, Math.min(1, 0.5 + distance * 8))
  return t * t * (3 - 2 * t)
}

function distanceToWhole(value: number): number {
  return Math.abs(value - Math.round(value))
}

type Colour = readonly number[]

/** Any two colours that stand apart in brightness: light ground first, dark pattern second. */
function twoColours(random: () => number): readonly [Colour, Colour] {
  const colour = (brightness: number): Colour => {
    const hue = random() * 6
    return [0, 2, 4].map(third => brightness * (0.68 + 0.32 * Math.cos(((hue - third) * Math.PI) / 3)) + 30)
  }
  const dark = colour(70 + 50 * random())
  return [colour(190 + 50 * random()), dark]
}

/** Light that falls off from a spot in the photo. */
function unevenLight(random: () => number, { width, height, light }: SampleSpec): (x: number, y: number) => number {
  const [x0, y0] = [random() * width, random() * height]
  const [near, fall] = [light * (0.95 + 0.2 * random()), (0.5 * random()) / (width * width + height * height)]
  return (x, y) => near * (1 - fall * ((x - x0) ** 2 + (y - y0) ** 2))
}

/** Box and Muller's way from even to normal numbers. */
function normalNumbers(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : Math.round(value)
}
