// What one step asks of the device: the counts that issue 4 and docs/benchmarks.md speak of. They are the same on every
// device, so the CPU counts them; that the GPU's steps make nothing is in tensor/plan.test.ts.

import { describe, expect, it } from 'vitest'
import { adam, createReferenceDevice } from '../../../src/core/index.ts'
import { DataLoader } from '../../../src/core/data/data-loader.ts'
import type { PhotoSet } from '../../../src/core/data/photo-set.ts'
import { zeroStep } from '../../../src/core/kernels/step.ts'
import type { ModelDescription } from '../../../src/core/nn/description.ts'
import { describePreset } from '../../../src/core/nn/presets.ts'
import { compile } from '../../../src/core/tensor/plan.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { createEvaluator } from '../../../src/core/train/evaluation/evaluator.ts'
import { traceTrainingStep } from '../../../src/core/train/steps/step.ts'
import { withBatchNorm } from '../../bench/training/nets.ts'

const [side, batch] = [16, 2]
const preset = (name: string) => describePreset(name, { height: side, width: side, channels: 1, classes: ['a', 'b'] })
const rows = Uint32Array.from({ length: 4 }, (_, row) => row)
const photos: PhotoSet = {
  images: new Uint8Array(4 * side * side),
  labels: new Uint32Array(4),
  height: side,
  width: side,
  channels: 1,
}

async function countsOf(model: ModelDescription, steps: number) {
  const device = createReferenceDevice()
  const store = new Store(device, 1)
  const feed = new DataLoader(photos, batch, device)
  const plan = await compile(
    device,
    traceTrainingStep({ model, batchSize: batch, optimizer: adam(), labelSmoothing: 0, trainRows: rows }, feed),
    store,
  )
  feed.setOrder(store, 'train', rows)
  const before = { ...device.counters }
  for (let step = 0; step < steps; step++) plan.run({ ...zeroStep, step, batchCount: batch, rate: 1e-3 })
  const { dispatches, submits, readbacks, buffersMade, bindGroupsMade } = device.counters
  return {
    dispatches: (dispatches - before.dispatches) / steps,
    submits: (submits - before.submits) / steps,
    readbacks: readbacks - before.readbacks,
    buffers: buffersMade - before.buffersMade,
    bindGroups: bindGroupsMade - before.bindGroupsMade,
  }
}

const quiet = { submits: 1, readbacks: 0, buffers: 0, bindGroups: 0 }

describe('one step', () => {
  it.each([
    ['deep-convnet', preset('deep-convnet'), 29],
    ['deep-convnet with batch norm', withBatchNorm(preset('deep-convnet')), 39],
    ['photo-convnet', preset('photo-convnet'), 28],
  ])('of %s is few dispatches, one submit, nothing read and nothing made', async (_, model, dispatches) => {
    expect(await countsOf(model, 3)).toEqual({ ...quiet, dispatches })
  })

  it('of an evaluation is a dispatch a layer', async () => {
    const device = createReferenceDevice()
    const store = new Store(device, 1)
    const evaluator = await createEvaluator(device, store, withBatchNorm(preset('deep-convnet')), photos, { batch })
    const { dispatches } = device.counters
    await evaluator.probabilities(rows.subarray(0, batch))
    expect(device.counters.dispatches - dispatches, 'gather, six convolutions, two dense layers, softmax').toBe(10)
    evaluator.dispose()
    store.dispose()
  })
})
