// The first call of every step: the batch's photos from the data set on the device, normalised and, while training,
// changed at random by the table that draw-changes.ts makes. images [ROWS H W C] (u8), order [ROWS], classes [ROWS] ->
// x [N H W C] (f32), labels [N] (u32), mixed labels

import gatherWgsl from '../../../../shaders/batch/gather-batch.wgsl?raw'
import { CoreError } from '../../error.ts'
import { elementKernel, float } from '../../kernels/kernel.ts'
import { streams } from '../../kernels/philox.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import type { Augmentation } from './augmentation.ts'
import { lookAt } from '../../kernels/batch/changed-photo.ts'
import { changeWords, drawChanges } from '../../kernels/batch/draw-changes.ts'

export interface GatherOptions {
  readonly batch: number
  /** v in 0..255 becomes (v / 255 - mean[c]) / std[c]. */
  readonly mean: readonly number[]
  readonly std: readonly number[]
  /** What may change, and each row's number for its draws [ROWS]. */
  readonly augmentation?: { readonly changes: Augmentation; readonly numbers: Tensor } | undefined
}

export interface Gathered {
  readonly x: Tensor
  readonly labels: Tensor
  /** Where photos are mixed: the other photo's label and the own share, for the loss. */
  readonly mixed: { readonly others: Tensor; readonly shares: Tensor } | undefined
}

export function gatherBatch(images: Tensor, order: Tensor, classes: Tensor, options: GatherOptions): Gathered {
  const { trace } = images
  const { batch, augmentation } = options
  const [, H, W, C] = images.shape as [number, number, number, number]
  if (C > 4) throw new CoreError('shape-mismatch', `Photos of ${H} x ${W} have ${C} channels.`, 'Give at most four.')
  const changes = augmentation
    ? drawChanges(order, augmentation.numbers, augmentation.changes, batch, [H, W, C])
    : order // read only where AUGMENT is 1
  const x = trace.tensor([batch, H, W, C])
  const [labels, others, shares] = [trace.tensor([batch], 'u32'), trace.tensor([batch], 'u32'), trace.tensor([batch])]
  trace.call(
    gatherKernel,
    { images, order, classes, changes, x, labels, others, shares },
    {
      N: batch,
      H,
      W,
      C,
      STREAM: streams.augment,
      AUGMENT: augmentation ? 1 : 0,
      NOISE: augmentation?.changes.noise ? 1 : 0,
      MIXED: augmentation && isMixed(augmentation.changes) ? 1 : 0,
      ...normalisation(options),
    },
  )
  return { x, labels, mixed: augmentation && isMixed(augmentation.changes) ? { others, shares } : undefined }
}

function isMixed({ mixup = 0, cutmix = false }: Augmentation): boolean {
  return mixup > 0 || cutmix
}

function normalisation({ mean, std }: GatherOptions) {
  const scale = (c: number) => float(1 / (255 * (std[c] ?? 1)))
  const offset = (c: number) => float(-(mean[c] ?? 0) / (std[c] ?? 1))
  return {
    SCALE_0: scale(0),
    SCALE_1: scale(1),
    SCALE_2: scale(2),
    SCALE_3: scale(3),
    OFFSET_0: offset(0),
    OFFSET_1: offset(1),
    OFFSET_2: offset(2),
    OFFSET_3: offset(3),
  }
}

export const gatherKernel = elementKernel({
  name: 'gather-batch',
  source: gatherWgsl,
  bindings: {
    images: 'read',
    order: 'read',
    classes: 'read',
    changes: 'read',
    x: 'write',
    labels: 'write',
    others: 'write',
    shares: 'write',
  },
  half: ['x'],
  step: true,
  elements: c => c.N! * c.H! * c.W!,
  reference: ({ images, order, classes, changes, x, labels, others, shares }, dims, step) => {
    const { N, H, W, C, AUGMENT, MIXED } = dims as Record<'N' | 'H' | 'W' | 'C' | 'AUGMENT' | 'MIXED', number>
    const size = H * W * C
    const rowAt = (n: number): number => order[step.batchStart + Math.min(n, step.batchCount - 1)]
    const changeAt = (n: number) => (AUGMENT ? changes.subarray(n * changeWords, (n + 1) * changeWords) : undefined)
    const theirs = new Float32Array(MIXED ? size : 0)
    for (let n = 0; n < N; n++) {
      const own = x.subarray(n * size, (n + 1) * size)
      const change = changeAt(n)
      lookAt(images, rowAt(n), change, dims, own)
      labels[n] = classes[rowAt(n)]
      if (!MIXED) continue
      others[n] = classes[rowAt(change[24])]
      shares[n] = change[25]
      lookAt(images, rowAt(change[24]), changeAt(change[24]), dims, theirs)
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
