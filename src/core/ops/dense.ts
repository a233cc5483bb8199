// A fully connected layer.  x [N F], w [F U], b [U] -> y [N U] = x w + b, then ReLU if asked

import { CoreError } from '../error.ts'
import { expectRank, shapeText, type Tensor } from '../tensor/tensor.ts'
import { addBias, biasGradient } from './bias.ts'
import { matmul, matmulKernel } from './matmul.ts'
import { reluGradient } from './relu.ts'

export function dense(x: Tensor, w: Tensor, options: { readonly bias?: Tensor; readonly relu?: boolean } = {}): Tensor {
  const { bias, relu = false } = options
  expectRank(x, 2, '[N, F]', w.name)
  if (x.shape[1] !== w.shape[0]) {
    throw new CoreError('shape-mismatch', `${w.name} is ${shapeText(w.shape)} but its input is ${shapeText(x.shape)}.`, 'The first dimension of the weight must be the second of the input.')
  }
  const y = matmul(x, w)
  if (bias) addBias(y, bias, { relu })
  x.trace.onBackward(y, dy => denseBackward(x, w, bias, relu && bias ? reluGradient(y, dy) : dy))
  return y
}

function denseBackward(x: Tensor, w: Tensor, bias: Tensor | undefined, dz: Tensor): [Tensor, Tensor][] {
  const { trace } = x
  const [n, f] = x.shape as [number, number]
  const units = w.shape[1]!
  const dw = trace.gradient(w)
  trace.call(matmulKernel, { a: x, b: dz, y: dw }, { M: f, N: units, K: n, TRANSPOSE_A: 1, TRANSPOSE_B: 0 })
  const gradients: [Tensor, Tensor][] = [[w, dw]]
  if (bias) gradients.push([bias, biasGradient(dz, bias)])
  if (trace.needsGradient(x)) {
    const dx = trace.tensor(x.shape)
    trace.call(matmulKernel, { a: dz, b: w, y: dx }, { M: n, N: f, K: units, TRANSPOSE_A: 0, TRANSPOSE_B: 1 })
    gradients.push([x, dx])
  }
  return gradients
}
