// Photos with wrong labels put in on purpose: a share of every class is filed under another class, chosen by a seed.
// The true class stands in the file's name, so that what a check says can be judged from the library alone.

import { linkSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { permutation, streams } from '../../../src/core/kernels/philox.ts'

export interface NoiseOptions {
  /** The first so many photos of each class by name; default: all. */
  readonly perClass?: number
  /** Of these, leave out the first so many. */
  readonly from?: number
  readonly share: number
  readonly seed: number
}

const mark = '--'

/** Links the photos of `source` (a folder a class) into `target`, `share` of them in a wrong class's folder. Answers
 *  how many were moved. */
export function fileWithNoise(
  source: string,
  target: string,
  { perClass = Infinity, from = 0, share, seed }: NoiseOptions,
): number {
  const classes = readdirSync(source).sort()
  const photos = classes.flatMap(truth =>
    readdirSync(join(source, truth))
      .sort()
      .slice(from, from + perClass)
      .map(name => ({ truth, name })),
  )
  const order = permutation(photos.length, seed, streams.split, 0)
  const others = permutation(photos.length, seed, streams.split, 1)
  const flipped = new Set(order.slice(0, Math.round(photos.length * share)))
  rmSync(target, { recursive: true, force: true })
  for (const name of classes) mkdirSync(join(target, name), { recursive: true })
  photos.forEach(({ truth, name }, i) => {
    const given = flipped.has(i)
      ? classes[(classes.indexOf(truth) + 1 + (others[i]! % (classes.length - 1))) % classes.length]!
      : truth
    linkSync(join(source, truth, name), join(target, given, `${truth}${mark}${name}`))
  })
  return flipped.size
}

/** The class a photo really shows, by its file's name; null where it was filed by nobody here. */
export function truthOf(name: string): string | null {
  return name.includes(mark) ? name.slice(0, name.indexOf(mark)) : null
}
