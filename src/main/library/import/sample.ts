// The sample set: 240 drawn photos in three classes, one in twenty of them under a wrong label, and beside them what
// real folders hold: files cut short, emptied, text named .jpg, a PNG named .jpg, copies, near duplicates, dark photos.
// All follows from the seed. What is wrong with which file stands in answers.json beside (not in) the photo folder, so
// that a demo can say how much was found.

import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { drawSample, randomNumbers, sampleKinds, type SampleKind, type SampleSpec } from '../../pixels/sample-photos.ts'

export interface SampleAnswers {
  readonly seed: number
  /** Paths relative to the photo folder. */
  readonly mislabelled: readonly { readonly path: string; readonly label: SampleKind; readonly truth: SampleKind }[]
  readonly truncated: readonly string[]
  readonly empty: readonly string[]
  readonly notImages: readonly string[]
  readonly wrongExtension: readonly string[]
  readonly dark: readonly string[]
  readonly copies: readonly { readonly path: string; readonly of: string }[]
  readonly nearCopies: readonly { readonly path: string; readonly of: string }[]
}

interface SampleFile {
  readonly path: string
  readonly make: () => Uint8Array
}

const perClass = 80
const mislabelledPerClass = 4
const counts = { truncated: 3, empty: 2, notImages: 2, wrongExtension: 2, dark: 3, copies: 6, nearCopies: 6 } as const
const defaultSeed = 4

/**
 * Writes the set below `folder` unless it is there, and answers the folder to import (`<folder>/photos`). About 6 MB.
 * Started again after an interruption, it writes the same files over.
 */
export async function makeSampleSet(folder: string, signal: AbortSignal, seed = defaultSeed): Promise<string> {
  const photos = join(folder, 'photos')
  const answersFile = join(folder, 'answers.json')
  if (existsSync(answersFile)) return photos
  const { files, answers } = planSample(seed)
  for (const kind of sampleKinds) await mkdir(join(photos, kind), { recursive: true })
  for (const { path, make } of files) {
    signal.throwIfAborted()
    await writeFile(join(photos, path), make())
  }
  await writeWhole(answersFile, JSON.stringify(answers, null, 2))
  return photos
}

/** The files of the set and what is wrong with them; nothing is drawn until `make` is called. */
export function planSample(seed: number): { readonly files: readonly SampleFile[]; readonly answers: SampleAnswers } {
  const random = randomNumbers(seed)
  const photos = goodPhotos(seed, random)
  const files: SampleFile[] = photos.map(({ path, spec }) => ({ path, make: () => drawSample(spec) }))
  const next = numbering(photos.length + 1)
  const pick = () => photos[Math.floor(random() * photos.length)]!
  const add = (count: number, suffix: string, make: (source: PlannedPhoto) => Uint8Array) =>
    Array.from({ length: count }, () => {
      const source = pick()
      const path = `${source.label}/${next()}${suffix}`
      files.push({ path, make: () => make(source) })
      return { path, of: source.path }
    })
  const paths = (added: readonly { path: string }[]) => added.map(({ path }) => path)
  const other = (spec: SampleSpec, by: Partial<SampleSpec>) => drawSample({ ...spec, seed: spec.seed + 500_000, ...by })
  return {
    files,
    answers: {
      seed,
      mislabelled: photos
        .filter(photo => photo.label !== photo.spec.kind)
        .map(({ path, label, spec }) => ({ path, label, truth: spec.kind })),
      truncated: paths(add(counts.truncated, '.png', ({ spec }) => halfOf(other(spec, {})))),
      empty: paths(add(counts.empty, '.jpg', () => new Uint8Array(0))),
      notImages: paths(
        add(counts.notImages, '.jpg', () => Buffer.from('The photo that was to be here is on the other disk.\n')),
      ),
      wrongExtension: paths(add(counts.wrongExtension, '.jpg', ({ spec }) => other(spec, {}))),
      dark: paths(add(counts.dark, '.png', ({ spec }) => other(spec, { light: 0.12, grain: 1.5 }))),
      copies: add(counts.copies, '.png', ({ spec }) => drawSample(spec)),
      nearCopies: add(counts.nearCopies, '.png', ({ spec }) =>
        drawSample({ ...spec, light: 0.93, grain: spec.grain * 0.8 }),
      ),
    },
  }
}

interface PlannedPhoto {
  readonly path: string
  readonly label: SampleKind
  readonly spec: SampleSpec
}

/** The first few of each class get the label of another. Names are numbers, so they give nothing away. */
function goodPhotos(seed: number, random: () => number): PlannedPhoto[] {
  const next = numbering(1)
  return sampleKinds.flatMap((kind, k) =>
    Array.from({ length: perClass }, (_, i) => {
      const label = i < mislabelledPerClass ? sampleKinds[(k + 1 + (i & 1)) % sampleKinds.length]! : kind
      const side = () => 96 + 8 * Math.floor(random() * 5)
      const photoSeed = seed + 1000 * k + i
      const spec: SampleSpec = {
        kind,
        width: side(),
        height: side(),
        seed: photoSeed,
        light: 1,
        grain: 6 + 6 * random(),
        grainSeed: photoSeed + 100_000,
      }
      return { path: `${label}/${next()}.png`, label, spec }
    }),
  )
}

function numbering(first: number): () => string {
  let number = first
  return () => `photo-${String(number++).padStart(4, '0')}`
}

function halfOf(file: Uint8Array): Uint8Array {
  return file.subarray(0, Math.floor(file.length * 0.55))
}

async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const partial = `${path}.partial`
  try {
    await writeFile(partial, text)
    await rename(partial, path)
  } finally {
    await rm(partial, { force: true })
  }
}
