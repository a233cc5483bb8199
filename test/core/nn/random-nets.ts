// Nets that nobody would write, drawn from a seed: every kind of layer in any order, blocks in blocks, filters, strides
// and padding that fit nothing.

import { CoreError } from '../../../src/core/error.ts'
import { forward } from '../../../src/core/nn/build.ts'
import type { LayerDescription, ModelDescription } from '../../../src/core/nn/description.ts'
import {
  activationLayer,
  concatLayer,
  denseLayer,
  dropoutLayer,
  flattenLayer,
  globalAveragePoolLayer,
  groupNormLayer,
  layerNormLayer,
  maxPoolLayer,
  reluLayer,
  residualLayer,
} from '../../../src/core/nn/layers.ts'
import { streams, uniforms } from '../../../src/core/tensor/philox.ts'
import type { Shape } from '../../../src/core/tensor/tensor.ts'
import { Trace } from '../../../src/core/tensor/trace.ts'

export interface RandomNet {
  readonly model: ModelDescription
  /** [N, H, W, C] of a batch. */
  readonly shape: readonly [number, number, number, number]
}

export function randomNet(seed: number): RandomNet {
  const dice = new Dice(seed)
  const shape = [dice.from(2, 3), dice.from(1, 8), dice.from(1, 8), dice.from(1, 4)] as const
  const layers: LayerDescription[] = []
  let C: number = shape[3]
  for (let left = dice.from(1, 5); left > 0; left--) {
    const more = dice.one([() => keeping(dice, C, 0), () => changing(dice, C)])()
    const after = shapeAfter([...layers, ...more], shape)
    if (!after) continue // a window larger than what is left
    layers.push(...more)
    C = after[3]!
  }
  layers.push(
    dice.one([flattenLayer, globalAveragePoolLayer]),
    ...(dice.yes() ? [reluLayer, dropoutLayer(0.4)] : []),
    denseLayer('fc', 3),
  )
  return { shape, model: describe(layers, shape) }
}

/** Layers whose result has the shape of what they are given, of C channels. */
function keeping(dice: Dice, C: number, depth: number): LayerDescription[] {
  const several = () => Array.from({ length: dice.from(0, 3) }, () => keeping(dice, C, depth + 1)).flat()
  const blocks = [() => [residualLayer(several(), dice.yes() ? several() : []), ...(dice.yes() ? [reluLayer] : [])]]
  return dice.one<() => LayerDescription[]>([
    () => [filters(dice, C, [1, 1], true)],
    () => [filters(dice, C, [1, 1], true), reluLayer],
    () => [{ type: 'batch-norm', name: dice.name(), epsilon: 0.1, momentum: 0.1 }, ...(dice.yes() ? [reluLayer] : [])],
    () => [{ ...groupNormLayer(dice.name(), C % 2 === 0 ? 2 : 1), epsilon: 0.1 }],
    () => [{ ...layerNormLayer(dice.name()), epsilon: 0.1 }],
    () => [activationLayer(dice.one(['relu', 'leaky-relu', 'gelu', 'silu', 'sigmoid', 'tanh']))],
    () => [dropoutLayer(0.3)],
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
      ...(dice.yes() ? [reluLayer] : []),
      maxPoolLayer(2),
    ],
    () => [concatLayer(...Array.from({ length: dice.from(1, 3) }, () => (dice.yes() ? keeping(dice, C, 1) : [])))],
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

function describe(
  layers: readonly LayerDescription[],
  [, height, width, channels]: RandomNet['shape'],
): ModelDescription {
  return {
    format: 'winnow-model',
    version: 1,
    preset: 'random',
    input: { height, width, channels },
    normalise: { mean: [], std: [] },
    classes: ['a', 'b', 'c'],
    layers,
  }
}

/** Undefined where the layers do not fit. */
function shapeAfter(layers: readonly LayerDescription[], shape: RandomNet['shape']): Shape | undefined {
  let after: Shape | undefined
  try {
    forward(
      describe([...layers, globalAveragePoolLayer, denseLayer('fc', 3)], shape),
      new Trace({ training: false }).tensor(shape),
      (index, x) => {
        if (index === layers.length) after = x.shape
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
