// What a review cannot work with: each is one sentence with the actual values, and nothing that was there is lost.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RunSettings } from '../../../src/contract/records.ts'
import { labelledProbabilities } from '../../../src/main/review/labels/probabilities.ts'
import { checkLabels } from '../../../src/main/review/labels/label-issues.ts'
import { openService, writeClasses, writePhoto } from '../runs/open-service.ts'

const settings: RunSettings = {
  preset: 'softmax',
  size: 8,
  channels: 3,
  epochs: 3,
  batch: 4,
  rate: 0.01,
  seed: 5,
  augment: false,
}
const bytesOf = (values: Float32Array<ArrayBuffer>) => new Uint8Array(values.buffer)

describe('probabilities', () => {
  it('of two classes are checked, and the better of two estimates is named', () => {
    const sure = Array.from({ length: 20 }, (_, row) => (row % 2 === 0 ? [0.9, 0.1] : [0.1, 0.9])).flat()
    const labels = Array.from({ length: 20 }, (_, row) => (row === 6 ? 1 : row % 2))
    expect(checkLabels(labelledProbabilities(sure, 2, labels))).toMatchObject({
      classes: 2,
      calibratedIssues: 1,
      suspects: [{ row: 6, given: 1, proposed: 0 }],
    })
  })
})

/** A run of three classes of four photos, finished with predictions that are sure of every label but that of row 0. */
async function openRun() {
  const test = await openService()
  await writeClasses(test.photos, 4)
  await test.importPhotos()
  const run = await test.call('runs.create', settings)
  const { photoIds, labels } = await test.call('runs.rows', { runId: run.id })
  const answers = Float32Array.from(
    labels.flatMap((label, row) => [0, 1, 2].map(k => (k === (row === 0 ? (label + 1) % 3 : label) ? 0.9 : 0.05))),
  )
  await test.service.bytes.predictions.put!({ runId: run.id }, bytesOf(answers))
  await test.service.bytes.margins.put!(
    { runId: run.id },
    bytesOf(Float32Array.from(labels, (_, row) => (row === 0 ? -1 : 1))),
  )
  return { ...test, run, runId: run.id, photoIds, labels, answers }
}

describe('a library', () => {
  it('of one class has nothing to train or check, and says so', async () => {
    const { call, photos, importPhotos } = await openService()
    await writeClasses(photos, 4, 1)
    await importPhotos()
    await expect(call('runs.create', settings)).rejects.toMatchObject({
      code: 'one-class',
      message: 'All 4 labelled photos are of one class, “red”; a classifier needs at least two.',
    })
    expect((await call('library.current', {}))!.photos).toBe(4)
  })

  it('with a class of fewer photos than folds names the class, and keeps the folds it had', async () => {
    const { call, service, runId, answers } = await openRun()
    await call('runs.folds', { runId, folds: 2, seed: 1 })
    await service.bytes.foldPredictions.put!({ runId, fold: 0 }, bytesOf(answers))
    await expect(call('runs.folds', { runId, folds: 5, seed: 1 })).rejects.toMatchObject({
      code: 'too-few-for-folds',
      message: expect.stringMatching(/^The class “(red|green|blue)” has 4 photos, fewer than the 5 folds asked for\.$/),
      fix: expect.stringContaining('Choose 3 folds'),
    })
    expect((await call('runs.folds', { runId, folds: 2, seed: 1 })).done).toEqual([0])
  })
})

describe('predictions of a fold', () => {
  it('with numbers that are none are not kept, and the fold stays to be done', async () => {
    const { call, service, runId, answers } = await openRun()
    await call('runs.folds', { runId, folds: 2, seed: 1 })
    const put = (values: Float32Array<ArrayBuffer>) =>
      service.bytes.foldPredictions.put!({ runId, fold: 1 }, bytesOf(values))
    await expect(put(answers.map((value, i) => (i === 7 ? NaN : value)))).rejects.toMatchObject({
      code: 'bad-predictions',
      message: expect.stringContaining('row 2 holds NaN, which is no probability'),
    })
    await expect(put(answers.map((value, i) => (i === 7 ? 0.5 : value)))).rejects.toMatchObject({
      code: 'bad-predictions',
      message: expect.stringMatching(/row 2 sums to \d\.\d+ instead of 1/),
    })
    expect((await call('runs.folds', { runId, folds: 2, seed: 1 })).done).toEqual([])
  })
})

describe('a run whose photos', () => {
  it('were relabelled or excluded since is judged by the labels it saw; the queue goes by those of now', async () => {
    const { call, runId, photoIds, labels, run } = await openRun()
    const [before, evidence] = [
      await call('review.confusion', { runId, split: 'train' }),
      await call('suspects.find', { runId, method: 'margin-trace' }),
    ]
    expect(evidence).toMatchObject({ flagged: 1, open: 1 })
    await call('photos.label', { selection: { ids: [photoIds[0]!] }, classId: run.classes[(labels[0]! + 1) % 3]!.id })
    await call('photos.exclude', { selection: { ids: [photoIds[1]!] }, excluded: true })
    expect(await call('review.confusion', { runId, split: 'train' })).toEqual(before)
    const again = await call('suspects.find', { runId, method: 'margin-trace' })
    expect(again).toMatchObject({ photos: evidence.photos, flagged: 1, open: 0 })
    const { suspects } = await call('suspects.page', { state: 'open', offset: 0, limit: 50 })
    expect(suspects.map(({ photo }) => photo.id)).not.toContain(photoIds[0])
    expect(suspects.map(({ photo }) => photo.id)).not.toContain(photoIds[1])
  })

  it('were deleted from the disk since keeps its judgement; cross-validation says which are missing', async () => {
    const { call, photos, runId } = await openRun()
    await call('runs.append', {
      runId,
      events: [
        {
          type: 'started',
          adapter: 'test',
          software: false,
          parameters: 1,
          stepsPerEpoch: 1,
          epochs: 1,
          batch: 1,
          at: '2026-01-01T00:00:00Z',
        },
      ],
    })
    rmSync(join(photos, 'red', 'red 2.png'))
    expect(await call('review.report', { runId, split: 'train' })).toMatchObject({ photos: expect.any(Number) })
    await expect(call('runs.prepare', { runId })).rejects.toMatchObject({
      code: 'photos-missing',
      message: expect.stringContaining('the first is red/red 2.png'),
    })
    await writePhoto(join(photos, 'red', 'red 2.png'), [200, 30, 30], 2)
    expect(await call('runs.prepare', { runId })).toMatchObject({ rows: 12 })
  })
})
