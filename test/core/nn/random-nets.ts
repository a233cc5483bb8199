// Nets that nobody would write, drawn from a seed: every kind of layer in any order, blocks in blocks, filters, strides
// and padding that fit nothing.

import { CoreError } from '../../../src/core/error.ts'
import { forward } from '../../../src/core/nn/build.ts'
import type { LayerDescription, ModelDescription } from '../../../src/core/nn/description.ts'
import { layers } from '../../../src/core/nn/layers.ts'
import { streams, uniforms } from '../../../src/core/kernels/philox.ts'
import type { Shape } from '../../../src/core/tensor/shape.ts'
import { Trace } from '../../../src/core/tensor/trace.ts'

export interface RandomNet {
  readonly model: ModelDescription
  /** [N, H, W, C] of a batch. */
  readonly shape: readonly [number, number, number, number]
}

export function randomNet(seed: number): RandomNet {
  const dice = new Dice(seed)
  const shape = [dice.from(2, 3), dice.from(1, 8), dice.from(1, 8), dice.from(1, 4)] as const
  const net: LayerDescription[] = []
  let C: number = shape[3]
  for (let left = dice.from(1, 5); left > 0; left--) {
    const more = dice.one([() => keeping(dice, C, 0), () => changing(dice, C)])()
    const after = shapeAfter([...net, ...more], shape)
    if (!after) continue // a window larger than what is left
    net.push(...more)
    C = after[3]!
  }
  net.push(
    dice.one([layers.flatten(), layers.globalAveragePool()]),
    ...(dice.yes() ? [layers.relu(), layers.dropout(0.4)] : []),
    layers.dense('fc', 3),
  )
  return { shape, model: describe(net, shape) }
}

/** Layers whose result has the shape of what they are given, of C channels. */
function keeping(dice: Dice, C: number, depth: number): LayerDescription[] {
  const several = () => Array.from({ length: dice.from(0, 3) }, () => keeping(dice, C, depth + 1)).flat()
  const blocks = [
    () => [layers.residual(several(), dice.yes() ? several() : []), ...(dice.yes() ? [layers.relu()] : [])],
  ]
  return dice.one<() => LayerDescription[]>([
    () => [filters(dice, C, [1, 1], true)],
    () => [filters(dice, C, [1, 1], true), layers.relu()],
    () => [
      { type: 'batch-norm', name: dice.name(), epsilon: 0.1, momentum: 0.1 },
      ...(dice.yes() ? [layers.relu()] : []),
    ],
    () => [{ ...layers.groupNorm(dice.name(), C % 2 === 0 ? 2 : 1), epsilon: 0.1 }],
    () => [{ ...layers.layerNorm(dice.name()), epsilon: 0.1 }],
    () => [layers.activation(dice.one(['relu', 'leaky-relu', 'gelu', 'silu', 'sigmoid', 'tanh']))],
    () => [layers.dropout(0.3)],
    ...(depth < 2 ? blocks : []),
  ])()
}

function changing(dice: Dice, C: number): LayerDescription[] {
  const size = [dice.from(1, 3), dice.from(1, 3)] as const
  const padding = [
    dice.from(0, size[0] - 1),
    dice.from(0, size[1] - 1),
    dice.from(0, size[0] - 1),
    dice.from(0, size[1] - 1),
  ] as const
  return dice.one<() => LayerDescription[]>([
    () => [filters(dice, C * dice.from(1, 3), [dice.from(1, 2), dice.from(1, 3)], false)],
    () => [
      {
        type: dice.one(['max-pool', 'average-pool'] as const),
        size,
        stride: [dice.from(1, 3), dice.from(1, 3)],
        padding,
      },
    ],
    () => [
      { type: 'batch-norm', name: dice.name(), epsilon: 0.1, momentum: 0.1 },
      ...(dice.yes() ? [layers.relu()] : []),
      layers.maxPool(2),
    ],
    () => [layers.concat(...Array.from({ length: dice.from(1, 3) }, () => (dice.yes() ? keeping(dice, C, 1) : [])))],
  ])()
}

/** A convolution; `same`: with so much padding, not on both sides alike, that the size stays. */
function filters(dice: Dice, count: number, stride: readonly [number, number], same: boolean): LayerDescription {
  const kernel = [dice.from(1, 3), dice.from(1, 3)] as const
  const dilation = [dice.from(1, 2), dice.from(1, 2)] as const
  const [high, wide] = same
    ? [dilation[0] * (kernel[0] - 1), dilation[1] * (kernel[1] - 1)]
    : [dice.from(0, 4), dice.from(0, 4)]
  const [top, left] = [dice.from(0, high), dice.from(0, wide)]
  const groups = same ? dice.one([1, 1, count, ...(count % 2 === 0 ? [2] : [])]) : 1
  return {
    type: 'conv2d',
    name: dice.name(),
    filters: count,
    kernel,
    stride,
    padding: [top, left, high - top, wide - left],
    dilation,
    groups,
    bias: dice.yes(),
  }
}

function describe(net: readonly LayerDescription[], [, height, width, channels]: RandomNet['shape']): ModelDescription {
  return {
    format: 'winnow-model',
    version: 1,
    preset: 'random',
    input: { height, width, channels },
    normalise: { mean: [], std: [] },
    classes: ['a', 'b', 'c'],
    layers: net,
  }
}

/** Undefined where the layers do not fit. */
function shapeAfter(net: readonly LayerDescription[], shape: RandomNet['shape']): Shape | undefined {
  let after: Shape | undefined
  try {
    forward(
      describe([...net, layers.globalAveragePool(), layers.dense('fc', 3)], shape),
      new Trace({ training: false }).tensor(shape),
      (index, x) => {
        if (index === net.length) after = x.shape
      },
    )
    return after
  } catch (error) {
    if (error instanceof CoreError && error.code === 'shape-mismatch') return undefined
    throw error
  }
}

class Dice {
  readonly #next: () => number
  #names = 0

  constructor(seed: number) {
    this.#next = uniforms(seed, streams.sample)
  }

  from(least: number, most: number): number {
    return least + Math.floor(this.#next() * (most - least + 1))
  }

  one<T>(choices: readonly T[]): T {
    return choices[this.from(0, choices.length - 1)]!
  }

  yes(): boolean {
    return this.#next() < 0.5
  }

  name(): string {
    return `layer${this.#names++}`
  }
}
