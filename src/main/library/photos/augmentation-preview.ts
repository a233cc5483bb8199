// What a recipe does to a photo, as a picture of twenty-four tiles: made by the decode processes from the same draws as
// training uses.

import { parseRecipe } from '../../../contract/augmentation.ts'
import { ServiceError } from '../../../contract/errors.ts'
import type { FitName } from '../../../contract/records.ts'
import type { LibraryContext } from '../context.ts'
import { photoFile } from '../tables/roots.ts'

export interface PreviewWanted {
  readonly photoId: number
  /** An AugmentationRecipe as JSON. */
  readonly recipe: string
  readonly seed: number
  /** Side of a tile in pixels. */
  readonly tile: number
  /** Default squash. */
  readonly fit?: FitName | undefined
}

/** WebP of 6 x 4 tiles: the photo as it is, then its variants 0 to 22. ServiceError 'bad-recipe', 'no-photo',
 *  'no-preview'. */
export async function augmentationPreview(
  { library, pixels }: Pick<LibraryContext, 'library' | 'pixels'>,
  wanted: PreviewWanted,
): Promise<Uint8Array> {
  const { photoId, seed, tile, fit } = wanted
  const sheet = { recipe: parseRecipe(wanted.recipe), seed, tile, fit }
  const request = {
    key: photoId,
    path: photoFile(library.db, photoId),
    outputs: { thumbnail: false, quality: false, pixels: [], sheet },
  }
  for await (const result of pixels.pool.decode([request], { signal: new AbortController().signal })) {
    if (result.status === 'ok') return result.sheet!.image
    throw new ServiceError('no-preview', result.problem.reason, 'Choose another photo for the preview.')
  }
  throw new ServiceError('no-preview', `Photo ${photoId} could not be read.`, 'Choose another photo for the preview.')
}
