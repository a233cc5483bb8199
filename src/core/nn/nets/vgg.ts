// VGG nets (Simonyan and Zisserman 2014) with torchvision's names. At 224 x 224 all shapes are torchvision's too; at
// other sizes the first dense layer reads what is left of the photo, and a pool that would have nothing to halve is
// left out.

import type { LayerDescription } from '../description.ts'
import { layers } from '../layers.ts'

/** Filters of each convolution by stage; every stage ends in a pool. */
export const vggStages = {
  vgg11: [[64], [128], [256, 256], [512, 512], [512, 512]],
  vgg16: [
    [64, 64],
    [128, 128],
    [256, 256, 256],
    [512, 512, 512],
    [512, 512, 512],
  ],
} as const satisfies Record<string, readonly (readonly number[])[]>

export interface VggShape {
  readonly stages: readonly (readonly number[])[]
  /** Units of the two hidden dense layers. */
  readonly hidden: number
}

export function vgg(
  { stages, hidden }: VggShape,
  classes: number,
  input: { readonly height: number; readonly width: number },
): LayerDescription[] {
  return [
    ...features(stages, Math.min(input.height, input.width)),
    layers.flatten(),
    layers.dense('classifier.0', hidden),
    layers.relu(),
    layers.dropout(0.5),
    layers.dense('classifier.3', hidden),
    layers.relu(),
    layers.dropout(0.5),
    layers.dense('classifier.6', classes),
  ]
}

/** `features.N` counts every layer as torchvision does, pools that are left out too. */
function features(stages: readonly (readonly number[])[], size: number): LayerDescription[] {
  const net: LayerDescription[] = []
  let [index, left] = [0, size]
  for (const filters of stages) {
    for (const count of filters) {
      net.push(layers.conv2d(`features.${index}`, count, 3), layers.relu())
      index += 2
    }
    if (left >= 2) net.push(layers.maxPool(2))
    left = Math.floor(left / 2)
    index++
  }
  return net
}
