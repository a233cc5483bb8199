// Model descriptions and weights made up for the tests of checkpoints and exports: any layers, values from a fixed
// generator.

import type { LayerDescription, ModelDescription, StateDict } from '../../../src/core/nn/description.ts'

export function describeModel(
  layers: readonly LayerDescription[],
  classes: number,
  input = { height: 8, width: 8, channels: 3 },
): ModelDescription {
  return {
    format: 'winnow-model',
    version: 1,
    preset: 'made-up',
    input,
    normalise: { mean: [0.48, 0.45, 0.41].slice(0, input.channels), std: [0.23, 0.22, 0.24].slice(0, input.channels) },
    classes: Array.from({ length: classes }, (_, i) => `class ${i}`),
    layers,
  }
}

/** Numbers in 0..1 that are the same in every run. */
export function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** Weights of the given shapes around zero; running_var and weights of batch norm around one. */
export function makeWeights(shapes: Readonly<Record<string, readonly number[]>>, seed = 1): StateDict {
  const next = generator(seed)
  return new Map(
    Object.entries(shapes).map(([name, shape]) => {
      const size = shape.reduce((product, length) => product * length, 1)
      const centre = name.endsWith('running_var') ? 1 : 0
      return [name, { shape, data: Float32Array.from({ length: size }, () => centre + (next() - 0.5)) }]
    }),
  )
}

export function makePixels(count: number, seed = 7): Uint8Array<ArrayBuffer> {
  const next = generator(seed)
  return Uint8Array.from({ length: count }, () => Math.floor(next() * 256))
}
