// Ops in a row that end up in one kernel: each chain gives what its parts give, on both devices and against finite
// differences, and takes no more dispatches than it should.

import { describe, expect, it } from 'vitest'
import { fuse } from '../../../src/core/tensor/fuse.ts'
import { zeroStep } from '../../../src/core/kernels/step.ts'
import { ones, zeros } from '../../../src/core/nn/initialisers.ts'
import { add } from '../../../src/core/ops/add.ts'
import { batchNorm } from '../../../src/core/ops/normalisation/batch-norm.ts'
import { conv2d, type Conv2dOptions } from '../../../src/core/ops/products/conv2d.ts'
import { dense } from '../../../src/core/ops/products/dense.ts'
import { dropout } from '../../../src/core/ops/dropout.ts'
import { maxPool } from '../../../src/core/ops/pooling/max-pool.ts'
import { activation } from '../../../src/core/ops/activation.ts'
import { relu } from '../../../src/core/ops/relu.ts'
import { reshape } from '../../../src/core/ops/reshape.ts'
import { type Tensor, Trace } from '../../../src/core/tensor/trace.ts'
import { judge, type OpCase } from './harness.ts'

const same = { padding: [1, 1, 1, 1] } as const
const halving = { size: [2, 2] } as const
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

function conv(x: Tensor, w: Tensor, options: Conv2dOptions = {}): Tensor {
  return conv2d(x, w, { ...same, ...options })
}

const chains: readonly (readonly [name: string, test: OpCase])[] = [
  [
    'convolution, bias, ReLU, pool, over an odd row and column',
    {
      inputs: { x: [2, 7, 5, 3] },
      parameters: { w: [3, 3, 3, 8], b: [8] },
      build: ({ x, w, b }) => maxPool(conv(x!, w!, { bias: b!, relu: true }), halving),
    },
  ],
  [
    'a pool that is no halving stays a call of its own',
    {
      inputs: { x: [1, 6, 6, 2] },
      parameters: { w: [3, 3, 2, 4] },
      build: ({ x, w }) => maxPool(conv(x!, w!), { size: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1] }),
    },
  ],
  [
    'a pool whose last windows hang over an odd edge stays a call of its own',
    {
      inputs: { x: [2, 5, 7, 3] },
      parameters: { w: [3, 3, 3, 4], b: [4], w2: [48, 3] },
      build: ({ x, w, b, w2 }) =>
        dense(
          reshape(maxPool(conv(x!, w!, { bias: b!, relu: true }), { ...halving, padding: [0, 0, 1, 1] }), [2, 48]),
          w2!,
        ),
    },
  ],
  [
    'channels that are no multiple of four',
    {
      inputs: { x: [2, 4, 4, 2] },
      parameters: { w: [3, 3, 2, 6], gamma: [6], beta: [6] },
      build: ({ x, w, gamma, beta }) => norm(conv(x!, w!), gamma!, beta!, { relu: true, pool: true }),
    },
  ],
  [
    'two convolutions with norms, the first pooled: statistics forward and sums of the gradient backward',
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
    'two convolutions with norms, over more rows than a slice has',
    {
      inputs: { x: [3, 12, 11, 4] },
      parameters: { w: [1, 1, 4, 8], gamma: [8], beta: [8], w2: [1, 1, 8, 4] },
      build: t => conv2d(norm(conv2d(t.x!, t.w!), t.gamma!, t.beta!, { relu: true }), t.w2!),
    },
  ],
  [
    'a strided convolution after a norm, whose sums go over rows in bands',
    {
      inputs: { x: [6, 9, 7, 4] },
      parameters: { w: [1, 1, 4, 8], gamma: [8], beta: [8], w2: [3, 3, 8, 4] },
      build: t => conv(norm(conv2d(t.x!, t.w!), t.gamma!, t.beta!, { relu: true }), t.w2!, { stride: [2, 2] }),
    },
  ],
  [
    'dense, ReLU, dropout, dense',
    {
      inputs: { x: [5, 7] },
      parameters: { w: [7, 10], b: [10], w2: [10, 3] },
      build: ({ x, w, b, w2 }) => dense(dropout(dense(x!, w!, { bias: b!, relu: true }), { rate: 0.4, layer: 1 }), w2!),
      step: { ...zeroStep, seed: 3, step: 5 },
    },
  ],
  [
    'dense, dropout in fours',
    {
      inputs: { x: [3, 4] },
      parameters: { w: [4, 8] },
      build: ({ x, w }) => dropout(dense(x!, w!), { rate: 0.5, layer: 0 }),
      step: { ...zeroStep, seed: 3 },
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
    'a dropped value that two read: one gradient has passed the mask, the other has not',
    {
      inputs: { x: [2, 6] },
      parameters: { w: [6, 8], b: [8], w2: [8, 8] },
      step: { ...zeroStep, seed: 3 },
      build: ({ x, w, b, w2 }) => {
        const y = dropout(dense(x!, w!, { bias: b!, relu: true }), { rate: 0.5, layer: 0 })
        return add(dense(y, w2!), y)
      },
    },
  ],
  [
    'a shortcut past a ReLU: what has stopped above has not stopped below',
    {
      inputs: { x: [3, 5] },
      parameters: { w: [5, 8], b: [8], w2: [8, 8], w3: [8, 4] },
      build: ({ x, w, b, w2, w3 }) => {
        const h = dense(x!, w!, { bias: b!, relu: true })
        return dense(relu(add(dense(h, w2!), h)), w3!)
      },
    },
  ],
  [
    'convolution, bias, ReLU6, pool, and another ReLU6 whose input two read',
    {
      inputs: { x: [2, 6, 5, 3] },
      parameters: { w: [3, 3, 3, 8], b: [8], w2: [1, 1, 8, 6] },
      build: ({ x, w, b, w2 }) => {
        const pooled = maxPool(activation(conv(x!, w!, { bias: b! }), 'relu6'), halving)
        const z = conv2d(pooled, w2!)
        return add(activation(z, 'relu6'), z)
      },
    },
  ],
  [
    'a SiLU after a convolution stays a call of its own',
    {
      inputs: { x: [2, 4, 4, 3] },
      parameters: { w: [3, 3, 3, 4] },
      build: ({ x, w }) => activation(conv(x!, w!), 'silu'),
    },
  ],
]

describe('chains', () => {
  const { check } = judge()
  it.each(chains)('%s', async (_, test) => check(test))

  it('are as few dispatches as they should be', () => {
    expect(forwardCalls(chains[0]![1])).toEqual(['conv-forward-bias-pool'])
    expect(forwardCalls(chains[1]![1])).toEqual(['conv-forward', 'max-pool-forward'])
    expect(forwardCalls(chains[2]![1])).toEqual(['conv-forward-bias', 'max-pool-forward', 'product'])
    expect(forwardCalls(chains[3]![1])).toEqual(['conv-forward', 'batch-norm-partial', 'batch-norm-normalise'])
    expect(forwardCalls(chains[4]![1])).toEqual([
      'conv-forward-moments',
      'batch-norm-normalise',
      'conv-forward-moments',
      'batch-norm-normalise',
    ])
    expect(forwardCalls(chains[7]![1])).toEqual(['product-bias-dropout', 'product'])
    const [relu6, silu] = chains.slice(-2)
    expect(forwardCalls(relu6![1])).toEqual([
      'conv-forward-bias-relu6-pool',
      'conv-forward',
      'activation-forward',
      'add',
    ])
    expect(forwardCalls(silu![1])).toEqual(['conv-forward', 'activation-forward'])
  })
})

function forwardCalls({ inputs, parameters = {}, build }: OpCase): string[] {
  const trace = new Trace({ training: true })
  const tensors = Object.fromEntries([
    ...Object.entries(inputs).map(([name, shape]) => [name, trace.state(name, shape, 'f32')]),
    ...Object.entries(parameters).map(([name, shape]) => [name, trace.parameter(name, shape, zeros, { decay: true })]),
  ])
  build(tensors)
  return fuse(trace.calls).map(({ kernel }) => kernel.name)
}
