// ResNet-9 (David Page, "How to train your ResNet", 2018) at half its width: max pools in place of strides, a residual
// pair after the second and the last convolution, max pool over all that is left. The default for photos
// (docs/default-preset.md): its stem brings every photo to about 32 x 32, so that its cost hardly grows with the photo.

import type { LayerDescription } from '../description.ts'
import { layers } from '../layers.ts'

type ImageExtent = readonly [height: number, width: number]

/** Layers for photos of any height and width, in pixels; `filters` of the first convolution, each later one has twice
 *  as many. */
export function resnet9(
  classes: number,
  { height, width }: { readonly height: number; readonly width: number },
  filters = 32,
): readonly LayerDescription[] {
  const halvings = Math.max(0, Math.round(Math.log2(Math.max(height, width) / 32)))
  const strided: ImageExtent = halvings > 0 ? [Math.ceil(height / 2), Math.ceil(width / 2)] : [height, width]
  const pools = pooled(strided, Math.max(0, halvings - 1) + 3)
  const [second, third, fourth] = pools.layers.splice(-3) as [LayerDescription, LayerDescription, LayerDescription]
  return [
    ...convolution('conv1', 'bn1', filters, halvings > 0 ? 2 : 1),
    ...pools.layers,
    ...convolution('conv2', 'bn2', filters * 2),
    second,
    pair('block2', filters * 2),
    ...convolution('conv3', 'bn3', filters * 4),
    third,
    ...convolution('conv4', 'bn4', filters * 8),
    fourth,
    pair('block4', filters * 8),
    window(pools.extent),
    layers.flatten(),
    layers.dropout(0.2),
    layers.dense('fc', classes),
  ]
}

/** x + two convolutions of x, each with norm and ReLU. */
function pair(name: string, filters: number): LayerDescription {
  return layers.residual([
    ...convolution(`${name}.conv1`, `${name}.bn1`, filters),
    ...convolution(`${name}.conv2`, `${name}.bn2`, filters),
  ])
}

function convolution(name: string, norm: string, filters: number, stride = 1): LayerDescription[] {
  return [layers.conv2d(name, filters, 3, { stride, bias: false }), layers.batchNorm(norm), layers.relu()]
}

/** So many halving pools one after the other, and what is left behind them; a side of one pixel stays. */
function pooled(
  from: ImageExtent,
  count: number,
): { readonly layers: LayerDescription[]; readonly extent: ImageExtent } {
  const layers: LayerDescription[] = []
  let extent = from
  for (let i = 0; i < count; i++) {
    const [tall, wide] = extent.map(side => Math.min(2, side)) as [number, number]
    layers.push(window([tall, wide]))
    extent = [Math.floor(extent[0] / tall), Math.floor(extent[1] / wide)]
  }
  return { layers, extent }
}

function window([height, width]: ImageExtent): LayerDescription {
  return { type: 'max-pool', size: [height, width], stride: [height, width], padding: [0, 0, 0, 0] }
}
