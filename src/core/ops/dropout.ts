// Zeroes each value with probability `rate` while training and scales the rest by 1 / (1 - rate).  x [...] -> y [...]
// The mask is never stored: forward and backward draw the same counter-based numbers.

import { CoreError } from '../error.ts'
import { dropoutKernel } from '../kernels/elementwise/dropout.ts'
import { float } from '../kernels/kernel.ts'
import { streams } from '../kernels/philox.ts'
import type { Tensor } from '../tensor/trace.ts'
import { scaled } from './scale.ts'

/** `layer` tells the dropouts of one net apart. Outside training it returns x itself. CoreError 'bad-model' where
 *  nothing would be left. */
export function dropout(x: Tensor, options: { readonly rate: number; readonly layer: number }): Tensor {
  if (!(options.rate >= 0 && options.rate < 1)) {
    throw new CoreError(
      'bad-model',
      `A dropout has the rate ${options.rate}, which leaves nothing to learn from.`,
      'Give a number from 0 to below 1, such as 0.5.',
    )
  }
  if (!x.trace.training || options.rate === 0) return x
  const { trace } = x
  const y = masked(x, options)
  if (trace.isRectified(x)) trace.markRectified(y)
  trace.onBackward(y, dy => {
    if (!trace.isReluMaskApplied(dy, y)) return [[x, masked(dy, options)]]
    const dx = scaled(dy, 1 / (1 - options.rate)) // zero wherever y is, so the mask has been passed too
    trace.markReluMaskApplied(dx, x)
    return [[x, dx]]
  })
  return y
}

function masked(x: Tensor, { rate, layer }: { readonly rate: number; readonly layer: number }): Tensor {
  const y = x.trace.tensor(x.shape)
  x.trace.call(
    dropoutKernel,
    { x, y },
    { LENGTH: x.size, LAYER: layer, STREAM: streams.dropout, RATE: float(rate), SCALE: float(1 / (1 - rate)) },
  )
  return y
}
