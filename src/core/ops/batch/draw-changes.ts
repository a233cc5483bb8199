// Draws what each photo of a batch gets: a table [N 32] that the batch kernel then applies to every pixel
// (kernels/batch/draw-changes.ts).

import { changeKinds, changeWords, drawKernel, type ChanceName } from '../../kernels/batch/draw-changes.ts'
import { float, type Constants } from '../../kernels/kernel.ts'
import { streams } from '../../kernels/philox.ts'
import type { Tensor } from '../../tensor/trace.ts'
import type { Augmentation, Chance } from './augmentation.ts'

/** order [ROWS], numbers [ROWS] -> changes [N 32] of photos of [H W C]. */
export function drawChanges(
  order: Tensor,
  numbers: Tensor,
  augmentation: Augmentation,
  batch: number,
  [H, W, C]: readonly [number, number, number],
): Tensor {
  const { trace } = order
  const changes = trace.tensor([batch, changeWords])
  const { mixup = 0, cutmix = false } = augmentation
  trace.call(
    drawKernel,
    { order, numbers, changes },
    {
      N: batch,
      H,
      W,
      C,
      STREAM: streams.augment,
      MIXUP: float(mixup),
      CUTMIX: cutmix ? 1 : 0,
      ...chances(augmentation),
    },
  )
  return changes
}

function chances(augmentation: Augmentation): Constants<ChanceName> {
  const live = changeKinds.map((kind, k) => [k, (augmentation as Record<string, Chance | undefined>)[kind]] as const)
  return Object.fromEntries(
    live.flatMap(([k, chance]) => [
      [`CHANCE_${k}`, float(chance?.probability ?? 0)],
      [`LOW_${k}`, float(chance?.range?.[0] ?? 0)],
      [`HIGH_${k}`, float(chance?.range?.[1] ?? 0)],
    ]),
  )
}
