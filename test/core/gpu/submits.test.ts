// Steps in several submits, long calls in parts: which workgroups go where, and that the results are the same to the
// bit.

import { describe, expect, it } from 'vitest'
import { adam, createReferenceDevice, presetNames } from '../../../src/core/index.ts'
import { DataLoader } from '../../../src/core/data/data-loader.ts'
import { plainConstants } from '../../../src/core/kernels/kernel.ts'
import { plainTarget } from '../../../src/core/kernels/target.ts'
import { zeroStep } from '../../../src/core/kernels/step.ts'
import { portions, type Weighed } from '../../../src/core/gpu/submits.ts'
import { layers } from '../../../src/core/nn/layers.ts'
import { compile } from '../../../src/core/tensor/plan.ts'
import { lower } from '../../../src/core/tensor/lower.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { traceTrainingStep } from '../../../src/core/train/steps/step.ts'
import { openGpuDevice } from '../devices.ts'
import { rows, stripeModel, stripes } from '../train/stripes.ts'

const call = (
  name: string,
  work: number,
  grid: readonly [number, number, number] = [10, 1, 1],
  divisible = true,
): Weighed & { readonly name: string } => ({ name, work, grid, divisible })

/** The workgroups of a part, as its shader numbers them. */
function groupsOf({ grid: [x, y, depth] }: Weighed): number[] {
  return Array.from({ length: x * y }, (_, i) => (depth - 1) * x * y + i)
}

describe('portions', () => {
  it('are of about equal work and keep the order', () => {
    const calls = [call('a', 10), call('b', 10), call('c', 10), call('d', 10), call('e', 20), call('f', 20)]
    expect(portions(calls, 2).map(portion => portion.map(({ name }) => name))).toEqual([
      ['a', 'b', 'c', 'd'],
      ['e', 'f'],
    ])
  })

  it('hold no more than half of their share of one call, and each of its workgroups once', () => {
    const made = portions([call('short', 1), call('long', 99, [101, 1, 1]), call('plain', 20, [7, 1, 1], false)], 12)
    const parts = made.flat().filter(({ name }) => name === 'long')
    expect(parts.every(({ work }) => work <= 5)).toBe(true)
    expect(parts.flatMap(groupsOf).filter(group => group < 101)).toEqual([...Array(101).keys()])
    expect(made.flat().filter(({ name }) => name === 'plain')).toEqual([call('plain', 20, [7, 1, 1], false)])
    expect(made.length).toBeGreaterThan(10)
    for (const portion of made)
      expect(
        portion.filter(({ name }) => name === 'long').reduce((sum, { work }) => sum + work, 0),
      ).toBeLessThanOrEqual(15)
  })

  it('unfold a grid that is folded over y', () => {
    const parts = portions([call('wide', 100, [65_535, 3, 1])], 1.5).flat()
    expect(parts.every(({ grid: [x, y] }) => x <= 65_535 && y === 1)).toBe(true)
    expect(parts.reduce((sum, { grid: [x] }) => sum + x, 0)).toBeGreaterThanOrEqual(3 * 65_535)
  })
})

const augmentation = { flip: { probability: 0.5 }, rotate: { probability: 1, range: [-20, 20] as const } }

describe('a call that cannot be cut', () => {
  it.each(presetNames())('is of one workgroup, in a step of %s', preset => {
    const settings = {
      model: stripeModel(preset, 64, 3),
      batchSize: 4,
      optimizer: adam({ clipNorm: 1 }),
      labelSmoothing: 0.1,
      trainRows: rows(0, 4),
      augmentation,
    }
    const calls = lower(traceTrainingStep(settings, new DataLoader(stripes(4, 64, 3), 4, createReferenceDevice())))
    const whole = calls.filter(({ kernel }) => !kernel.divisible)
    expect(whole.map(({ kernel }) => kernel.name)).toEqual(['cross-entropy', 'gradient-clip'])
    for (const { kernel, constants } of whole)
      expect(kernel.grid(plainConstants(constants), plainTarget)).toEqual([1, 1, 1])
  })
})

/** A window, sums of columns both ways, weight gradients with and without bias, filters in groups, and kernels of one
 *  invocation an element. */
const model = {
  ...stripeModel('simple-conv', 16),
  layers: [
    layers.conv2d('conv1', 8, 3),
    layers.relu(),
    layers.maxPool(2),
    layers.conv2d('conv2', 12, 3),
    layers.batchNorm('bn2'),
    layers.relu(),
    layers.conv2d('conv3', 12, 3, { groups: 12 }),
    layers.groupNorm('gn3', 3),
    layers.activation('tanh'),
    layers.residual([layers.conv2d('conv4', 12, 3), layers.relu()]),
    layers.averagePool(2),
    layers.dropout(0.2),
    layers.flatten(),
    layers.dense('fc', 3),
  ],
}

describe('a training step', { timeout: 600_000 }, () => {
  it.each([
    ['as it is', {}],
    ['taken for a real one', { software: false }],
  ])('is the same to the bit in one submit and in many, on a GPU %s', async (_, taken) => {
    const device = await openGpuDevice(taken)
    if (!device) return console.warn('NO GPU FOUND: nothing is run in parts.')
    const photos = stripes(48, 16)
    const feed = new DataLoader(photos, 16, device)
    const trace = traceTrainingStep(
      {
        model,
        batchSize: 16,
        optimizer: adam({ clipNorm: 1 }),
        labelSmoothing: 0,
        trainRows: rows(0, 48),
        augmentation,
      },
      feed,
    )
    const divisible = lower(trace).filter(({ kernel }) => kernel.divisible)
    const names = divisible.map(({ kernel }) => kernel.name)
    expect(names.join(' ')).toMatch(/-pool.*-moments.*-sums/)
    for (const name of [
      'gather-batch',
      'conv2d-forward',
      'conv2d-input-gradient',
      'conv2d-weight-gradient',
      'dropout',
      'average-pool-backward',
      'add',
      'group-norm-statistics',
      'group-norm-input-gradient',
      'gradient-squares',
      'adam',
    ])
      expect(names).toContain(name)
    expect(divisible.every(({ kernel, constants }) => !kernel.work || kernel.work(plainConstants(constants)) > 0)).toBe(
      true,
    )
    const after = async (submits: number) => {
      const store = new Store(device, 3)
      const plan = await compile(device, trace, store)
      feed.setOrder(store, 'train', rows(0, 48))
      const before = { ...device.counters }
      for (let step = 0; step < 3; step++) {
        device.run(
          [
            plan.call({
              ...zeroStep,
              step,
              batchStart: 16 * step,
              batchCount: 16,
              rate: 0.01,
              correction1: 1 - 0.9 ** (step + 1),
              correction2: 1 - 0.999 ** (step + 1),
            }),
          ],
          submits,
        )
      }
      const weights = await Promise.all(
        [...store.names().keys()]
          .filter(name => name !== 'data.images')
          .map(async name => [name, Buffer.from((await store.read(name)).buffer).toString('base64')] as const),
      )
      const counts = {
        dispatches: (device.counters.dispatches - before.dispatches) / 3,
        submits: (device.counters.submits - before.submits) / 3,
      }
      plan.dispose()
      store.dispose()
      return { weights, counts, calls: plan.calls }
    }
    const [whole, cut] = [await after(1), await after(60)]
    expect(cut.weights).toEqual(whole.weights)
    expect(whole.counts).toEqual({ dispatches: whole.calls, submits: 1 })
    expect(cut.counts.dispatches).toBeGreaterThan(2 * whole.calls)
    expect(cut.counts.submits).toBeGreaterThan(20)
    device.destroy()
  })
})
