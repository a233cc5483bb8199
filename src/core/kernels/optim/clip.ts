// Clipping by the norm of all gradients together (Pascanu et al. 2013): sums of squares, then the factor.

import clipWgsl from '../../../../shaders/optim/gradient-clip.wgsl?raw'
import squaresWgsl from '../../../../shaders/optim/gradient-squares.wgsl?raw'
import { groupKernel, kernel } from '../kernel.ts'
import { eachParameter, flatAlignment } from './blocks.ts'
import { itemPass } from '../wasm-form.ts'

/** A workgroup of `gradientSquares` adds up so many blocks of parameters. */
export const blocksOfASum = 64

export const gradientSquares = groupKernel({
  name: 'gradient-squares',
  source: squaresWgsl,
  bindings: { blocks: 'read u32', gradients: 'read', squares: 'write' },
  constants: ['BLOCKS', 'SUMS'],
  items: c => c.SUMS,
  wasm: c => [itemPass('gradientSquares', c.SUMS, 8192)],
  reference: ({ blocks, gradients, squares }) => {
    squares.fill(0)
    eachParameter(
      blocks,
      gradients,
      [1],
      (i, gradient) => (squares[Math.floor(i / (blocksOfASum * flatAlignment))]! += gradient * gradient),
    )
  },
})

/** clip [2]: the factor that keeps the norm below MAXIMUM, and the norm. */
export const gradientClip = kernel({
  name: 'gradient-clip',
  source: clipWgsl,
  bindings: { squares: 'read', clip: 'write' },
  constants: ['SUMS', 'MAXIMUM'],
  grid: () => [1, 1, 1],
  reference: ({ squares, clip }, { MAXIMUM }) => {
    const norm = Math.sqrt(squares.reduce((sum, value) => sum + value, 0))
    clip[0] = Math.min(1, MAXIMUM / (norm + 1e-6))
    clip[1] = norm
  },
})
