// y = x f, where the factors f have one value a channel, or as many as x (squeeze and excitation).
// x [N H W C], f [N 1 1 C] or [N H W C] -> y [N H W C]

import { CoreError } from '../error.ts'
import { multiplyKernel, multiplySums } from '../kernels/elementwise/multiply.ts'
import { shapeText } from '../tensor/shape.ts'
import type { Tensor } from '../tensor/trace.ts'

export function multiply(x: Tensor, f: Tensor): Tensor {
  const { trace } = x
  const constants = dimsOf(x, f)
  const y = trace.tensor(x.shape)
  trace.call(multiplyKernel, { a: x, b: f, y }, constants)
  trace.onBackward(y, dy => {
    const [dx, df] = [trace.tensor(x.shape), trace.tensor(f.shape)]
    trace.call(multiplyKernel, { a: dy, b: f, y: dx }, constants)
    trace.call(multiplySums, { a: dy, b: x, sums: df }, constants)
    return [
      [x, dx],
      [f, df],
    ]
  })
  return y
}

function dimsOf(x: Tensor, f: Tensor): { readonly N: number; readonly AREA: number; readonly C: number } {
  const C = x.shape.at(-1)!
  const perChannel = [x.shape[0]!, ...x.shape.slice(1, -1).map(() => 1), C]
  if (shapeText(f.shape) === shapeText(x.shape)) return { N: x.size / C, AREA: 1, C }
  if (shapeText(f.shape) === shapeText(perChannel)) return { N: x.shape[0]!, AREA: x.size / (x.shape[0]! * C), C }
  throw new CoreError(
    'shape-mismatch',
    `Cannot multiply ${shapeText(x.shape)} by ${shapeText(f.shape)}.`,
    `End the body in ${shapeText(perChannel)}, one value a channel, or in the shape of what it multiplies.`,
  )
}
