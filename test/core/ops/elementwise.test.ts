// Ops that keep the shape: sums, activations, dropout.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createReferenceDevice, type Device } from '../../../src/core/index.ts'
import { zeroStep } from '../../../src/core/kernels/step.ts'
import { activation } from '../../../src/core/ops/activation.ts'
import { add } from '../../../src/core/ops/add.ts'
import { dropout } from '../../../src/core/ops/dropout.ts'
import { multiply } from '../../../src/core/ops/multiply.ts'
import { relu } from '../../../src/core/ops/relu.ts'
import type { Shape } from '../../../src/core/tensor/shape.ts'
import { Trace } from '../../../src/core/tensor/trace.ts'
import { availableDevices, openDevice } from '../devices.ts'
import { judge, runOp, type OpCase } from './harness.ts'

const shapes: { readonly shape: Shape }[] = [{ shape: [1] }, { shape: [3, 5, 7, 2] }, { shape: [257] }]

describe('add', () => {
  const { check } = judge()

  it.each(shapes)('$shape', async ({ shape }) => {
    await check({ inputs: { a: shape, b: shape }, build: ({ a, b }) => add(a!, b!) })
  })

  it('adds up the gradients of a tensor that is used three times', async () => {
    await check({ inputs: { a: [3, 4] }, build: ({ a }) => add(add(a!, relu(a!)), a!) })
  })

  it('says which shapes differ', () => {
    const trace = new Trace({ training: true })
    expect(() => add(trace.tensor([2, 3]), trace.tensor([3, 2]))).toThrow('Cannot add [2, 3] and [3, 2].')
  })
})

const kinds = ['leaky-relu', 'gelu', 'silu', 'sigmoid', 'tanh', 'relu6', 'hard-swish', 'hard-sigmoid'] as const

describe('multiply', () => {
  const { check } = judge()

  it.each([
    { x: [2, 3, 4, 5], f: [2, 1, 1, 5] },
    { x: [2, 3, 4, 5], f: [2, 3, 4, 5] },
    { x: [3, 7], f: [3, 7] },
  ])('$x by $f', async ({ x, f }) => {
    await check({ inputs: { x, f }, build: ({ x, f }) => multiply(x!, f!) })
  })

  it('says which shapes do not go together', () => {
    const trace = new Trace({ training: true })
    expect(() => multiply(trace.tensor([2, 3, 3, 4]), trace.tensor([2, 1, 1, 3]))).toThrow(
      'Cannot multiply [2, 3, 3, 4] by [2, 1, 1, 3].',
    )
  })
})

describe('activations', () => {
  const { check, compare } = judge()

  it.each(shapes)('relu $shape', async ({ shape }) => {
    await check({ inputs: { x: shape }, build: ({ x }) => relu(x!) })
  })

  it.each(kinds)('%s', async kind => {
    for (const { shape } of shapes)
      await check({ inputs: { x: shape }, build: ({ x }) => activation(x!, kind), value: (_, u) => 8 * u - 4 })
  })

  it.each(kinds)('%s stays finite far out', async kind => {
    await compare({ inputs: { x: [200] }, build: ({ x }) => activation(x!, kind), value: (_, u) => 2000 * u - 1000 })
  })
})

describe('dropout', () => {
  const { check } = judge()
  let devices: Device[] = []
  beforeAll(async () => {
    devices = await Promise.all((await availableDevices()).map(openDevice))
  })
  afterAll(() => devices.forEach(device => device.destroy()))

  const ones = (rate: number, layer = 0, step = zeroStep): OpCase => ({
    inputs: { x: [10_007] },
    build: ({ x }) => dropout(x!, { rate, layer }),
    step,
    value: () => 1,
  })

  it('has a true gradient', async () => {
    await check({
      inputs: { x: [37] },
      build: ({ x }) => dropout(x!, { rate: 0.4, layer: 1 }),
      step: { ...zeroStep, seed: 9, step: 5 },
    })
  })

  it('drops the asked share and keeps the mean', async () => {
    for (const device of devices) {
      const { y } = Object.fromEntries(await runOp(device, ones(0.3)))
      const kept = y!.filter(value => value !== 0)
      expect(kept.length / y!.length).toBeCloseTo(0.7, 1.7)
      expect(kept.every(value => value === Math.fround(1 / 0.7))).toBe(true)
    }
  })

  it('draws the same mask on every device, and another for each step, seed and layer', async () => {
    const mask = async (device: Device, test: OpCase) => (await runOp(device, test)).get('y')!.map(Math.sign).join('')
    const cpu = createReferenceDevice()
    const cases = [
      ones(0.5),
      ones(0.5, 1),
      ones(0.5, 0, { ...zeroStep, step: 1 }),
      ones(0.5, 0, { ...zeroStep, seed: 1 }),
    ]
    const masks = await Promise.all(cases.map(test => mask(cpu, test)))
    expect(new Set(masks).size).toBe(4)
    for (const device of devices) {
      for (const [i, test] of cases.entries()) expect(await mask(device, test)).toBe(masks[i])
    }
  })

  it('does nothing outside training and at rate 0', () => {
    for (const [training, rate] of [
      [false, 0.5],
      [true, 0],
    ] as const) {
      const trace = new Trace({ training })
      const x = trace.tensor([4])
      expect(dropout(x, { rate, layer: 0 })).toBe(x)
    }
  })
})
