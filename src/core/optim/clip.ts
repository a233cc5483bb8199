// Clipping by the norm of all gradients together (Pascanu et al. 2013): two small calls before the update make a factor
// that every optimizer multiplies its gradients by. Without clipping the factor is the constant 1. In half precision
// the factor also divides by the loss scale.

import { float } from '../kernels/kernel.ts'
import { blocksOfASum, gradientClip, gradientSquares } from '../kernels/optim/clip.ts'
import type { Tensor, Trace } from '../tensor/trace.ts'
import { blockTable } from './optimizer.ts'
import { unscaleGradients } from './unscale.ts'

/** The state `optimizer.clip` [2]: the factor, and the norm before clipping (0 where nobody measures it). */
export function clipping(trace: Trace, maximum: number | undefined): Tensor {
  const clip = trace.state('optimizer.clip', [2], 'f32', values => values.set([1, 0]))
  if (maximum === undefined && !trace.half) return clip
  const blocks = blockTable(trace)
  const BLOCKS = blocks.shape[0]!
  const SUMS = Math.ceil(BLOCKS / blocksOfASum)
  const squares = trace.tensor([SUMS])
  trace.call(gradientSquares, { blocks, gradients: trace.flat('gradient'), squares }, { BLOCKS, SUMS })
  if (trace.half) unscaleGradients(squares, clip, maximum)
  else trace.call(gradientClip, { squares, clip }, { SUMS, MAXIMUM: float(maximum!) })
  return clip
}
