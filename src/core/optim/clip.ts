// Clipping by the norm of all gradients together (Pascanu et al. 2013): two small calls before the update, whose factor
// every optimizer multiplies its gradients with. Without clipping the factor is a constant 1. In half precision it also
// takes the loss scale out.

import clipWgsl from '../../../shaders/optim/gradient-clip.wgsl?raw'
import squaresWgsl from '../../../shaders/optim/gradient-squares.wgsl?raw'
import { float, groupKernel, kernel } from '../kernels/kernel.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { flatAlignment, type Trace } from '../tensor/trace.ts'
import { blockTable, eachParameter } from './optimizer.ts'
import { unscaleGradients } from './unscale.ts'

/** A workgroup of `gradientSquares` adds up so many blocks of parameters. */
const blocksOfASum = 64

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

export const gradientSquares = groupKernel({
  name: 'gradient-squares',
  source: squaresWgsl,
  bindings: { blocks: 'read', gradients: 'read', squares: 'write' },
  items: c => c.SUMS!,
  reference: ({ blocks, gradients, squares }) => {
    squares.fill(0)
    eachParameter(
      blocks,
      gradients,
      [1],
      (i, gradient) => (squares[Math.floor(i / (blocksOfASum * flatAlignment))] += gradient * gradient),
    )
  },
})

export const gradientClip = kernel({
  name: 'gradient-clip',
  source: clipWgsl,
  bindings: { squares: 'read', clip: 'write' },
  grid: () => [1, 1, 1],
  reference: ({ squares, clip }, { MAXIMUM }) => {
    const norm = Math.sqrt(squares.reduce((sum: number, value: number) => sum + value, 0))
    clip[0] = Math.min(1, MAXIMUM! / (norm + 1e-6))
    clip[1] = norm
  },
})
