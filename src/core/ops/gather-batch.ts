// The first call of every step: the batch's photos from the data set on the device, normalised, mirrored and shifted.
// images [ROWS H W C] (u8), order [ROWS], classes [ROWS] -> x [N H W C] (f32), labels [N] (u32)

import gatherWgsl from '../../../shaders/gather-batch.wgsl?raw'
import { float, kernel, perElement } from '../gpu/kernel.ts'
import { philox, streams } from '../tensor/philox.ts'
import type { Tensor } from '../tensor/tensor.ts'

export interface Augmentation {
  /** Mirror half of the photos. */
  readonly flip: boolean
  /** Move by up to this many pixels in each direction; the edge repeats. */
  readonly shift: number
}

export interface GatherOptions {
  readonly batch: number
  /** v in 0..255 becomes (v / 255 - mean[c]) / std[c]. */
  readonly mean: readonly number[]
  readonly std: readonly number[]
  readonly augmentation?: Augmentation
}

export function gatherBatch(images: Tensor, order: Tensor, classes: Tensor, options: GatherOptions): { readonly x: Tensor; readonly labels: Tensor } {
  const { trace } = images
  const [, H, W, C] = images.shape as [number, number, number, number]
  const x = trace.tensor([options.batch, H, W, C])
  const labels = trace.tensor([options.batch], 'u32')
  const { flip = false, shift = 0 } = options.augmentation ?? {}
  trace.call(gatherKernel, { images, order, classes, x, labels }, {
    N: options.batch, H, W, C, AUGMENT: options.augmentation ? 1 : 0, FLIP: flip ? 1 : 0, SHIFT: shift, STREAM: streams.augment, ...normalisation(options),
  })
  return { x, labels }
}

function normalisation({ mean, std }: GatherOptions) {
  const scale = (c: number) => float(1 / (255 * (std[c] ?? 1)))
  const offset = (c: number) => float(-(mean[c] ?? 0) / (std[c] ?? 1))
  return {
    SCALE_0: scale(0), SCALE_1: scale(1), SCALE_2: scale(2), SCALE_3: scale(3),
    OFFSET_0: offset(0), OFFSET_1: offset(1), OFFSET_2: offset(2), OFFSET_3: offset(3),
  }
}

export const gatherKernel = kernel({
  name: 'gather-batch',
  source: gatherWgsl,
  bindings: { images: 'read', order: 'read', classes: 'read', x: 'write', labels: 'write' },
  step: true,
  grid: c => perElement(c.N! * c.H! * c.W! * c.C!),
  twin: ({ images, order, classes, x, labels }, letters, step) => {
    const { N, H, W, C } = letters as Record<string, number>
    for (let n = 0; n < N!; n++) {
      const position = step.batchStart + Math.min(n, step.batchCount - 1)
      const row = order[position]
      labels[n] = classes[row]
      const place = placing(letters, position, step.seed, step.epoch)
      for (let h = 0; h < H!; h++) {
        for (let v = 0; v < W!; v++) {
          const from = ((row * H! + place.row(h)) * W! + place.column(v)) * C!
          const to = ((n * H! + h) * W! + v) * C!
          for (let c = 0; c < C!; c++) x[to + c] = images[from + c] * letters[`SCALE_${c}`]! + letters[`OFFSET_${c}`]!
        }
      }
    }
  },
})

/** Where the pixel of an output place comes from, for one position of one epoch. */
function placing(letters: Readonly<Record<string, number>>, position: number, seed: number, epoch: number) {
  const { H, W, AUGMENT, FLIP, SHIFT, STREAM } = letters as Record<string, number>
  if (!AUGMENT) return { row: (h: number) => h, column: (v: number) => v }
  const bits = philox(position, 0, epoch, 0, seed, STREAM!)
  const flipped = FLIP === 1 && (bits[0] & 1) === 1
  const moved = (place: number, draw: number, length: number) =>
    Math.min(length - 1, Math.max(0, place + (draw % (2 * SHIFT! + 1)) - SHIFT!))
  return {
    row: (h: number) => moved(h, bits[2], H!),
    column: (v: number) => moved(flipped ? W! - 1 - v : v, bits[1], W!),
  }
}
