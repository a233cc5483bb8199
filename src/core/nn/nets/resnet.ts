// Residual nets (He et al. 2015) with torchvision's names and shapes: 18 and 34 of basic blocks, 50 of bottlenecks
// whose stride lies in the 3 x 3 filter, as torchvision has it. Any input size; torchvision's weights fit whatever the
// size.

import type { LayerDescription } from '../description.ts'
import { layers } from '../layers.ts'

export interface ResnetShape {
  readonly block: 'basic' | 'bottleneck'
  /** Blocks of the four stages. */
  readonly blocks: readonly [number, number, number, number]
  /** Filters of the first stage; each later one has twice as many. Default 64. */
  readonly width?: number
}

export function resnet({ block, blocks, width = 64 }: ResnetShape, classes: number): LayerDescription[] {
  const expansion = block === 'basic' ? 1 : 4
  const net = [
    layers.conv2d('conv1', width, 7, { stride: 2, bias: false }),
    layers.batchNorm('bn1'),
    layers.relu(),
    layers.maxPool(3, { stride: 2, pad: 1 }),
  ]
  let channels = width
  blocks.forEach((count, stage) => {
    const filters = width * 2 ** stage
    for (let i = 0; i < count; i++) {
      const stride = i === 0 && stage > 0 ? 2 : 1
      net.push(...residual(`layer${stage + 1}.${i}`, block, filters, stride, channels !== filters * expansion))
      channels = filters * expansion
    }
  })
  return [...net, layers.globalAveragePool(), layers.dense('fc', classes)]
}

function residual(
  name: string,
  block: ResnetShape['block'],
  filters: number,
  stride: number,
  project: boolean,
): LayerDescription[] {
  const end = filters * (block === 'basic' ? 1 : 4)
  const shortcut =
    project || stride > 1
      ? [
          layers.conv2d(`${name}.downsample.0`, end, 1, { stride, bias: false }),
          layers.batchNorm(`${name}.downsample.1`),
        ]
      : []
  const body = block === 'basic' ? basicBody(name, filters, stride) : bottleneckBody(name, filters, stride)
  return [{ type: 'residual', body, shortcut }, layers.relu()]
}

function basicBody(name: string, filters: number, stride: number): LayerDescription[] {
  return [
    layers.conv2d(`${name}.conv1`, filters, 3, { stride, bias: false }),
    layers.batchNorm(`${name}.bn1`),
    layers.relu(),
    layers.conv2d(`${name}.conv2`, filters, 3, { bias: false }),
    layers.batchNorm(`${name}.bn2`),
  ]
}

function bottleneckBody(name: string, filters: number, stride: number): LayerDescription[] {
  return [
    layers.conv2d(`${name}.conv1`, filters, 1, { bias: false }),
    layers.batchNorm(`${name}.bn1`),
    layers.relu(),
    layers.conv2d(`${name}.conv2`, filters, 3, { stride, bias: false }),
    layers.batchNorm(`${name}.bn2`),
    layers.relu(),
    layers.conv2d(`${name}.conv3`, filters * 4, 1, { bias: false }),
    layers.batchNorm(`${name}.bn3`),
  ]
}
