// From a run's checkpoint to a checked ONNX file and answers for photo files, on a real library with a tiny made-up
// model whose stored predictions come from plain loops.

import { join } from 'node:path'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decodeWeights, encodeCheckpoint } from '../../../src/core/io/checkpoint.ts'
import { readOnnxMetadata } from '../../../src/core/io/onnx-metadata.ts'
import { openEngine } from '../../../src/main/export/model/engine.ts'
import { type PhotoAnswer, predictPhotos } from '../../../src/main/export/model/predict.ts'
import { unpackFiles } from '../../../src/main/formats/small-zip.ts'
import { pythonWith } from '../../python.ts'
import { makeWeights } from '../../core/io/models.ts'
import { predictReference } from '../../core/io/reference.ts'
import { makePool } from '../runs/open-service.ts'
import { finishedRun, model, settings, weights } from './finished-run.ts'

describe('an export', () => {
  it("is a model that another engine runs with the app's answers", async () => {
    const { call, service, runId, splits } = await finishedRun()
    await call('runs.rename', { runId, name: 'Birds: 1/2' })
    const record = await call('exports.create', { runId, format: 'onnx' })
    expect(record).toMatchObject({
      runId,
      format: 'onnx',
      fileName: 'Birds 1 2.onnx',
      parity: { flipped: 0, photos: splits.filter(split => split === 1).length },
    })
    expect(record.parity.engine).toMatch(/^onnxruntime-web \d+\.\d+/)
    expect(record.parity.largestDifference).toBeLessThan(1e-5)
    const { bytes, fileName } = await service.bytes.export.get({ exportId: record.id })
    expect(fileName).toBe('Birds 1 2.onnx')
    expect(bytes).toHaveLength(record.sizeBytes)
    expect(readOnnxMetadata(bytes)).toMatchObject({
      labels: ['blue', 'green', 'red'],
      height: 8,
      run: 'Birds: 1/2',
      appVersion: '0.1.0',
      temperature: (await call('review.calibration', { runId, split: 'validation' })).temperature,
    })
  })

  it('tells where the engines disagree', async () => {
    const { call, runId } = await finishedRun(splits => splits.indexOf(1))
    const { parity } = await call('exports.create', { runId, format: 'onnx' })
    expect(parity.flipped).toBe(1)
    expect(parity.largestDifference).toBeGreaterThan(1e-3)
  })

  it('is compared on the photos that are still there', async () => {
    const { call, service, photos, folder, reopen, runId, splits } = await finishedRun()
    const { photoIds } = await call('runs.rows', { runId })
    const { name, folder: place } = await call('photos.get', { photoId: photoIds[splits.indexOf(1)]! })
    await service.close()
    rmSync(join(folder, 'cache'), { recursive: true })
    rmSync(join(photos, place, name))
    await reopen()
    const { parity } = await call('exports.create', { runId, format: 'onnx' })
    expect(parity).toMatchObject({ photos: splits.filter(split => split === 1).length - 1, flipped: 0 })
  })

  it('of a run that was cut off is written all the same, compared with nothing', async () => {
    const { call, service, runId } = await finishedRun()
    const bytes = (await service.bytes.checkpoint.get({ runId, kind: 'best' })).bytes
    const { id: cut } = await call('runs.create', settings)
    await service.bytes.checkpoint.put!({ runId: cut, kind: 'best' }, bytes)
    expect((await call('exports.create', { runId: cut, format: 'onnx' })).parity).toMatchObject({
      photos: 0,
      flipped: 0,
      largestDifference: 0,
    })
  })

  it('needs a checkpoint, and uses the last checkpoint where the best is damaged', async () => {
    const { call, service, folder, runId } = await finishedRun()
    const best = join(folder, 'runs', String(runId), 'best.safetensors')
    await service.bytes.checkpoint.put!({ runId, kind: 'last' }, new Uint8Array(readFileSync(best)))
    writeFileSync(best, 'damaged')
    expect((await call('exports.create', { runId, format: 'onnx' })).parity.flipped).toBe(0)
    const { id: bare } = await call('runs.create', settings)
    await expect(call('exports.create', { runId: bare, format: 'onnx' })).rejects.toMatchObject({
      code: 'no-checkpoint',
    })
    await expect(service.bytes.export.get({ exportId: `${bare}-onnx` })).rejects.toMatchObject({ code: 'no-export' })
    await expect(service.bytes.export.get({ exportId: '../../etc/passwd' })).rejects.toMatchObject({
      code: 'no-export',
    })
  })
})

describe('the same model in other formats', () => {
  it.each(['onnx-f16', 'onnx-int8'] as const)('%s is run by ONNX Runtime, and lies beside the others', async format => {
    const { call, service, runId } = await finishedRun()
    const whole = await call('exports.create', { runId, format: 'onnx' })
    const record = await call('exports.create', { runId, format })
    expect(record).toMatchObject({
      id: `${runId}-${format}`,
      fileName: 'Run 1.onnx',
      parity: { within: true, photos: 2 },
    })
    for (const { id, sizeBytes } of [whole, record])
      expect((await service.bytes.export.get({ exportId: id })).bytes.length).toBe(sizeBytes)
  })

  it('safetensors holds the very weights, byte for byte after another import and export', async () => {
    const { call, service, runId } = await finishedRun()
    const { id, parity } = await call('exports.create', { runId, format: 'safetensors' })
    expect(parity.unchecked).toBe('same-weights')
    const { bytes } = await service.bytes.export.get({ exportId: id })
    const { weights: back } = decodeWeights(bytes)
    for (const [name, { data }] of weights) expect([...back.get(name)!.data]).toEqual([...data])
    const { id: next } = await call('runs.create', settings)
    await service.bytes.checkpoint.put!({ runId: next, kind: 'best' }, bytes)
    await call('exports.create', { runId: next, format: 'safetensors' })
    expect(Buffer.compare((await service.bytes.export.get({ exportId: `${next}-safetensors` })).bytes, bytes)).toBe(0)
  })

  it.skipIf(!pythonWith('torch', 'numpy'))('pytorch is run by PyTorch', async () => {
    const { call, service, runId } = await finishedRun()
    const record = await call('exports.create', { runId, format: 'pytorch' })
    expect(record.parity).toMatchObject({
      engine: expect.stringMatching(/^PyTorch \d/) as string,
      photos: 2,
      flipped: 0,
      within: true,
    })
    expect(record.parity.largestDifference).toBeLessThan(1e-5)
    const files = unpackFiles((await service.bytes.export.get({ exportId: record.id })).bytes)
    expect(Object.keys(files).toSorted()).toEqual(
      ['README.md', 'model.py', 'predict.py', 'prepare.py', 'requirements.txt', 'weights.safetensors'].toSorted(),
    )
  })

  it('says which photos were answered otherwise, and that this is more than the format may', async () => {
    const { call, runId, splits } = await finishedRun(all => all.indexOf(1))
    const { parity } = await call('exports.create', { runId, format: 'onnx' })
    const { photoIds } = await call('runs.rows', { runId })
    expect(parity).toMatchObject({ within: false, flipped: 1, flippedPhotos: [photoIds[splits.indexOf(1)]] })
  })

  it('of the nets of a cross-validation there is none', async () => {
    const { call, runId } = await finishedRun()
    await expect(call('exports.create', { runId, format: 'pytorch', folds: true })).rejects.toMatchObject({
      message: expect.stringContaining('written as onnx, not as pytorch') as string,
    })
  })
})

describe('the nets of a cross-validation', () => {
  async function checked(spoil = (values: number[]) => values) {
    const run = await finishedRun()
    const { call, service, runId, splits } = run
    const { bytes: pixels } = await service.bytes.pixels.get({ runId, from: 0, count: splits.length })
    await call('runs.folds', { runId, folds: 2, seed: 1 })
    for (const fold of [0, 1]) {
      const own = makeWeights(Object.fromEntries([...weights].map(([name, { shape }]) => [name, shape])), 20 + fold)
      const answers = splits.flatMap((_, row) =>
        predictReference(model, own, pixels.subarray(row * 192, (row + 1) * 192)),
      )
      await service.bytes.foldCheckpoint.put!(
        { runId, fold },
        encodeCheckpoint({ model, weights: own, epoch: 1, step: 3, optimizer: null, average: null, settings: {} }),
      )
      await service.bytes.foldPredictions.put!(
        { runId, fold },
        new Uint8Array(Float32Array.from(spoil(answers)).buffer),
      )
    }
    return run
  }

  it("become one file that answers with their mean, beside the run's own", async () => {
    const { call, service, runId, splits } = await checked()
    const record = await call('exports.create', { runId, format: 'onnx', folds: true })
    expect(record).toMatchObject({
      id: `${runId}-folds-onnx`,
      fileName: 'Run 1 ensemble.onnx',
      nets: 2,
      parity: { flipped: 0, photos: splits.filter(split => split === 1).length },
    })
    expect(record.parity.largestDifference).toBeLessThan(1e-5)
    const own = await call('exports.create', { runId, format: 'onnx' })
    const bytesOf = async (exportId: string) => (await service.bytes.export.get({ exportId })).bytes
    expect([readOnnxMetadata(await bytesOf(record.id)).nets, readOnnxMetadata(await bytesOf(own.id)).nets]).toEqual([
      2, 1,
    ])
    expect((await bytesOf(record.id)).length).toBe(record.sizeBytes)
  })

  it('are compared with what they said, and needed whole', async () => {
    const { call, runId } = await finishedRun()
    await expect(call('exports.create', { runId, format: 'onnx', folds: true })).rejects.toMatchObject({
      code: 'no-folds',
    })
    await call('runs.folds', { runId, folds: 2, seed: 1 })
    await expect(call('exports.create', { runId, format: 'onnx', folds: true })).rejects.toMatchObject({
      code: 'no-folds',
      message: expect.stringContaining('0 of 2 folds'),
    })
    const other = await checked(answers => answers.map((_, i) => answers[3 * Math.floor(i / 3) + ((i + 1) % 3)]!))
    expect(
      (await other.call('exports.create', { runId: other.runId, format: 'onnx', folds: true })).parity.flipped,
    ).toBeGreaterThan(0)
  })
})

describe('predicting photo files', () => {
  it("gives the run's own answers, and a problem for what is no photo", async () => {
    const { call, service, photos, runId, answers } = await finishedRun()
    const { id } = await call('exports.create', { runId, format: 'onnx' })
    const engine = await openEngine((await service.bytes.export.get({ exportId: id })).bytes as Uint8Array<ArrayBuffer>)
    writeFileSync(join(photos, 'notes.png'), 'no picture')
    const rows = await call('runs.rows', { runId })
    const { photos: listed } = await call('photos.page', { filter: {}, sort: 'added', offset: 0, limit: 100 })
    const row = rows.photoIds.findIndex(photoId => listed.find(photo => photo.id === photoId)!.name === 'green 2.png')

    const paths = [join(photos, 'notes.png'), join(photos, 'green', 'green 2.png'), join(photos, 'gone.png')]
    const results: PhotoAnswer[] = []
    for await (const answer of predictPhotos(engine, paths, makePool(), new AbortController().signal))
      results.push(answer)
    await engine.close()
    expect(results.map(result => result.path)).toEqual(paths)
    expect(results[0]).toMatchObject({ problem: { code: 'not-an-image' } })
    expect(results[2]).toMatchObject({ problem: { code: 'missing' } })
    const green = results[1] as { label: string; confidence: number; probabilities: Record<string, number> }
    model.classes.forEach((name, k) => expect(green.probabilities[name]).toBeCloseTo(answers[row]![k]!, 5))
    expect(green.probabilities[green.label]).toBe(green.confidence)
    expect(green.confidence).toBe(Math.max(...Object.values(green.probabilities)))
  })

  it('refuses a file that is no export', async () => {
    await expect(openEngine(new TextEncoder().encode('not a model'))).rejects.toMatchObject({ code: 'bad-model' })
  })
})
