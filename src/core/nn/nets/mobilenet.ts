// MobileNet v1 (Howard et al. 2017) with timm's names and v2 (Sandler et al. 2018) with torchvision's, at any size. They
// come in the two ways in which weights are found: as PyTorch trains them, and as TensorFlow does, with its SAME padding
// and, in the folded form, biases where the batch norms were.

import type { LayerDescription } from '../description.ts'
import { layers } from '../layers.ts'
import { evenPadding, samePadding } from './same-padding.ts'

export interface MobilenetForm {
  readonly padding: 'same' | 'even'
  /** Of the batch norms; 'folded' has biases in their place. */
  readonly epsilon: number | 'folded'
  /** Factor of all filters. Default 1. */
  readonly width?: number
}

/** Follows the sides of the photo through the net, for the padding hangs on them. */
class Builder {
  readonly #form: MobilenetForm
  #sides: readonly [number, number]
  channels: number

  constructor(form: MobilenetForm, input: InputSize) {
    this.#form = form
    this.#sides = [input.height, input.width]
    this.channels = input.channels
  }

  /** At the width of this net. */
  count(filters: number): number {
    return Math.round(filters * (this.#form.width ?? 1))
  }

  /** A convolution with its norm, where it has one, and its ReLU6, unless it is linear. */
  conv(name: string, norm: string, filters: number, options: ConvolutionKind = {}): LayerDescription[] {
    const { size = 1, stride = 1, depthwise = false, linear = false } = options
    const { epsilon, padding } = this.#form
    const { pad, sides } = (padding === 'same' ? samePadding : evenPadding)(this.#sides, size, stride)
    const groups = depthwise ? this.channels : 1
    this.#sides = sides
    this.channels = filters
    return [
      layers.conv2d(name, filters, size, { stride, pad, groups, bias: epsilon === 'folded' }),
      ...(epsilon === 'folded' ? [] : [{ type: 'batch-norm', name: norm, epsilon, momentum: 0.1 } as const]),
      ...(linear ? [] : [layers.activation('relu6')]),
    ]
  }
}

interface ConvolutionKind {
  readonly size?: number
  readonly stride?: number
  readonly depthwise?: boolean
  readonly linear?: boolean
}

interface InputSize {
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** Filters of the blocks of each stage of v1; every stage but the first begins with a stride of 2. */
const firstStages = [[64], [128, 128], [256, 256], [512, 512, 512, 512, 512, 512], [1024, 1024]]

export function mobilenetV1(form: MobilenetForm, classes: number, input: InputSize): LayerDescription[] {
  const net = new Builder(form, input)
  const blocks = (filters: readonly number[], stage: number) =>
    filters.flatMap((count, i) => {
      const name = `blocks.${stage}.${i}`
      const stride = i === 0 && stage > 0 ? 2 : 1
      return [
        ...net.conv(`${name}.conv_dw`, `${name}.bn1`, net.channels, { size: 3, stride, depthwise: true }),
        ...net.conv(`${name}.conv_pw`, `${name}.bn2`, net.count(count)),
      ]
    })
  return [
    ...net.conv('conv_stem', 'bn1', net.count(32), { size: 3, stride: 2 }),
    ...firstStages.flatMap(blocks),
    layers.globalAveragePool(),
    layers.dropout(0.2),
    layers.dense('classifier', classes),
  ]
}

/** v2: how much a block expands, its filters, how many there are, and the stride of the first. */
const secondStages = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const

export function mobilenetV2(form: MobilenetForm, classes: number, input: InputSize): LayerDescription[] {
  const net = new Builder(form, input)
  let index = 0
  const stem = net.conv('features.0.0', 'features.0.1', net.count(32), { size: 3, stride: 2 })
  const blocks = secondStages.flatMap(([expansion, filters, count, stride]) =>
    Array.from({ length: count }, (_, i) =>
      invertedResidual(net, `features.${++index}.conv`, expansion, net.count(filters), i === 0 ? stride : 1),
    ).flat(),
  )
  return [
    ...stem,
    ...blocks,
    ...net.conv('features.18.0', 'features.18.1', net.count(1280)),
    layers.globalAveragePool(),
    layers.dropout(0.2),
    layers.dense('classifier.1', classes),
  ]
}

/** Wide between narrow ends; where both ends are alike, the block learns what to add. */
function invertedResidual(
  net: Builder,
  name: string,
  expansion: number,
  filters: number,
  stride: number,
): LayerDescription[] {
  const from = net.channels
  const expands = expansion > 1
  const [depthwise, project] = expands ? [1, 2] : [0, 1]
  const body = [
    ...(expands ? net.conv(`${name}.0.0`, `${name}.0.1`, from * expansion) : []),
    ...net.conv(`${name}.${depthwise}.0`, `${name}.${depthwise}.1`, from * expansion, {
      size: 3,
      stride,
      depthwise: true,
    }),
    ...net.conv(`${name}.${project}`, `${name}.${project + 1}`, filters, { linear: true }),
  ]
  return stride === 1 && from === filters ? [layers.residual(body)] : body
}
