// The table of blocks of the optimizers' kernels, and the walk over it for their references: for every 64 parameters
// where their partial gradients lie, how many there are, and the factor of the learning rate.

import type { ReadFloats, ReadWords } from '../kernel.ts'

/** Flat buffers are divided at multiples of 64 elements: 256 bytes, WebGPU's default alignment of a binding's offset. */
export const flatAlignment = 64

type Visit = (i: number, gradient: number, decays: boolean, rateFactor: number) => void

/** Calls `visit(i, gradient times clip[0], decays, factor of the rate)` for every parameter, in order; gradient 0 where
 *  it has none. A factor of 0 skips the update (optim/unscale.ts): nothing is visited. `blocks` [blocks 4] is the table
 *  of `blockTable` (optim/optimizer.ts). */
export function eachParameter(blocks: ReadWords, gradients: ReadFloats, clip: ArrayLike<number>, visit: Visit): void {
  if (clip[0] === 0) return
  const factors = new Float32Array(blocks.buffer, blocks.byteOffset, blocks.length)
  for (let block = 0; block * 4 < blocks.length; block++) {
    const [first, stride, parts] = blocks.subarray(block * 4, block * 4 + 3) as unknown as [number, number, number]
    const factor = factors[block * 4 + 3]!
    for (let thread = 0; thread < flatAlignment; thread++) {
      let gradient = 0
      for (let part = 0; part < parts; part++) gradient += gradients[first + part * stride + thread]!
      visit(block * flatAlignment + thread, gradient * clip[0]!, factor > 0, Math.abs(factor))
    }
  }
}
