// The first call of every step: the batch's photos from the data set on the device, normalised and changed at random (augment.ts).
// images [ROWS H W C] (u8), order [ROWS], classes [ROWS] -> x [N H W C] (f32), labels [N] (u32), mixed labels

import gatherWgsl from '../../../shaders/gather-batch.wgsl?raw'
import { float, kernel, perElement } from '../gpu/kernel.ts'
import { streams } from '../tensor/philox.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { lookAt, mixOf } from './augment.ts'

/** What may change in a photo while training; what is left out does not. Shares are of 1. */
export interface Augmentation {
  /** Mirror half of the photos. */
  readonly flip: boolean
  /** Move by up to this many pixels in each direction; the edge repeats. */
  readonly shift: number
  /** Turn by up to this many degrees either way. */
  readonly rotate?: number
  /** Zoom by a factor between 1 / (1 + zoom) and 1 + zoom. */
  readonly zoom?: number
  /** Cut away up to this share of each side, at a random place. */
  readonly crop?: number
  /** Lighten or darken by up to this share of the full range; change contrast and saturation by up to this factor around 1. */
  readonly brightness?: number
  readonly contrast?: number
  readonly saturation?: number
  /** A square of this share of the shorter side becomes the mean colour. */
  readonly cutout?: number
  /** Standard deviation of normal noise, as a share of the full range. */
  readonly noise?: number
  /** Blend with another photo of the batch, of which up to this share (at most 0.5). */
  readonly mixup?: number
  /** Paste a rectangle of another photo of the batch, up to a quarter of the area. With mixup each photo gets one of the two. */
  readonly cutmix?: boolean
}

export interface GatherOptions {
  readonly batch: number
  /** v in 0..255 becomes (v / 255 - mean[c]) / std[c]. */
  readonly mean: readonly number[]
  readonly std: readonly number[]
  readonly augmentation?: Augmentation
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
  const x = trace.tensor([batch, H, W, C])
  const [labels, others, shares] = [trace.tensor([batch], 'u32'), trace.tensor([batch], 'u32'), trace.tensor([batch])]
  trace.call(gatherKernel, { images, order, classes, x, labels, others, shares }, {
    N: batch, H, W, C, STREAM: streams.augment, ...changes(augmentation, H, W), ...normalisation(options),
  })
  return { x, labels, mixed: augmentation?.mixup || augmentation?.cutmix ? { others, shares } : undefined }
}

function changes(augmentation: Augmentation | undefined, H: number, W: number) {
  const { flip = false, shift = 0, rotate = 0, zoom = 0, crop = 0, brightness = 0, contrast = 0, saturation = 0, cutout = 0, noise = 0, mixup = 0, cutmix = false } = augmentation ?? {}
  return {
    AUGMENT: augmentation ? 1 : 0, FLIP: flip ? 1 : 0, SHIFT: shift,
    TURNS: rotate || zoom || crop ? 1 : 0, ANGLE: float((rotate * Math.PI) / 180), LOG_ZOOM: float(Math.log1p(zoom)), CROP: float(crop),
    COLOURS: brightness || contrast || saturation ? 1 : 0, BRIGHTNESS: float(brightness), CONTRAST: float(contrast), SATURATION: float(saturation),
    CUTOUT: Math.round(cutout * Math.min(H, W)), NOISE: float(noise), MIXUP: float(mixup), CUTMIX: cutmix ? 1 : 0,
  }
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
  bindings: { images: 'read', order: 'read', classes: 'read', x: 'write', labels: 'write', others: 'write', shares: 'write' },
  step: true,
  grid: c => perElement(c.N! * c.H! * c.W! * c.C!),
  twin: ({ images, order, classes, x, labels, others, shares }, letters, step) => {
    const { N, H, W, C } = letters as Record<string, number>
    for (let n = 0; n < N!; n++) {
      const position = step.batchStart + Math.min(n, step.batchCount - 1)
      const mix = mixOf(letters, step, position)
      const own = lookAt(images, order[position], position, letters, step)
      const other = lookAt(images, order[mix.other], mix.other, letters, step)
      labels[n] = classes[order[position]]
      others[n] = classes[order[mix.other]]
      shares[n] = mix.share
      for (let h = 0, to = n * H! * W! * C!; h < H!; h++) {
        for (let v = 0; v < W!; v++) {
          const share = mix.at(h, v)
          for (let c = 0; c < C!; c++) x[to++] = share === 1 ? own(h, v, c) : share * own(h, v, c) + (1 - share) * other(h, v, c)
        }
      }
    }
  },
})
