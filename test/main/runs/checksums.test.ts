// Files of runs whose bytes have changed on the disk: none of them is used, and verify names them.

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RunSettings } from '../../../src/contract/records.ts'
import { encodeCheckpoint } from '../../../src/core/io/checkpoint.ts'
import { readRunFile, writeRunFile } from '../../../src/main/runs/files/checksums.ts'
import { temporaryFolder } from '../library/helpers.ts'
import { describeModel, makeWeights } from '../../core/io/models.ts'
import { jobEnd, openService, writeClasses } from './open-service.ts'

const settings: RunSettings = {
  preset: 'softmax',
  size: 8,
  channels: 3,
  epochs: 1,
  batch: 4,
  rate: 0.01,
  seed: 5,
  augment: false,
}
const floats = (values: readonly number[]) => new Uint8Array(Float32Array.from(values).buffer)

/** A run that has every file a training leaves. */
async function openRun() {
  const test = await openService()
  await writeClasses(test.photos, 4)
  await test.importPhotos()
  const { id: runId } = await test.call('runs.create', settings)
  const { bytes } = test.service
  const model = describeModel([{ type: 'flatten' }, { type: 'dense', name: 'fc', units: 3, bias: true }], 3)
  const checkpoint = encodeCheckpoint({
    model: { ...model, classes: ['blue', 'green', 'red'] },
    weights: makeWeights({ 'fc.weight': [3, 192], 'fc.bias': [3] }),
    epoch: 1,
    step: 2,
    optimizer: null,
    average: null,
    settings: {},
  })
  for (const kind of ['best', 'last'] as const) await bytes.checkpoint.put!({ runId, kind }, checkpoint)
  const rows = 12
  await bytes.predictions.put!({ runId }, floats(Array.from({ length: rows }, () => [0.8, 0.1, 0.1]).flat()))
  await bytes.margins.put!({ runId }, floats(Array.from({ length: 2 * rows }, () => 1)))
  await bytes.embeddings.put!({ runId }, floats(Array.from({ length: 4 * rows }, (_, i) => i % 5)))
  const folder = join(test.folder, 'runs', String(runId))
  const flip = (name: string) => {
    const content = readFileSync(join(folder, name))
    content[content.length - 5]! ^= 1
    writeFileSync(join(folder, name), content)
  }
  const verified = async () => {
    const { jobId } = await test.call('library.verify', {})
    await jobEnd(test.service, test.call, jobId)
    return (await test.call('jobs.list', {})).find(({ id }) => id === jobId)!.result
  }
  return { ...test, runId, folder, flip, verified }
}

describe('files of a run', () => {
  it('with one bit changed are refused by name, and verify lists them', async () => {
    const { service, call, runId, folder, flip, verified } = await openRun()
    expect(await verified()).not.toHaveProperty('damagedFiles')
    const names = ['best.safetensors', 'embeddings.f32', 'margins.f32', 'predictions.f32']
    for (const name of names) flip(name)
    const refused = (name: string) => ({
      code: 'damaged-file',
      message: `The file ${join(folder, name)} is not what was written there: its checksum is another. It is not used.`,
    })
    const { bytes } = service
    await expect(bytes.checkpoint.get({ runId, kind: 'best' })).rejects.toMatchObject(refused('best.safetensors'))
    await expect(bytes.predictions.get({ runId })).rejects.toMatchObject(refused('predictions.f32'))
    await expect(call('suspects.find', { runId, method: 'margin-trace' })).rejects.toMatchObject(refused('margins.f32'))
    await service.openLibraryAt(join(folder, '..', '..'))
    expect((await verified())['damagedFiles']).toBe(4)
    expect(await call('library.damagedFiles', {})).toEqual({ paths: names.map(name => join(folder, name)) })
    expect((await bytes.checkpoint.get({ runId, kind: 'last' })).bytes.byteLength).toBeGreaterThan(0)
  })

  it('are never exported', async () => {
    const { call, runId, flip } = await openRun()
    for (const kind of ['best', 'last']) flip(`${kind}.safetensors`)
    await expect(call('exports.create', { runId, format: 'onnx' })).rejects.toMatchObject({ code: 'damaged-file' })
  })
})

describe('a file that was cut off between its checksum and itself', () => {
  it('is the old one, and whole', async () => {
    const path = join(temporaryFolder(), 'margins.f32')
    const [old, young] = [floats([1, 2]), floats([3, 4])]
    await writeRunFile(path, old)
    const before = readFileSync(path)
    await writeRunFile(path, young)
    writeFileSync(path, before) // the checksum is of the new one, with the old one's behind it
    expect(await readRunFile(path)).toEqual(old)
    writeFileSync(path, floats([5, 6]))
    await expect(readRunFile(path)).rejects.toMatchObject({ code: 'damaged-file' })
  })

  it('without a checksum, from an older version, is read as it is', async () => {
    const path = join(temporaryFolder(), 'margins.f32')
    await writeRunFile(path, floats([1]))
    rmSync(`${path}.sha256`)
    writeFileSync(path, floats([2]))
    expect(await readRunFile(path)).toEqual(floats([2]))
  })
})
