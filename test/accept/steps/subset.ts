// Some of the clothing photos as a folder of their own, which a story imports into a library of its own.

import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { clothingPhotos } from '../clothing.ts'
import { winnow, type Story } from './winnow.ts'

export interface Subset {
  /** Of the library and its folder. */
  readonly name: string
  readonly classes: readonly string[]
  /** Training photos of each class, the first by name; default all. */
  readonly each?: number
  /** Of these, leave out the first so many. Default: 0. */
  readonly from?: number
}

/** Imports it anew; answers the path of its library. */
export async function importSubset(
  story: Story,
  { name, classes, each = Infinity, from: first = 0 }: Subset,
): Promise<string> {
  const [folder, library] = [join(story.work, name), join(story.work, `${name}.winnow`)]
  rmSync(folder, { recursive: true, force: true })
  rmSync(library, { recursive: true, force: true })
  const from = clothingPhotos(story)
  for (const split of ['train', 'validation', 'test']) {
    for (const className of classes)
      copySome(
        join(from, split, className),
        join(folder, split, className),
        ...(split === 'train' ? ([first, each] as const) : ([0, Infinity] as const)),
      )
  }
  await winnow(story, 'import', folder, '-L', library)
  return library
}

function copySome(from: string, to: string, first: number, count: number): void {
  mkdirSync(to, { recursive: true })
  for (const file of readdirSync(from)
    .sort()
    .slice(first, first + count))
    cpSync(join(from, file), join(to, file))
}
