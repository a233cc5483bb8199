// The same values under another shape; no kernel runs.  x [...] -> y [...] of as many elements

import { CoreError } from '../error.ts'
import { shapeText, sizeOf, type Shape } from '../tensor/shape.ts'
import type { Tensor } from '../tensor/trace.ts'

export function reshape(x: Tensor, shape: Shape): Tensor {
  if (sizeOf(shape) !== x.size) {
    throw new CoreError(
      'shape-mismatch',
      `${shapeText(x.shape)} cannot be seen as ${shapeText(shape)}.`,
      'Keep the number of elements.',
    )
  }
  const y = x.trace.alias(x, shape)
  if (x.trace.needsGradient(x)) x.trace.onBackward(y, dy => [[x, x.trace.alias(dy, x.shape)]])
  return y
}
