// Every op, forward and backward, against PyTorch's numbers, on every device (scripts/golden/ops.py made them).

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Device } from '../../../src/core/index.ts'
import { ones, zeros } from '../../../src/core/nn/initialisers.ts'
import { activation } from '../../../src/core/ops/activation.ts'
import { adaptiveAveragePool } from '../../../src/core/ops/pooling/adaptive-average-pool.ts'
import type { Activation } from '../../../src/core/kernels/elementwise/activation.ts'
import { averagePool } from '../../../src/core/ops/pooling/average-pool.ts'
import { batchNorm } from '../../../src/core/ops/normalisation/batch-norm.ts'
import { conv2d, type Conv2dOptions } from '../../../src/core/ops/products/conv2d.ts'
import { crossEntropy } from '../../../src/core/ops/losses/cross-entropy.ts'
import { type LossOptions, metricsRing } from '../../../src/core/ops/losses/loss.ts'
import { dense } from '../../../src/core/ops/products/dense.ts'
import { globalAveragePool } from '../../../src/core/ops/pooling/global-average-pool.ts'
import { groupNorm, layerNorm } from '../../../src/core/ops/normalisation/group-norm.ts'
import { maxPool } from '../../../src/core/ops/pooling/max-pool.ts'
import type { PoolOptions } from '../../../src/core/ops/pooling/pool.ts'
import { multiply } from '../../../src/core/ops/multiply.ts'
import { relu } from '../../../src/core/ops/relu.ts'
import type { Tensor } from '../../../src/core/tensor/trace.ts'
import { availableDevices, openDevice, type DeviceKind } from '../devices.ts'
import { readGolden } from '../golden.ts'
import { copy, difference, runOp, type OpCase } from './harness.ts'

interface GoldenCase {
  readonly op: string
  readonly options: object
}

type Named = Readonly<Record<string, Tensor>>

const file = readGolden('ops.safetensors')
const cases = JSON.parse(file.metadata.get('cases')!) as GoldenCase[]
const activations = new Set([
  'relu',
  'leaky-relu',
  'gelu',
  'silu',
  'sigmoid',
  'tanh',
  'relu6',
  'hard-swish',
  'hard-sigmoid',
])

function build(op: string, options: object): (t: Named) => Tensor {
  const bias = (t: Named) => t.bias && { bias: t.bias }
  const norm = (t: Named) => ({ gamma: t.gamma!, beta: t.beta!, epsilon: 1e-5 })
  switch (op) {
    case 'conv2d':
      return t => conv2d(t.x!, t.w!, { ...(options as Conv2dOptions), ...bias(t) })
    case 'dense':
      return t => dense(t.x!, t.w!, { ...options, ...bias(t) })
    case 'max-pool':
      return t => maxPool(t.x!, options as PoolOptions)
    case 'average-pool':
      return t => averagePool(t.x!, options as PoolOptions)
    case 'global-average-pool':
      return t => globalAveragePool(t.x!)
    case 'adaptive-average-pool':
      return t => adaptiveAveragePool(t.x!, (options as { size: [number, number] }).size)
    case 'multiply':
      return t => multiply(t.x!, t.factors!)
    case 'relu':
      return t => relu(t.x!)
    case 'batch-norm':
      return t => batchNorm(t.x!, { ...norm(t), ...runningStatistics(t.x!), momentum: 0.1 })
    case 'group-norm':
      return t => groupNorm(t.x!, { ...norm(t), groups: (options as { groups: number }).groups })
    case 'layer-norm':
      return t => layerNorm(t.x!, norm(t))
    case 'cross-entropy':
      return t => lossOf(t.x!, options as GoldenLoss)
    default:
      return t => activation(t.x!, op as Activation)
  }
}

interface GoldenLoss {
  readonly smoothing: number
  readonly classWeights: readonly number[] | null
  readonly labels: readonly number[]
}

function lossOf(logits: Tensor, { smoothing, classWeights, labels }: GoldenLoss): Tensor {
  const { trace } = logits
  const options: LossOptions = { smoothing, ...(classWeights && { classWeights }) }
  const loss = crossEntropy(
    logits,
    trace.state('labels', [labels.length], 'u32', values => values.set(labels)),
    options,
  )
  const y = trace.tensor([metricsRing, 4])
  copy(trace.state('metrics', y.shape, 'f32'), y)
  trace.onBackward(y, dy => [[loss, dy]])
  return y
}

function runningStatistics({ trace, shape }: Tensor) {
  const channels = [shape.at(-1)!]
  return {
    runningMean: trace.state('mean', channels, 'f32', zeros),
    runningVar: trace.state('variance', channels, 'f32', ones),
  }
}

/** The case with the values of the file; activations get twice the file's x, as PyTorch did. */
function goldenCase(index: number, { op, options }: GoldenCase): OpCase {
  const tensor = (name: string) => file.tensors.get(`${index}/${name}`)
  const shapes = ['w', 'bias', 'gamma', 'beta', 'factors'].flatMap(name =>
    tensor(name) ? [[name, tensor(name)!.shape] as const] : [],
  )
  const factor = activations.has(op) ? 2 : 1
  return {
    inputs: { x: tensor('x')!.shape },
    parameters: Object.fromEntries(shapes),
    build: build(op, options),
    value: (name, _, i) => (tensor(name)?.data[i] ?? Number(i === 0)) * (name === 'x' ? factor : 1),
  }
}

describe.each<DeviceKind>(await availableDevices())('on %s', kind => {
  let device: Device
  beforeAll(async () => {
    device = await openDevice(kind)
  })
  afterAll(() => device.destroy())

  it.each(cases.map((golden, index) => [index, golden.op, golden] as const))('%i %s', async (index, op, golden) => {
    const results = await runOp(device, goldenCase(index, golden))
    for (const [name, values] of results) {
      const { data } = file.tensors.get(`${index}/${name}`)!
      const factor = activations.has(op) && name === 'd.x' ? 0.5 : 1
      expect(
        difference(
          values.slice(0, data.length),
          data.map(value => value * factor),
        ),
        name,
      ).toBeLessThan(1e-5)
    }
  })
})
