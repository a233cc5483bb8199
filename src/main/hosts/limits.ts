// What a person may change of what is read safely, by the environment that a host hands in.

import { ServiceError } from '../../contract/errors.ts'

/** WINNOW_MAX_MEGAPIXELS: photos with more are listed as too large. Undefined where it is not set: 150. ServiceError
 *  'bad-setting'. */
export function maxPixelsFrom(env: Readonly<Record<string, string | undefined>>): number | undefined {
  const text = env['WINNOW_MAX_MEGAPIXELS']
  if (text === undefined || text === '') return undefined
  const megapixels = Number(text)
  if (megapixels >= 1 && megapixels <= 10_000) return Math.round(megapixels * 1e6)
  throw new ServiceError(
    'bad-setting',
    `WINNOW_MAX_MEGAPIXELS is ${JSON.stringify(text)}, which is no number from 1 to 10000.`,
    'Set it to the millions of pixels of the largest photo to be read, or leave it out.',
  )
}
