// A fully connected layer.  x [N F], w [F U], b [U] -> y [N U] = x w + b, then ReLU if asked

import { CoreError } from '../../error.ts'
import { expectRank, shapeText } from '../../tensor/shape.ts'
import type { Tensor } from '../../tensor/trace.ts'
import { product, productSums } from '../../gemm/kernels.ts'
import { addBias } from './bias.ts'
import { reluGradient, applyReluMask } from '../relu.ts'

export function dense(x: Tensor, w: Tensor, options: { readonly bias?: Tensor; readonly relu?: boolean } = {}): Tensor {
  const { bias, relu = false } = options
  expectRank(x, 2, '[N, F]', w.name)
  if (x.shape[1] !== w.shape[0]) {
    throw new CoreError(
      'shape-mismatch',
      `${w.name} is ${shapeText(w.shape)} but its input is ${shapeText(x.shape)}.`,
      'The first dimension of the weight must be the second of the input.',
    )
  }
  const { trace } = x
  const y = trace.tensor([x.shape[0]!, w.shape[1]!])
  const constants = { M: x.shape[0]!, N: w.shape[1]!, K: x.shape[1]!, TRANSPOSE_A: 0, TRANSPOSE_B: 0 }
  trace.call(product, { a: x, b: w, y }, constants)
  if (bias) addBias(y, bias, { relu })
  trace.onBackward(y, dy => denseBackward(x, w, bias, relu && bias ? reluGradient(y, dy) : dy))
  return y
}

function denseBackward(x: Tensor, w: Tensor, bias: Tensor | undefined, dz: Tensor): [Tensor, Tensor][] {
  const { trace } = x
  const gradients = trace.isFrozen(w) && (!bias || trace.isFrozen(bias)) ? [] : weightGradients(x, w, bias, dz)
  if (!trace.needsGradient(x)) return gradients
  const [n, f] = x.shape as [number, number]
  const dx = trace.tensor(x.shape)
  trace.call(product, { a: dz, b: w, y: dx }, { M: n, N: f, K: w.shape[1]!, TRANSPOSE_A: 0, TRANSPOSE_B: 1 })
  return [...gradients, [x, applyReluMask(x, dx)]]
}

function weightGradients(x: Tensor, w: Tensor, bias: Tensor | undefined, dz: Tensor): [Tensor, Tensor][] {
  const { trace } = x
  const [n, f] = x.shape as [number, number]
  const dw = trace.gradient(w)
  const constants = { M: f, N: w.shape[1]!, K: n, TRANSPOSE_A: 1, TRANSPOSE_B: 0 }
  if (!bias) {
    trace.call(product, { a: x, b: dz, y: dw }, constants)
    return [[w, dw]]
  }
  const db = trace.gradient(bias)
  trace.call(productSums, { a: x, b: dz, y: dw, sums: db }, constants)
  return [
    [w, dw],
    [bias, db],
  ]
}
