// The first call of every step: the batch's photos from the data set on the device, normalised and, while training,
// changed at random by the table that draw-changes.ts makes. images [ROWS H W C] (u8), order [ROWS], classes [ROWS] ->
// x [N H W C] (f32), labels [N] (u32), mixed labels

import { CoreError } from '../../error.ts'
import { gatherKernel } from '../../kernels/batch/gather-batch.ts'
import { float } from '../../kernels/kernel.ts'
import { streams } from '../../kernels/philox.ts'
import type { Tensor } from '../../tensor/trace.ts'
import type { Augmentation } from './augmentation.ts'
import { drawChanges } from './draw-changes.ts'

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
