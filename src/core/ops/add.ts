// y = a + b.  a [...], b [...] -> y [...]; the same shape. Skip connections, and gradients that meet.

import addWgsl from '../../../shaders/elementwise/add.wgsl?raw'
import { CoreError } from '../error.ts'
import { elementKernel } from '../kernels/kernel.ts'
import { shapeText, type Tensor } from '../tensor/tensor.ts'

export function add(a: Tensor, b: Tensor): Tensor {
  if (shapeText(a.shape) !== shapeText(b.shape)) {
    throw new CoreError(
      'shape-mismatch',
      `Cannot add ${shapeText(a.shape)} and ${shapeText(b.shape)}.`,
      'Give the shortcut the same stride and filters as the body.',
    )
  }
  const y = addGradients(a, b)
  a.trace.onBackward(y, dy => [
    [a, dy],
    [b, dy],
  ])
  return y
}

/** The sum without a backward: what the tape uses where two gradients of one tensor meet. */
export function addGradients(a: Tensor, b: Tensor): Tensor {
  const y = a.trace.tensor(a.shape)
  a.trace.call(addKernel, { a, b, y }, { LENGTH: a.size })
  return y
}

export const addKernel = elementKernel({
  name: 'add',
  source: addWgsl,
  bindings: { a: 'read', b: 'read', y: 'write' },
  half: ['a', 'b', 'y'],
  elements: c => c.LENGTH!,
  reference: ({ a, b, y }) => {
    for (let i = 0; i < y.length; i++) y[i] = a[i] + b[i]
  },
})
