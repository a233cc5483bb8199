// Cross entropy and softmax: the loss, its gradient, the metrics ring, probabilities of a batch.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createReferenceDevice, type Device } from '../../../src/core/index.ts'
import { zeroStep } from '../../../src/core/kernels/step.ts'
import { crossEntropy } from '../../../src/core/ops/losses/cross-entropy.ts'
import { type LossOptions, metricsRing } from '../../../src/core/ops/losses/loss.ts'
import { softmaxInto } from '../../../src/core/ops/softmax.ts'
import { compile } from '../../../src/core/tensor/plan.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { type Tensor, Trace } from '../../../src/core/tensor/trace.ts'
import { availableDevices, openDevice } from '../devices.ts'
import { copy, expectTrueGradients, judge, runOp, type OpCase } from './harness.ts'

/** The whole ring of metrics is the output, and `dy` picks the loss of the step, so finite differences see the loss. */
function lossCase(n: number, k: number, options: LossOptions = {}, step = 0, spread = 1): OpCase {
  return {
    inputs: { logits: [n, k] },
    build: ({ logits }) => metricsAfter(logits!, n, k, options),
    step: { ...zeroStep, step },
    value: (name, u, i) => (name === 'dy' ? Number(i === (step % metricsRing) * 4) : (2 * u - 1) * spread),
  }
}

function mixedCase(n: number, k: number, options: LossOptions = {}, share?: number): OpCase {
  return {
    ...lossCase(n, k),
    build: ({ logits }) => {
      const { trace } = logits!
      const others = trace.state('others', [n], 'u32', values =>
        values.set(Uint32Array.from({ length: n }, (_, i) => (i * 2) % k)),
      )
      const shares = trace.state('shares', [n], 'f32', values =>
        values.set(Float32Array.from({ length: n }, (_, i) => share ?? 0.5 + i / (2 * n))),
      )
      return metricsAfter(logits!, n, k, { ...options, mixed: { others, shares } })
    },
  }
}

function metricsAfter(logits: Tensor, n: number, k: number, options: LossOptions): Tensor {
  const { trace } = logits
  const labels = trace.state('labels', [n], 'u32', values =>
    values.set(Uint32Array.from({ length: n }, (_, i) => (i * 5 + 1) % k)),
  )
  const loss = crossEntropy(logits, labels, options)
  const y = trace.tensor([metricsRing, 4])
  copy(trace.state('metrics', y.shape, 'f32'), y)
  trace.onBackward(y, dy => [[loss, dy]])
  return y
}

describe('cross entropy', () => {
  const { compare } = judge()
  let devices: Device[] = []
  beforeAll(async () => {
    devices = await Promise.all((await availableDevices()).map(openDevice))
  })
  afterAll(() => devices.forEach(device => device.destroy()))

  it.each([
    [1, 2],
    [3, 10],
    [7, 3],
  ])('[%i %i]', async (n, k) => {
    await expectTrueGradients(lossCase(n, k))
    await expectTrueGradients(lossCase(n, k, { smoothing: 0.1 }))
    await expectTrueGradients(
      lossCase(n, k, { smoothing: 0.2, classWeights: Array.from({ length: k }, (_, i) => i / k) }),
    )
  })

  it('is the same on both devices for more rows than a workgroup has threads', async () => {
    await compare(lossCase(300, 5))
    await compare(lossCase(3, 10, { smoothing: 0.1, classWeights: [1, 2, 0, 0.5, 1, 1, 1, 1, 3, 1] }))
    await compare(mixedCase(6, 4))
  })

  it('takes two labels a photo, and is the plain loss where the share is 1', async () => {
    await expectTrueGradients(mixedCase(5, 3, { classWeights: [1, 0.5, 2], smoothing: 0.1 }))
    const cpu = createReferenceDevice()
    const [mixed, plain] = [await runOp(cpu, mixedCase(5, 3, {}, 1)), await runOp(cpu, lossCase(5, 3))]
    expect(mixed).toEqual(plain)
  })

  it('of a batch whose labels all weigh nothing is nothing, smoothed or not', async () => {
    for (const device of devices) {
      const results = await runOp(device, lossCase(1, 2, { smoothing: 0.1, classWeights: [1, 0] })) // the label is 1
      const largest = (name: string) =>
        Math.max(
          ...results
            .get(name)!
            .map(Math.abs)
            .filter((_, i) => name !== 'y' || i !== 1),
        ) // y[1] is the share right
      expect(
        [largest('y'), largest('d.logits')].map(value => value < 1e-30),
        device.info.name,
      ).toEqual([true, true])
    }
  })

  it('writes the row of the step, and wraps around', async () => {
    for (const device of devices) {
      const metrics = (await runOp(device, lossCase(4, 3, {}, metricsRing + 9))).get('y')!
      expect(metrics.findIndex(value => value !== 0)).toBe(9 * 4)
    }
  })

  it('stays finite for logits of a thousand, and log K for equal ones', async () => {
    for (const device of devices) {
      const large = await runOp(device, lossCase(5, 4, {}, 0, 1000))
      expect([...large.get('y')!.slice(0, 2), ...large.get('d.logits')!].every(Number.isFinite)).toBe(true)
      const equal = await runOp(device, lossCase(5, 4, {}, 0, 0))
      expect(equal.get('y')![0]).toBeCloseTo(Math.log(4), 5)
    }
  })

  it('says when labels and logits do not match', () => {
    const trace = new Trace({ training: true })
    expect(() => crossEntropy(trace.tensor([4, 3]), trace.tensor([5], 'u32'))).toThrow(
      'The logits are [4, 3] but there are 5 labels.',
    )
    expect(() => crossEntropy(trace.tensor([4, 3]), trace.tensor([4], 'u32'), { classWeights: [1, 2] })).toThrow(
      'There are 3 classes but the class weights are [1, 2].',
    )
  })
})

describe('softmax', () => {
  it('writes the rows of the batch that count to their place, and no others', async () => {
    for (const device of await Promise.all((await availableDevices()).map(openDevice))) {
      const trace = new Trace({ training: false })
      const results = trace.state('results', [6, 3], 'f32', values => values.fill(-1))
      softmaxInto(
        results,
        trace.state('logits', [4, 3], 'f32', values => values.set([0, 0, 0, 0, Math.log(2), 0, 900, 0, -900, 5, 5, 5])),
      )
      const store = new Store(device, 1)
      const plan = await compile(device, trace, store)
      plan.run({ ...zeroStep, batchStart: 2, batchCount: 3 })
      const expected = [-1, -1, -1, -1, -1, -1, 1 / 3, 1 / 3, 1 / 3, 0.25, 0.5, 0.25, 1, 0, 0, -1, -1, -1]
      const values = await store.read('results')
      values.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6))
      plan.dispose()
      store.dispose()
      device.destroy()
    }
  })
})
