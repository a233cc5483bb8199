// VGG nets (Simonyan and Zisserman 2014) with torchvision's names. At 224 x 224 all shapes are torchvision's too; at
// other sizes the first dense layer reads what is left of the photo, and a pool that would have nothing to halve is
// left out.

import type { LayerDescription } from './description.ts'
import { conv, denseLayer, dropoutLayer, flattenLayer, maxPoolLayer, reluLayer } from './layers.ts'

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
    flattenLayer,
    denseLayer('classifier.0', hidden),
    reluLayer,
    dropoutLayer(0.5),
    denseLayer('classifier.3', hidden),
    reluLayer,
    dropoutLayer(0.5),
    denseLayer('classifier.6', classes),
  ]
}

/** `features.N` counts every layer as torchvision does, pools that are left out too. */
function features(stages: readonly (readonly number[])[], size: number): LayerDescription[] {
  const layers: LayerDescription[] = []
  let [index, left] = [0, size]
  for (const filters of stages) {
    for (const count of filters) {
      layers.push(conv(`features.${index}`, count, 3), reluLayer)
      index += 2
    }
    if (left >= 2) layers.push(maxPoolLayer(2))
    left = Math.floor(left / 2)
    index++
  }
  return layers
}
