// The pixels of a run's rows as bytes, straight from the packed cache.

import { ServiceError } from '../../../contract/errors.ts'
import type { LibraryContext } from '../../library/context.ts'
import { rowHashes } from '../photos.ts'
import { getRun } from '../rows.ts'

const mostBytes = 256 * 2 ** 20

/** Rows from .. from + count, u8 H W C, one after the other. ServiceError 'bad-range', or the cache's 'pixels-missing'
 *  before runs.prepare. */
export function readPixels(
  context: LibraryContext,
  runId: number,
  from: number,
  count: number,
): Uint8Array<ArrayBuffer> {
  const { db } = context.library
  const { name, settings } = getRun(db, runId)
  const { size, channels } = settings
  const hashes = rowHashes(db, runId, from, count)
  if (hashes.length < count) {
    throw new ServiceError(
      'bad-range',
      `${name} has no rows ${from} to ${from + count - 1}.`,
      'Ask for rows that runs.rows lists.',
    )
  }
  if (count * size * size * channels > mostBytes) {
    throw new ServiceError(
      'bad-range',
      `${count} rows of ${size} x ${size} x ${channels} are more than 256 MiB at once.`,
      'Ask for fewer rows.',
    )
  }
  return context.pixels.cache(settings).rows(hashes, 0, count)
}
