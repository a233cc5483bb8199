// Pixels of a file that is in no library, by the same rule as training pixels: for `predict` and previews.

import { ServiceError } from '../../../contract/errors.ts'
import type { DecodePool, PixelShape } from '../types.ts'

/** Of a file that cannot be read as a photo. */
export const whatToDo = 'Choose another file, or open it in a photo editor and save it as JPEG or PNG.'

/** size * size * channels bytes, H W C. ServiceError with the problem's code and sentence where the file cannot be
 *  used. */
export async function decodeForModel(
  pool: DecodePool,
  path: string,
  shape: PixelShape,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const request = { key: 0, path, outputs: { thumbnail: false, quality: false, pixels: [shape] } }
  for await (const result of pool.decode([request], { signal })) {
    if (result.status === 'failed') throw new ServiceError(result.problem.code, result.problem.reason, whatToDo)
    return result.pixels[0]!.data
  }
  throw new ServiceError('internal', `Decoding ${path} gave no result.`, 'Try again.')
}
