// The photos that look most like some others, by the features of a backbone: cosine distances of standardised features. All
// photos are first compared by short sketches (random signs, so that distances between them are those of the features but for
// a few hundredths), then the best few hundred by the features themselves; 100,000 photos take tens of milliseconds so.

import { setImmediate } from 'node:timers/promises'
import { ServiceError } from '../../contract/errors.ts'
import type { FeatureKind, SimilarPhoto } from '../../contract/records.ts'
import { streams, uniforms } from '../../core/kernels/philox.ts'
import type { LibraryContext } from '../library/context.ts'
import { readPhotos } from '../library/photos/photos.ts'
import { predictionRun } from '../library/tables/filter.ts'

const sketchNumbers = 256
/** Features that each number of a sketch sums, with random signs. */
const summed = 48
/** Photos whose features tell what is usual. */
const sampled = 2000
/** So many times the wanted number are compared by the features themselves. */
const candidatesOf = (limit: number) => 3 * limit + 100
/** Others are let in after so many photos. */
const slice = 500

export interface SimilarFeatures {
  /** By ids, nearest first; neither the photos asked about nor those without features. ServiceError 'no-features'. */
  find(query: { photoIds: readonly number[]; limit: number }): Promise<SimilarPhoto[]>
}

/** What is compared of the usable photos of a library that have features. */
interface Sketches {
  readonly key: string
  readonly kind: FeatureKind
  readonly ids: Int32Array
  readonly hashes: readonly string[]
  /** i8 [photos, sketchNumbers], each row of the same length but for rounding. */
  readonly rows: Int8Array
  readonly usual: UsualFeatures
  readonly sums: RandomSums
}

type RandomSums = readonly [picks: Uint16Array, signs: Int8Array]

/** Mean and 1 / deviation of each feature. */
interface UsualFeatures {
  readonly mean: Float32Array
  readonly scale: Float32Array
}

export function createSimilarFeatures(context: LibraryContext): SimilarFeatures {
  let held: Sketches | undefined
  return {
    async find({ photoIds, limit }) {
      const sketches = (held = await sketchesOf(context, held))
      return nearest(context, sketches, photoIds, limit)
    },
  }
}

async function sketchesOf(context: LibraryContext, held: Sketches | undefined): Promise<Sketches> {
  const kind = bestKind(context)
  const cache = context.pixels.features(kind)
  const newest = context.library.db.value<number>('SELECT max(id) FROM photo') ?? 0
  const key = [kind.backbone, kind.size, cache.count, newest].join()
  if (held?.key === key) return held
  const photos = usable(context).filter(({ sha256 }) => cache.has(sha256))
  const hashes = photos.map(({ sha256 }) => sha256)
  const usual = usualOf(context, kind, hashes)
  const sums = randomSums(kind.numbers)
  const rows = new Int8Array(photos.length * sketchNumbers)
  for (const [row, hash] of hashes.entries()) {
    if (row % slice === slice - 1) await setImmediate()
    const values = cache.get(hash)
    if (values) sketchInto(rows, row, standardised(values, usual), sums)
  }
  return { key, kind, ids: Int32Array.from(photos, ({ id }) => id), hashes, rows, usual, sums }
}

/** The kind that most photos have features of. ServiceError 'no-features'. */
function bestKind({ pixels }: LibraryContext): FeatureKind {
  const kinds = pixels.featureKinds().toSorted((a, b) => pixels.features(b).count - pixels.features(a).count)
  const [kind] = kinds
  if (kind && pixels.features(kind).count > 0) return kind
  throw new ServiceError(
    'no-features',
    'No backbone has looked at the photos yet, so nothing is known of what is like what.',
    'Let it look at them first: press “Look for wrong labels now” in Review, or winnow features -L <library>.',
  )
}

function usable({ library: { db } }: LibraryContext): { id: number; sha256: string }[] {
  return db.all("SELECT id, coalesce(sha256, '') AS sha256 FROM photo WHERE usable = 1 ORDER BY id")
}

function usualOf({ pixels }: LibraryContext, kind: FeatureKind, hashes: readonly string[]): UsualFeatures {
  const cache = pixels.features(kind)
  const [sum, squares] = [new Float64Array(kind.numbers), new Float64Array(kind.numbers)]
  const step = Math.max(1, Math.floor(hashes.length / sampled))
  let count = 0
  for (let i = 0; i < hashes.length; i += step, count++) {
    cache.get(hashes[i]!)?.forEach((value, at) => {
      sum[at]! += value
      squares[at]! += value * value
    })
  }
  const mean = Float32Array.from(sum, value => value / count)
  const scale = Float32Array.from(squares, (value, at) => 1 / Math.sqrt(Math.max(1e-8, value / count - mean[at]! ** 2)))
  return { mean, scale }
}

/** Of length 1; zeros where it was all usual. */
function standardised(values: Float32Array, { mean, scale }: UsualFeatures): Float32Array {
  const made = new Float32Array(values.length)
  let squares = 0
  for (let i = 0; i < values.length; i++) {
    // A feature that hardly ever stirs must not outweigh all others where it does.
    const value = Math.max(-5, Math.min(5, (values[i]! - mean[i]!) * scale[i]!))
    made[i] = value
    squares += value * value
  }
  const length = Math.sqrt(squares) || 1
  for (let i = 0; i < made.length; i++) made[i]! /= length
  return made
}

/** Which features each number of a sketch sums, and with which sign: the same on every machine. */
function randomSums(features: number): RandomSums {
  const next = uniforms(1, streams.sample)
  const picks = new Uint16Array(sketchNumbers * summed)
  const signs = new Int8Array(sketchNumbers * summed)
  for (let i = 0; i < picks.length; i++) {
    picks[i] = Math.floor(next() * features)
    signs[i] = next() < 0.5 ? -1 : 1
  }
  return [picks, signs]
}

function sketchInto(rows: Int8Array, row: number, unit: Float32Array, [picks, signs]: RandomSums): void {
  const sums = new Float32Array(sketchNumbers)
  let squares = 0
  for (let n = 0; n < sketchNumbers; n++) {
    let sum = 0
    for (let i = n * summed; i < (n + 1) * summed; i++) sum += signs[i]! * unit[picks[i]!]!
    sums[n] = sum
    squares += sum * sum
  }
  // Single numbers reach about four times the mean.
  const scale = 32 / (Math.sqrt(squares / sketchNumbers) || 1)
  for (let n = 0; n < sketchNumbers; n++)
    rows[row * sketchNumbers + n] = Math.max(-127, Math.min(127, Math.round(sums[n]! * scale)))
}

function nearest(
  context: LibraryContext,
  sketches: Sketches,
  photoIds: readonly number[],
  limit: number,
): SimilarPhoto[] {
  const { kind, ids, hashes, rows, usual, sums } = sketches
  const cache = context.pixels.features(kind)
  const asked = new Set(photoIds)
  const own = hashesOf(context, photoIds).flatMap(hash => cache.get(hash) ?? [])
  if (own.length === 0) throw notLookedAt(photoIds)
  const direction = meanDirectionOf(own.map(values => standardised(values, usual)))
  const sketch = new Int8Array(sketchNumbers)
  sketchInto(sketch, 0, direction, sums)
  const found = best(rows, sketch, candidatesOf(limit) + asked.size)
    .flatMap(row => {
      const values = asked.has(ids[row]!) ? null : cache.get(hashes[row]!)
      return values ? [{ row, distance: 1 - dot(direction, standardised(values, usual)) }] : []
    })
    .toSorted((a, b) => a.distance - b.distance || a.row - b.row)
    .slice(0, limit)
  const { db } = context.library
  const photos = readPhotos(
    db,
    found.map(({ row }) => ids[row]!),
    predictionRun(db, {}),
  )
  return photos.map((photo, i) => ({ photo, distance: Math.max(0, found[i]!.distance) }))
}

function hashesOf({ library: { db } }: LibraryContext, photoIds: readonly number[]): string[] {
  return db.values<string>(
    "SELECT coalesce(sha256, '') FROM photo WHERE id IN (SELECT value FROM json_each(?))",
    JSON.stringify(photoIds),
  )
}

function notLookedAt(photoIds: readonly number[]): ServiceError {
  return new ServiceError(
    'no-features',
    `The backbone has not looked at ${photoIds.length === 1 ? `photo ${photoIds[0]}` : 'these photos'} yet.`,
    'Let it look at new photos first: press “Look again” in Review, or winnow features -L <library>.',
  )
}

function meanDirectionOf(units: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(units[0]!.length)
  for (const unit of units) for (let i = 0; i < sum.length; i++) sum[i]! += unit[i]!
  const length = Math.sqrt(dot(sum, sum)) || 1
  return sum.map(value => value / length)
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** The `count` rows whose sketches go best with this one, in any order. */
function best(rows: Int8Array, sketch: Int8Array, count: number): number[] {
  const photos = rows.length / sketchNumbers
  const scores = new Int32Array(photos)
  for (let row = 0; row < photos; row++) {
    let sum = 0
    const from = row * sketchNumbers
    for (let n = 0; n < sketchNumbers; n++) sum += rows[from + n]! * sketch[n]!
    scores[row] = sum
  }
  if (count >= photos) return Array.from({ length: photos }, (_, row) => row)
  const lowest = scores.toSorted()[photos - count]!
  const found: number[] = []
  for (let row = 0; row < photos; row++) if (scores[row]! >= lowest) found.push(row)
  return found
}
