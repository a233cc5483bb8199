// Answers for a photo and its mirror image together: the batch grows by the mirror images, and what the net makes of
// both is averaged. For evaluation alone: neither has a gradient.

import meanOfHalvesWgsl from '../../../../shaders/batch/mean-of-halves.wgsl?raw'
import withMirroredWgsl from '../../../../shaders/batch/with-mirrored.wgsl?raw'
import { elementKernel } from '../../kernels/kernel.ts'
import { expectRank, type Tensor } from '../../tensor/tensor.ts'

/** x [N H W C] -> [2N H W C]: the photos, then each with left and right exchanged. */
export function withMirrored(x: Tensor): Tensor {
  expectRank(x, 4, '[N, H, W, C]', 'Mirroring')
  const [N, H, W, C] = x.shape as [number, number, number, number]
  const y = x.trace.tensor([2 * N, H, W, C])
  x.trace.call(withMirroredKernel, { x, y }, { LENGTH: x.size, W, C })
  return y
}

/** x [2N ...] -> [N ...]: the mean of row n and row N + n. */
export function meanOfHalves(x: Tensor): Tensor {
  const [rows, ...rest] = x.shape
  const y = x.trace.tensor([rows! / 2, ...rest])
  x.trace.call(meanOfHalvesKernel, { x, y }, { LENGTH: y.size })
  return y
}

export const withMirroredKernel = elementKernel({
  name: 'with-mirrored',
  source: withMirroredWgsl,
  bindings: { x: 'read', y: 'write' },
  elements: c => c.LENGTH!,
  reference: ({ x, y }, { LENGTH, W, C }) => {
    for (let i = 0; i < LENGTH!; i++) {
      const column = Math.floor(i / C!) % W!
      y[i] = x[i]
      y[LENGTH! + i + (W! - 1 - 2 * column) * C!] = x[i]
    }
  },
})

export const meanOfHalvesKernel = elementKernel({
  name: 'mean-of-halves',
  source: meanOfHalvesWgsl,
  bindings: { x: 'read', y: 'write' },
  elements: c => c.LENGTH!,
  reference: ({ x, y }, { LENGTH }) => {
    for (let i = 0; i < LENGTH!; i++) y[i] = (x[i] + x[LENGTH! + i]) / 2
  },
})
