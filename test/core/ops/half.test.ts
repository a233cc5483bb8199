// Half precision: every op whose kernels store f16 gives what its f32 reference gives, as exactly as 11 bits allow;
// what is stored so and what is not; and how a shader is rewritten.

import { describe, expect, it } from 'vitest'
import { storeAsHalf } from '../../../src/core/gpu/half.ts'
import { zeroStep } from '../../../src/core/kernels/step.ts'
import { ones, zeros } from '../../../src/core/nn/initialisers.ts'
import { activation } from '../../../src/core/ops/activation.ts'
import { add } from '../../../src/core/ops/add.ts'
import { averagePool } from '../../../src/core/ops/pooling/average-pool.ts'
import { batchNorm } from '../../../src/core/ops/normalisation/batch-norm.ts'
import { concat } from '../../../src/core/ops/concat.ts'
import { conv2d, type Conv2dOptions } from '../../../src/core/ops/products/conv2d.ts'
import { dense } from '../../../src/core/ops/products/dense.ts'
import { dropout } from '../../../src/core/ops/dropout.ts'
import { globalAveragePool } from '../../../src/core/ops/pooling/global-average-pool.ts'
import { groupNorm } from '../../../src/core/ops/normalisation/group-norm.ts'
import { maxPool } from '../../../src/core/ops/pooling/max-pool.ts'
import { relu } from '../../../src/core/ops/relu.ts'
import { reshape } from '../../../src/core/ops/reshape.ts'
import { lower } from '../../../src/core/tensor/lower.ts'
import { bytesOf } from '../../../src/core/tensor/shape.ts'
import type { Tensor } from '../../../src/core/tensor/trace.ts'
import { judge, traceOp, type OpCase } from './harness.ts'

const halving = { size: [2, 2] } as const
/** f16 rounds by up to 1 in 2,048; a few roundings meet in each result. */
const tolerance = 4e-3

function norm(
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  options: { readonly relu?: boolean; readonly pool?: boolean },
): Tensor {
  const state = (name: string, initial: typeof ones) =>
    x.trace.state(`${gamma.name}.${name}`, gamma.shape, 'f32', initial)
  return batchNorm(x, {
    gamma,
    beta,
    runningMean: state('mean', zeros),
    runningVar: state('var', ones),
    epsilon: 1e-5,
    momentum: 0.1,
    ...options,
  })
}

const conv = (x: Tensor, w: Tensor, options: Conv2dOptions = {}) => conv2d(x, w, { padding: [1, 1, 1, 1], ...options })
/** Values that f16 holds exactly, all different, so that a rounding makes no two of a window equal. */
const exact = (_: string, __: number, i: number) => (((i * 37) % 509) - 254) / 256

const cases: readonly (readonly [name: string, test: OpCase])[] = [
  [
    'convolution, bias, ReLU, pool, over an odd row and column',
    {
      inputs: { x: [2, 7, 5, 3] },
      parameters: { w: [3, 3, 3, 8], b: [8] },
      build: ({ x, w, b }) => maxPool(conv(x!, w!, { bias: b!, relu: true }), halving),
    },
  ],
  [
    'two convolutions, stride 2, channels that are no multiple of four',
    {
      inputs: { x: [2, 6, 5, 4] },
      parameters: { w: [3, 3, 4, 6], b: [6], w2: [3, 3, 6, 4] },
      build: ({ x, w, b, w2 }) => conv(conv(x!, w!, { bias: b!, relu: true, stride: [2, 2] }), w2!),
    },
  ],
  [
    'a depthwise convolution',
    {
      inputs: { x: [1, 5, 4, 4] },
      parameters: { w: [3, 3, 1, 4], b: [4] },
      build: ({ x, w, b }) => conv(x!, w!, { bias: b!, groups: 4 }),
    },
  ],
  [
    'two convolutions with norms, the first pooled',
    {
      inputs: { x: [3, 9, 7, 3] },
      parameters: { w: [3, 3, 3, 8], gamma: [8], beta: [8], w2: [3, 3, 8, 4], gamma2: [4], beta2: [4] },
      build: t =>
        norm(
          conv(norm(conv(t.x!, t.w!), t.gamma!, t.beta!, { relu: true, pool: true }), t.w2!),
          t.gamma2!,
          t.beta2!,
          {},
        ),
    },
  ],
  [
    'a norm over channels that are no multiple of four',
    {
      inputs: { x: [2, 4, 4, 2] },
      parameters: { w: [3, 3, 2, 6], gamma: [6], beta: [6] },
      build: ({ x, w, gamma, beta }) => norm(conv(x!, w!), gamma!, beta!, { relu: true }),
    },
  ],
  [
    'dense, ReLU, dropout, dense',
    {
      inputs: { x: [5, 7] },
      parameters: { w: [7, 10], b: [10], w2: [10, 3] },
      step: { ...zeroStep, seed: 3, step: 5 },
      build: ({ x, w, b, w2 }) => dense(dropout(dense(x!, w!, { bias: b!, relu: true }), { rate: 0.4, layer: 1 }), w2!),
    },
  ],
  [
    'a flattened photo, whose gradient goes back to a convolution',
    {
      inputs: { x: [2, 4, 4, 3] },
      parameters: { w: [3, 3, 3, 4], b: [4], w2: [16, 4] },
      build: ({ x, w, b, w2 }) =>
        dense(reshape(maxPool(conv(x!, w!, { bias: b!, relu: true }), halving), [2, 16]), w2!),
    },
  ],
  [
    'pools that overlap, and a sum',
    {
      inputs: { x: [1, 5, 7, 3] },
      value: exact,
      build: ({ x }) => {
        const window = { size: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1] } as const
        return globalAveragePool(add(maxPool(x!, window), averagePool(x!, window)))
      },
    },
  ],
  [
    'branches side by side, then ReLU and GELU',
    { inputs: { x: [2, 3], z: [2, 5] }, build: ({ x, z }) => activation(relu(concat([x!, z!])), 'gelu') },
  ],
  [
    'group norm',
    {
      inputs: { x: [2, 3, 3, 6] },
      parameters: { gamma: [6], beta: [6] },
      build: ({ x, gamma, beta }) => groupNorm(x!, { groups: 2, gamma: gamma!, beta: beta!, epsilon: 1e-5 }),
    },
  ],
]

describe('in half precision', () => {
  const { compareHalf } = judge()
  it.each(cases)('%s', async (_, test) => compareHalf(test, tolerance))
})

describe('in half precision, with the cuts of a real GPU', () => {
  const { compareHalf } = judge({ software: false })
  it('a convolution, forward and backward', async () => {
    await compareHalf(
      { inputs: { x: [2, 5, 4, 4] }, parameters: { w: [3, 3, 4, 8] }, build: ({ x, w }) => conv(x!, w!) },
      tolerance,
    )
  })
})

describe('what is stored in half precision', () => {
  const typesOf = (half: boolean) =>
    new Map<string, string>(
      lower(traceOp({ ...cases[3]![1], half }).trace).flatMap(({ kernel, tensors }) =>
        Object.entries(tensors).map(([name, { type }]) => [`${kernel.name} ${name}`, type] as const),
      ),
    )

  it('is what flows through the net and back; statistics, weights and gradients of weights are not', () => {
    const types = typesOf(true)
    const halves = [...types].filter(([, type]) => type === 'f16').map(([name]) => name)
    expect(halves).toEqual(
      expect.arrayContaining([
        'conv-forward-moments x',
        'conv-forward-moments y',
        'batch-norm-normalise x',
        'batch-norm-normalise y',
        'batch-norm-backward-apply dx',
        'conv-input-gradient-mask-sums dy',
        'conv-input-gradient-mask-sums dx',
        'conv-input-gradient-mask-sums mask_y',
        'conv-input-gradient-mask-sums sums_x',
        'conv-weight-gradient dy',
      ]),
    )
    for (const name of [
      'conv-forward-moments w',
      'conv-forward-moments moments_partial',
      'batch-norm-normalise statistics',
      'conv-weight-gradient dw',
      'batch-norm-backward-apply dgamma',
    ]) {
      expect([name, types.get(name)]).toEqual([name, 'f32'])
    }
    expect([...typesOf(false).values()]).not.toContain('f16')
  })

  it('takes half the memory, a view as well as what it is a view of', () => {
    const calls = lower(traceOp({ ...cases[6]![1], half: true }).trace)
    const [flat] = calls.filter(({ kernel }) => kernel.name === 'product').map(({ tensors }) => tensors.a!)
    expect([flat!.type, flat!.base!.type, bytesOf(flat!)]).toEqual(['f16', 'f16', 64])
  })
})

describe('a shader that stores f16', () => {
  const shader = (body: string) =>
    `@group(0) @binding(0) var<storage, read> x: array<f32>;\n@group(0) @binding(1) var<storage, read_write> dx: array<vec4f>;\n${body}`

  it('fetches into f32 and stores from f32, and nothing else is touched', () => {
    expect(
      storeAsHalf(
        shader('let at = place.x[0] + dx_at[1];\nif (x[order[i] + x2[0]] == x[0]) {\n  dx[i] = dx[i + 1u] * x[j];\n}'),
        ['x', 'dx'],
      ),
    ).toBe(
      '@group(0) @binding(0) var<storage, read> x: array<f16>;\n@group(0) @binding(1) var<storage, read_write> dx: array<vec4h>;\n' +
        'let at = place.x[0] + dx_at[1];\nif (f32(x[order[i] + x2[0]]) == f32(x[0])) {\n  dx[i] = vec4h(vec4f(dx[i + 1u]) * f32(x[j]));\n}',
    )
  })

  it('is refused where it is more than fetched and stored', () => {
    expect(() => storeAsHalf(shader('dx[i] += vec4f();'), ['dx'])).toThrow(
      'The binding dx cannot be stored as f16: it is changed in place by +=.',
    )
    expect(() => storeAsHalf(shader(''), ['place'])).toThrow(
      'The binding place cannot be stored as f16: it is no array of f32 or vec4f.',
    )
  })
})
