// 20 steps of every optimizer, and every schedule, against PyTorch's numbers (scripts/golden/optimisers.py made them).

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  adagrad,
  adam,
  withEma,
  constant,
  cosine,
  oneCycle,
  rmsprop,
  sgd,
  stepwise,
  warmUp,
  type Device,
  type Optimizer,
  type Schedule,
} from '../../../src/core/index.ts'
import { zeroStep } from '../../../src/core/kernels/step.ts'
import { accumulateGradients, traceOfTotals } from '../../../src/core/optim/accumulate.ts'
import { compileExchange } from '../../../src/core/optim/ema.ts'
import { compile } from '../../../src/core/tensor/plan.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { Trace } from '../../../src/core/tensor/trace.ts'
import { availableDevices, openDevice, type DeviceKind } from '../devices.ts'
import { readGolden } from '../golden.ts'
import { copy, difference } from '../ops/harness.ts'

const file = readGolden('optimisers.safetensors')
const values = (name: string) => file.tensors.get(name)!.data
const parameters = { 'fc.weight': [7, 11], 'fc.bias': [5] } as const
const names = Object.keys(parameters) as (keyof typeof parameters)[]
const steps = 20

const optimizers: Readonly<Record<string, Optimizer>> = {
  sgd: sgd(),
  momentum: sgd({ momentum: 0.9 }),
  'nesterov with decay': sgd({ momentum: 0.9, nesterov: true, weightDecay: 0.1 }),
  adam: adam(),
  adamw: adam({ beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1 }),
  adagrad: adagrad({ weightDecay: 0.05 }),
  rmsprop: rmsprop(),
  'rmsprop with momentum': rmsprop({ alpha: 0.9, momentum: 0.8, weightDecay: 0.05 }),
  'sgd clipped': sgd({ momentum: 0.9, clipNorm: 3 }),
  'adamw, two rates': adam({ weightDecay: 0.1 }),
  'nesterov, two rates': sgd({ momentum: 0.9, nesterov: true, weightDecay: 0.1 }),
  'adagrad, two rates': adagrad(),
  'rmsprop, two rates': rmsprop(),
  'adam averaged': withEma(adam(), 0.9),
}

/** An update whose gradients come from states `g.<name>`; the weight's in two parts of half the size, as split kernels
 *  leave them. */
function traceUpdate(optimizer: Optimizer | undefined, biasRate = 1): Trace {
  const trace = new Trace({ training: true, rates: name => (name === 'fc.bias' ? biasRate : 1) })
  for (const name of names) {
    const parameter = trace.parameter(name, parameters[name], target => target.set(values(`start/${name}`)), {
      decay: name === 'fc.weight',
    })
    const splits = name === 'fc.weight' ? 2 : 1
    const gradient = trace.gradient(parameter, splits)
    copy(trace.state(`g.${name}`, [gradient.size], 'f32'), gradient)
    trace.gradients.set(name, gradient)
  }
  optimizer?.update(trace)
  return trace
}

function writeGradients(store: Store, step: number): void {
  for (const name of names) {
    const size = parameters[name].reduce((a: number, b: number) => a * b, 1)
    const gradient = values(`gradients/${name}`).slice(step * size, (step + 1) * size)
    if (name === 'fc.bias') store.write(`g.${name}`, gradient)
    else
      for (const part of [0, 1])
        store.write(
          `g.${name}`,
          gradient.map(value => value / 2),
          part * 128,
        )
  }
}

function stepValues(optimizer: Optimizer, step: number) {
  const [beta1, beta2] = optimizer.betas
  return { ...zeroStep, step, rate: 0.05, correction1: 1 - beta1 ** (step + 1), correction2: 1 - beta2 ** (step + 1) }
}

describe.each<DeviceKind>(await availableDevices())('optimisers on %s', kind => {
  let device: Device
  beforeAll(async () => {
    device = await openDevice(kind)
  })
  afterAll(() => device.destroy())

  it('are all here', () => {
    expect(JSON.parse(file.metadata.get('runs')!)).toEqual(Object.keys(optimizers))
  })

  it.each(Object.entries(optimizers))('%s', async (run, optimizer) => {
    const store = new Store(device, 1)
    const plan = await compile(device, traceUpdate(optimizer, run.endsWith('two rates') ? 0.1 : 1), store)
    for (let step = 0; step < steps; step++) {
      writeGradients(store, step)
      plan.run(stepValues(optimizer, step))
      if (![1, 2, steps].includes(step + 1)) continue
      for (const name of names)
        expect(
          difference(await store.read(name), values(`${run}/${step + 1}/${name}`)),
          `${name} after ${step + 1}`,
        ).toBeLessThan(2e-6)
    }
    if (run === 'adam averaged') {
      const exchange = await compileExchange(device, store)
      exchange.run(zeroStep)
      for (const name of names)
        expect(difference(await store.read(name), values(`${run}/average/${name}`))).toBeLessThan(2e-6)
      exchange.run(zeroStep)
      for (const name of names)
        expect(difference(await store.read(name), values(`${run}/${steps}/${name}`))).toBeLessThan(2e-6)
      exchange.dispose()
    }
    plan.dispose()
    store.dispose()
  })

  it('move the same when a batch is learnt in two parts', async () => {
    const optimizer = optimizers['sgd clipped']!
    const store = new Store(device, 1)
    const trace = traceUpdate(undefined)
    accumulateGradients(trace, 2)
    const totals = traceOfTotals(trace)
    optimizer.update(totals)
    const plans = [await compile(device, trace, store), await compile(device, totals, store)] as const
    for (let step = 0; step < steps; step++) {
      writeGradients(store, step)
      plans[0].run({ ...zeroStep, step: step * 2 }, { ...zeroStep, step: step * 2 + 1 })
      plans[1].run(stepValues(optimizer, step))
    }
    for (const name of names)
      expect(difference(await store.read(name), values(`sgd clipped/${steps}/${name}`))).toBeLessThan(2e-6)
    plans.forEach(plan => plan.dispose())
    store.dispose()
  })
})

describe('schedules', () => {
  const expected = JSON.parse(file.metadata.get('schedules')!) as Record<string, number[]>
  const schedules: Readonly<Record<string, Schedule>> = {
    constant: constant,
    stepwise: stepwise(0.3, 0.1),
    cosine: cosine(),
    'cosine to 0.1': cosine(0.1),
    'one cycle': oneCycle(),
    'warm-up, then cosine': warmUp(0.2, cosine()),
  }

  it.each(Object.entries(schedules))('%s', (name, schedule) => {
    const rates = expected[name]!
    rates.forEach((rate, step) => expect(schedule(step, rates.length), `step ${step}`).toBeCloseTo(rate, 7))
  })
})
