// The refusal of photos that are too small for a net, the same from the service and from the page, which knows before a
// run is made.

import { ServiceError } from '../errors.ts'
import { settingTable } from './table.ts'

/** `least` is the shortest side that the net takes; null where even the longest that a run may have is too short. */
export function tooSmallPhotos(preset: string, size: number, least: number | null): ServiceError {
  const { max } = settingTable.size
  if (least === null || least > max)
    return new ServiceError(
      'net-too-large',
      `No photo is large enough for ${preset}: it needs more than ${max} px.`,
      'Choose another net.',
      { preset, most: max },
    )
  return new ServiceError(
    'shape-mismatch',
    `Photos of ${size} px are too small for ${preset}, which needs at least ${least} px.`,
    `Take photos of ${least} px or more, or a smaller net.`,
    { preset, size, least },
  )
}
