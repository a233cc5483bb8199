// Batch norm: gradients, running statistics, evaluation, and numbers that would break a careless variance.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Device } from '../../../src/core/index.ts'
import { zeroStep } from '../../../src/core/kernels/step.ts'
import { ones, zeros } from '../../../src/core/nn/initialisers.ts'
import { batchNorm } from '../../../src/core/ops/normalisation/batch-norm.ts'
import { compile } from '../../../src/core/tensor/plan.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import type { Shape } from '../../../src/core/tensor/shape.ts'
import { type Tensor, Trace } from '../../../src/core/tensor/trace.ts'
import { availableDevices, openDevice } from '../devices.ts'
import { copy, judge, runOp, type OpCase } from './harness.ts'

function normalised(x: Tensor, gamma: Tensor, beta: Tensor, relu = false): Tensor {
  const state = (name: string, initial: typeof ones) => x.trace.state(name, gamma.shape, 'f32', initial)
  return batchNorm(x, {
    gamma,
    beta,
    runningMean: state('running_mean', zeros),
    runningVar: state('running_var', ones),
    epsilon: 1e-5,
    momentum: 0.1,
    relu,
  })
}

function normCase(x: Shape, relu = false): OpCase {
  const channels = [x.at(-1)!]
  return {
    inputs: { x },
    parameters: { gamma: channels, beta: channels },
    build: t => normalised(t.x!, t.gamma!, t.beta!, relu),
  }
}

describe('batch norm', () => {
  const { check, compare } = judge()
  let devices: Device[] = []
  beforeAll(async () => {
    devices = await Promise.all((await availableDevices()).map(openDevice))
  })
  afterAll(() => devices.forEach(device => device.destroy()))

  it.each<[Shape, boolean]>([
    [[3, 1, 1, 1], false],
    [[3, 3, 5, 2], false],
    [[2, 4, 3, 5], true],
    [[7, 6], true],
  ])('%j relu %s', async (x, relu) => {
    await check(normCase(x, relu))
  })

  it('is the same on both devices where statistics are gathered in uneven pieces', async () => {
    await compare(normCase([5, 13, 7, 19]))
    await compare(normCase([2, 33, 1, 300], true))
  })

  it('loses nothing when the mean is a thousand times the deviation', async () => {
    for (const device of devices) {
      const y = (
        await runOp(device, {
          ...normCase([4, 8, 8, 2]),
          value: (name, u) => (name === 'x' ? 1000 + u : name === 'gamma' ? 1 : 0),
        })
      ).get('y')!
      const deviation = Math.sqrt(y.reduce((sum, value) => sum + value * value, 0) / y.length)
      expect(deviation).toBeCloseTo(1, 2)
    }
  })

  it('moves the running statistics and uses them outside training', async () => {
    const values = Float32Array.from({ length: 24 }, (_, i) => Math.sin(i) * 3 + (i % 2))
    for (const device of devices) {
      const store = new Store(device, 1)
      const plans = await Promise.all([true, false].map(training => normPlan(device, store, training)))
      store.write('x', values)
      plans[0]!.run(zeroStep)
      const channel = (c: number) => [...values].filter((_, i) => i % 2 === c)
      const mean = [0, 1].map(c => channel(c).reduce((a, b) => a + b) / 12)
      const variance = [0, 1].map(c => channel(c).reduce((sum, v) => sum + (v - mean[c]!) ** 2, 0) / 11)
      const [runningMean, runningVar] = [await store.read('running_mean'), await store.read('running_var')]
      for (const c of [0, 1]) {
        expect(runningMean[c]).toBeCloseTo(0.1 * mean[c]!, 5)
        expect(runningVar[c]).toBeCloseTo(0.9 + 0.1 * variance[c]!, 5)
      }
      plans[1]!.run(zeroStep)
      expect((await store.read('y'))[3]).toBeCloseTo(
        (values[3]! - runningMean[1]!) / Math.sqrt(runningVar[1]! + 1e-5),
        4,
      )
      expect(await store.read('running_mean'), 'evaluation leaves them alone').toEqual(runningMean)
      plans.forEach(plan => plan.dispose())
      store.dispose()
    }
  })

  it('says that one value a channel has no variance', () => {
    const trace = new Trace({ training: true })
    const gamma = trace.parameter('bn1.weight', [3], ones, { decay: false })
    const beta = trace.parameter('bn1.bias', [3], zeros, { decay: false })
    expect(() => normalised(trace.tensor([1, 1, 1, 3]), gamma, beta)).toThrow(
      'bn1 sees one value a channel, which has no variance.',
    )
  })
})

async function normPlan(device: Device, store: Store, training: boolean) {
  const trace = new Trace({ training })
  const gamma = trace.parameter('gamma', [2], ones, { decay: false })
  const beta = trace.parameter('beta', [2], zeros, { decay: false })
  const y = normalised(trace.state('x', [3, 2, 2, 2], 'f32'), gamma, beta)
  copy(y, trace.state('y', y.shape, 'f32'))
  return compile(device, trace, store)
}
