// The batch's photos from the data set on the device, normalised and, with AUGMENT, changed by the table of
// draw-changes.ts. images [ROWS H W C] (u8), order [ROWS], classes [ROWS] -> x [N H W C], labels [N]; with MIXED the
// other photo's label and the own share.

import gatherWgsl from '../../../../shaders/batch/gather-batch.wgsl?raw'
import { elementKernel } from '../kernel.ts'
import { writeChanged } from './changed-photo.ts'
import { changeWords } from './draw-changes.ts'

export const gatherKernel = elementKernel({
  name: 'gather-batch',
  source: gatherWgsl,
  bindings: {
    images: 'read u8',
    order: 'read u32',
    classes: 'read u32',
    changes: 'read',
    x: 'write',
    labels: 'write u32',
    others: 'write u32',
    shares: 'write',
  },
  constants: [
    'N',
    'H',
    'W',
    'C',
    'STREAM',
    'AUGMENT',
    'NOISE',
    'MIXED',
    'SCALE_0',
    'SCALE_1',
    'SCALE_2',
    'SCALE_3',
    'OFFSET_0',
    'OFFSET_1',
    'OFFSET_2',
    'OFFSET_3',
  ],
  half: ['x'],
  step: true,
  elements: c => c.N * c.H * c.W,
  wasm: c => [
    {
      entry: 'gatherBatch',
      items: c.N,
      grain: 1,
      threadScratch: c.MIXED === 1 ? c.H * c.W * c.C * 4 : 0,
    },
  ],
  reference: ({ images, order, classes, changes, x, labels, others, shares }, dims, step) => {
    const { N, H, W, C, AUGMENT, MIXED } = dims
    const size = H * W * C
    const rowAt = (n: number): number => order[step.batchStart + Math.min(n, step.batchCount - 1)]!
    const changeAt = (n: number) => changes.subarray(n * changeWords, (n + 1) * changeWords)
    const write = (n: number, to: Float32Array) =>
      writeChanged(images, rowAt(n), AUGMENT ? changeAt(n) : undefined, dims, to)
    const theirs = new Float32Array(MIXED ? size : 0)
    for (let n = 0; n < N; n++) {
      const own = x.subarray(n * size, (n + 1) * size)
      write(n, own)
      labels[n] = classes[rowAt(n)]!
      if (!MIXED) continue
      const change = changeAt(n)
      const other = change[24]!
      others[n] = classes[rowAt(other)]!
      shares[n] = change[25]!
      write(other, theirs)
      mixInto(own, theirs, change, W * C, C)
    }
  },
})

function mixInto(own: Float32Array, theirs: Float32Array, change: Float32Array, rowLength: number, C: number): void {
  const [left, top, right, bottom, outside] = change.subarray(26, 31) as unknown as [
    number,
    number,
    number,
    number,
    number,
  ]
  for (let i = 0; i < own.length; i++) {
    const [h, v] = [Math.floor(i / rowLength), Math.floor((i % rowLength) / C)]
    const share = h >= top && h < bottom && v >= left && v < right ? 0 : outside
    own[i] = share * own[i]! + (1 - share) * theirs[i]!
  }
}
