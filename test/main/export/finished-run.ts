// A finished run on a real library: twelve photos of three colours, a tiny made-up model, and its answers from plain
// loops.

import type { RunSettings } from '../../../src/contract/records.ts'
import { encodeCheckpoint } from '../../../src/core/io/checkpoint.ts'
import { describeModel, makeWeights } from '../../core/io/models.ts'
import { predictReference } from '../../core/io/reference.ts'
import { openService, writeClasses } from '../runs/open-service.ts'

export const settings: RunSettings = {
  preset: 'softmax',
  size: 8,
  channels: 3,
  epochs: 1,
  batch: 4,
  rate: 0.01,
  seed: 5,
  augment: false,
}

export const model = {
  ...describeModel(
    [
      {
        type: 'conv2d',
        name: 'conv',
        filters: 4,
        kernel: [3, 3],
        stride: [2, 2],
        padding: [0, 0, 1, 1],
        dilation: [1, 1],
        groups: 1,
        bias: true,
      },
      { type: 'relu' },
      { type: 'global-average-pool' },
      { type: 'dense', name: 'fc', units: 3, bias: true },
    ],
    3,
  ),
  classes: ['blue', 'green', 'red'],
}
export const weights = makeWeights(
  { 'conv.weight': [4, 3, 3, 3], 'conv.bias': [4], 'fc.weight': [3, 4], 'fc.bias': [3] },
  3,
)

/** A run of twelve photos whose predictions are the model's, with row `twisted` turned to another answer. */
export async function finishedRun(twisted?: (splits: number[]) => number) {
  const test = await openService()
  await writeClasses(test.photos, 6)
  await test.importPhotos()
  const { id: runId } = await test.call('runs.create', settings)
  const { rows } = await test.call('runs.prepare', { runId })
  const { bytes: pixels } = await test.service.bytes.pixels.get({ runId, from: 0, count: rows })
  const answers = Array.from({ length: rows }, (_, row) =>
    predictReference(model, weights, pixels.subarray(row * 192, (row + 1) * 192)),
  )
  const { splits } = await test.call('runs.rows', { runId })
  const row = twisted ? answers[twisted(splits)]! : []
  if (row.length > 0) row.unshift(row.pop()!)
  await test.service.bytes.checkpoint.put!(
    { runId, kind: 'best' },
    encodeCheckpoint({ model, weights, epoch: 1, step: 3, optimizer: null, average: null, settings: {} }),
  )
  await test.service.bytes.predictions.put!({ runId }, new Uint8Array(Float32Array.from(answers.flat()).buffer))
  return { ...test, runId, answers, splits }
}
