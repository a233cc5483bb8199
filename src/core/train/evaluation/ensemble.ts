// Several nets as one: the mean of their probabilities. It is right more often than each net, because nets err on
// different photos.

import { CoreError } from '../../error.ts'

/** The mean of arrays [rows, classes] of the same photos and classes. Throws CoreError 'bad-argument' where they are
 *  not as long as each other. */
export function meanProbabilities(nets: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const [first] = nets
  if (!first)
    throw new CoreError('bad-argument', 'An ensemble needs at least one net.', 'Give the probabilities of each.')
  const other = nets.find(({ length }) => length !== first.length)
  if (other)
    throw new CoreError(
      'bad-argument',
      `One net has ${first.length} probabilities and another ${other.length}.`,
      'Ask all of them the same photos, with the same classes.',
    )
  return Float32Array.from(
    first,
    (_, i) => nets.reduce((sum, probabilities) => sum + probabilities[i]!, 0) / nets.length,
  )
}
