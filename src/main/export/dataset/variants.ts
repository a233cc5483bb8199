// Changed copies of training photos as files, made by the decode processes from a recipe: what other software can train
// on that does not change photos itself. A variant depends on the photo's content, the recipe and the seed alone.

import { basename, extname } from 'node:path'
import type { AugmentationRecipe } from '../../../contract/augmentation.ts'
import type { LibraryContext } from '../../library/context.ts'
import type { DecodeRequest } from '../../pixels/types.ts'
import type { DatasetPhoto } from './dataset-photos.ts'

export interface VariantsOfPhotos {
  readonly recipe: AugmentationRecipe
  readonly seed: number
  readonly perPhoto: number
}

export interface VariantFiles {
  readonly key: number
  readonly photo: DatasetPhoto
  /** JPEG, in the photo's own size; none where it cannot be read any more. */
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[]
}

export function isTraining({ split }: DatasetPhoto): boolean {
  return split === 'train'
}

/** The variants of every training photo that is not among `done` (positions in `photos`), as they become ready. */
export async function* variantsOf(
  { pixels: { pool } }: Pick<LibraryContext, 'pixels'>,
  photos: readonly DatasetPhoto[],
  { recipe, seed, perPhoto }: VariantsOfPhotos,
  done: ReadonlySet<number>,
  signal: AbortSignal,
): AsyncGenerator<VariantFiles, void> {
  const outputs = {
    thumbnail: false,
    quality: false,
    pixels: [],
    variants: { recipe, seed, from: 0, count: perPhoto, as: 'jpeg' as const },
  }
  const requests: DecodeRequest[] = photos.flatMap((photo, key) =>
    isTraining(photo) && !done.has(key) ? [{ key, path: photo.path, outputs }] : [],
  )
  for await (const result of pool.decode(requests, { signal })) {
    const photo = photos[result.key]!
    const stem = basename(photo.path, extname(photo.path))
    const variants = result.status === 'ok' ? result.variants : []
    yield {
      key: result.key,
      photo,
      files: variants.map((bytes, i) => ({ name: `${stem} variant ${i + 1}.jpg`, bytes })),
    }
  }
}
