// y = a + b.  a [...], b [...] -> y [...]; the same shape. Skip connections.

import { CoreError } from '../error.ts'
import { addKernel } from '../kernels/elementwise/add.ts'
import { shapeText } from '../tensor/shape.ts'
import type { Tensor } from '../tensor/trace.ts'

export function add(a: Tensor, b: Tensor): Tensor {
  if (shapeText(a.shape) !== shapeText(b.shape)) {
    throw new CoreError(
      'shape-mismatch',
      `Cannot add ${shapeText(a.shape)} and ${shapeText(b.shape)}.`,
      'Give the shortcut the same stride and filters as the body.',
    )
  }
  const y = a.trace.tensor(a.shape)
  a.trace.call(addKernel, { a, b, y }, { LENGTH: a.size })
  a.trace.onBackward(y, dy => [
    [a, dy],
    [b, dy],
  ])
  return y
}
