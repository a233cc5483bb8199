// Features, quick models and the label check on a real library: made once a photo, kept, gone on with; a run like any other;
// doubts before any training, about photos of every split, renewed after a decision.

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createDirectClient } from '../../../src/contract/direct.ts'
import { createCpuDevice } from '../../../src/core/cpu/cpu-device.ts'
import { backboneId } from '../../../src/main/backbones/backbone-store.ts'
import { readBackbone, type Backbone } from '../../../src/training/features/backbone.ts'
import { computeFeatures, readFeatures } from '../../../src/training/features/compute-features.ts'
import { LabelChecker } from '../../../src/training/features/label-check.ts'
import { trainQuick } from '../../../src/training/features/quick-run.ts'
import { openService, writePhoto, type TestService } from '../runs/open-service.ts'
import { tinyBackbone } from './tiny-backbone.ts'

const openDevice = () => createCpuDevice()
const size = 32

function backbone(seed = 1): Backbone {
  const bytes = tinyBackbone(seed)
  return readBackbone(backboneId(bytes), `tiny ${seed}`, bytes)
}

const colours = { bright: [200, 190, 60], dark: [30, 40, 120], lonely: [90, 200, 90] } as const

/** So many photos of each class, each of a shade of its own. */
async function writePhotos(folder: string, counts: Partial<Record<keyof typeof colours, number>>): Promise<void> {
  for (const [name, count] of Object.entries(counts) as [keyof typeof colours, number][]) {
    for (let i = 0; i < count; i++) {
      const [r, g, b] = colours[name]
      await writePhoto(join(folder, name, `${i}.png`), [r + i, g - i, b + ((i * 5) % 30)], i)
    }
  }
}

async function libraryOf(
  perClass: number,
): Promise<TestService & { readonly client: ReturnType<typeof createDirectClient> }> {
  const test = await openService()
  await writePhotos(test.photos, { bright: perClass, dark: perClass })
  await test.importPhotos()
  return { ...test, client: createDirectClient(test.service) }
}

describe('features', () => {
  it('are made once a photo, and anew for new photos and another backbone', async () => {
    const { client, ...test } = await libraryOf(10)
    const options = { client, backbone: backbone(), size, openDevice }
    const first = await computeFeatures(options)
    expect(first).toMatchObject({ photos: 20, made: 20, unread: 0, kind: { numbers: 1536 } })
    expect(await computeFeatures(options)).toMatchObject({ photos: 20, made: 0 })
    await writePhotos(test.photos, { bright: 12, dark: 10 })
    await test.importPhotos()
    expect(await computeFeatures(options)).toMatchObject({ photos: 22, made: 2 })
    expect(await computeFeatures({ ...options, backbone: backbone(2) })).toMatchObject({ made: 22 })
    expect(await computeFeatures({ ...options, size: 40 })).toMatchObject({ made: 22 })
    await test.reopen()
    expect(await computeFeatures({ ...options, client: createDirectClient(test.service) })).toMatchObject({ made: 0 })
  })

  it('stop where they are told to and go on from there', async () => {
    const { client } = await libraryOf(20)
    const stop = new AbortController()
    const options = { client, backbone: backbone(), size, openDevice }
    await expect(
      computeFeatures({ ...options, signal: stop.signal, onProgress: () => stop.abort() }),
    ).rejects.toMatchObject({ code: 'cancelled' })
    expect(await computeFeatures(options)).toMatchObject({ made: 24 })
  })

  it('leave out a photo that was replaced or is gone, and say so', async () => {
    const { client, photos } = await libraryOf(10)
    rmSync(join(photos, 'bright', '0.png'))
    writeFileSync(join(photos, 'bright', '1.png'), readFileSync(join(photos, 'dark', '1.png')))
    expect(await computeFeatures({ client, backbone: backbone(), size, openDevice })).toMatchObject({
      made: 18,
      unread: 2,
    })
    const { photos: unusable } = await client.request('photos.page', {
      filter: { usable: false },
      sort: 'added',
      offset: 0,
      limit: 10,
    })
    expect(unusable).toHaveLength(2)
  })

  it('are close to what was computed, and 10,000 photos take less than 50 MB', async () => {
    const { client } = await libraryOf(4)
    const { kind } = await computeFeatures({ client, backbone: backbone(), size, openDevice })
    const { photos } = await client.request('photos.page', { filter: {}, sort: 'added', offset: 0, limit: 10 })
    const ids = photos.map(({ id }) => id)
    const values = await readFeatures(client, kind, ids)
    const exact = Float32Array.from({ length: kind.numbers }, (_, i) => 1 / (i + 3))
    await client.putBytes(
      'features',
      { ...kind, size: 64, photoIds: String(ids[0]), jobId: 0 },
      new Uint8Array(exact.buffer),
    )
    const back = await readFeatures(client, { ...kind, size: 64 }, [ids[0]!])
    back.forEach((value, i) => expect(Math.abs(value / exact[i]! - 1)).toBeLessThan(2 ** -16))
    expect(values.some(value => value > 0)).toBe(true)
    expect(3 * kind.numbers * 10_000).toBeLessThan(50e6)
  })

  it('of numbers that are none are refused', async () => {
    const { client } = await libraryOf(4)
    const params = { backbone: '0'.repeat(16), size, numbers: 2, photoIds: '1', jobId: 0 }
    await expect(
      client.putBytes('features', params, new Uint8Array(Float32Array.of(1, NaN).buffer)),
    ).rejects.toMatchObject({ code: 'bad-features' })
    for (const bytes of [4, 7])
      await expect(client.putBytes('features', params, new Uint8Array(bytes))).rejects.toMatchObject({
        code: 'bad-features',
        message: `The features were not kept: ${bytes} bytes came instead of 8 (photos: 1, numbers of each: 2).`,
      })
  })
})

describe('a quick model', () => {
  it('is a run with answers, features and a checkpoint, whose export gives the same answers', async () => {
    const { client } = await libraryOf(20)
    const options = { client, backbone: backbone(), size, openDevice }
    const { kind } = await computeFeatures(options)
    const run = await trainQuick({ ...options, kind })
    expect(run).toMatchObject({ state: 'done', settings: { head: 'linear', preset: 'mobilenet-v1', fit: 'letterbox' } })
    expect(run.summary!.validationAccuracy).toBeGreaterThan(0.8)
    const record = await client.request('exports.create', { runId: run.id, format: 'onnx' })
    expect(record.parity.flipped).toBe(0)
    expect(record.parity.largestDifference).toBeLessThan(1e-4)
    const report = await client.request('review.report', { runId: run.id, split: 'validation' })
    expect(report.accuracy.value).toBeCloseTo(run.summary!.validationAccuracy!, 5)
  })

  it('needs two classes', async () => {
    const test = await openService()
    await writePhotos(test.photos, { bright: 6 })
    await test.importPhotos()
    const client = createDirectClient(test.service)
    const options = { client, backbone: backbone(), size, openDevice }
    const { kind } = await computeFeatures(options)
    await expect(trainQuick({ ...options, kind })).rejects.toMatchObject({ code: 'one-class' })
  })
})

describe('doubts before any training', () => {
  it('find a planted label, cover every split, and renew after a decision under the same id', async () => {
    const { client } = await libraryOf(20)
    const { kind } = await computeFeatures({ client, backbone: backbone(), size, openDevice })
    const { photos } = await client.request('photos.page', { filter: {}, sort: 'added', offset: 0, limit: 100 })
    const classes = await client.request('classes.list', {})
    const dark = photos.find(({ className }) => className === 'dark')!
    const bright = classes.find(({ name }) => name === 'bright')!
    await client.request('photos.label', { selection: { ids: [dark.id] }, classId: bright.id })
    const checker = new LabelChecker({ client, kind, openDevice })
    const { report, expected } = await checker.check()
    expect(report).toMatchObject({ method: 'features', runId: null, photos: 40 })
    expect(expected.accuracy).toBeGreaterThan(0.9)
    const page = await client.request('suspects.page', { state: 'open', offset: 0, limit: 5 })
    expect(page.suspects[0]).toMatchObject({ photo: { id: dark.id }, proposedClassName: 'dark', flagged: true })
    await client.request('history.undo', {})
    const after = await checker.check()
    checker.close()
    expect(after.report.id).toBe(report.id)
    expect(after.report.flagged).toBeLessThan(report.flagged)
    expect(await client.request('suspects.list', {})).toHaveLength(1)
  })

  it('keep what was decided in the list of decided photos when they are made anew', async () => {
    const { client } = await libraryOf(20)
    const { kind } = await computeFeatures({ client, backbone: backbone(), size, openDevice })
    const { photos } = await client.request('photos.page', { filter: {}, sort: 'added', offset: 0, limit: 100 })
    const [bright, dark] = ['bright', 'dark'].map(name => photos.find(({ className }) => className === name)!)
    await client.request('photos.label', { selection: { ids: [dark!.id] }, classId: bright!.classId })
    const checker = new LabelChecker({ client, kind, openDevice })
    await checker.check()
    await client.request('photos.label', { selection: { ids: [dark!.id] }, classId: dark!.classId })
    await checker.check()
    await checker.check()
    checker.close()
    const page = (state: 'open' | 'decided') => client.request('suspects.page', { state, offset: 0, limit: 100 })
    expect((await page('decided')).suspects.map(({ photo }) => photo.id)).toContain(dark!.id)
    const open = await page('open')
    expect(open.suspects.map(({ photo }) => photo.id)).not.toContain(dark!.id)
    expect(open.suspects.map(({ position }) => position)).toEqual(open.suspects.map((_, at) => at))
  })

  it('leave out a class of one photo, and refuse where nothing is left to judge by', async () => {
    const test = await openService()
    await writePhotos(test.photos, { bright: 6, dark: 6, lonely: 1 })
    await test.importPhotos()
    const client = createDirectClient(test.service)
    const { kind } = await computeFeatures({ client, backbone: backbone(), size, openDevice })
    const checker = new LabelChecker({ client, kind, openDevice })
    const { rows } = await checker.check()
    checker.close()
    const { checkId } = await client.request('labelCheck.begin', { ...kind, folds: 5, seed: 1 })
    await expect(client.putBytes('labelCheckProbabilities', { checkId }, new Uint8Array(7))).rejects.toMatchObject({
      code: 'bad-probabilities',
      message: '7 bytes of probabilities came where the check needs 96.',
    })
    expect(rows.leftOut).toEqual([{ name: 'lonely', photos: 1, reason: 'single' }])
    expect(rows.photoIds).toHaveLength(12)
    const other = { ...kind, size: 64 }
    await expect(client.request('labelCheck.begin', { ...other, folds: 5, seed: 1 })).rejects.toMatchObject({
      code: 'no-features',
    })
  })
})

describe('similar photos', () => {
  it('are those of the same look, nearest first, without those that were asked about', async () => {
    const { client } = await libraryOf(20)
    const { photos } = await client.request('photos.page', { filter: {}, sort: 'added', offset: 0, limit: 100 })
    await expect(client.request('features.similar', { photoIds: [photos[0]!.id], limit: 5 })).rejects.toMatchObject({
      code: 'no-features',
    })
    await computeFeatures({ client, backbone: backbone(), size, openDevice })
    const dark = photos.filter(({ className }) => className === 'dark')
    const near = await client.request('features.similar', { photoIds: [dark[0]!.id, dark[1]!.id], limit: 10 })
    expect(near).toHaveLength(10)
    expect(near.filter(({ photo }) => photo.className === 'dark').length).toBeGreaterThan(8)
    expect(near.map(({ photo }) => photo.id)).not.toContain(dark[0]!.id)
    const distances = near.map(({ distance }) => distance)
    expect(distances).toEqual(distances.toSorted((a, b) => a - b))
    expect(await client.request('features.similar', { photoIds: [dark[0]!.id], limit: 1000 })).toHaveLength(39)
    await expect(client.request('features.similar', { photoIds: [9999], limit: 5 })).rejects.toMatchObject({
      message: 'The backbone has not looked at photo 9999 yet.',
    })
  })
})

describe('a file that is no backbone', () => {
  const read = (bytes: Uint8Array<ArrayBuffer>) => readBackbone('0', 'net.safetensors', bytes)

  it('is refused with a sentence: cut off, of no net, with a layer missing or a value that is none', () => {
    const whole = tinyBackbone()
    expect(() => read(whole.slice(0, whole.length - 100))).toThrow('The tensors take')
    expect(() => read(new TextEncoder().encode('hello, this is no file of weights'))).toThrow(
      'The file says its header is',
    )
    const text = new TextDecoder('latin1').decode(whole)
    const at = 8 + Number(new DataView(whole.buffer).getBigUint64(0, true))
    const broken = whole.slice()
    new DataView(broken.buffer).setFloat32(at, NaN, true)
    expect(() => read(broken)).toThrow('which is not a number to compute with')
    const renamed = whole.slice()
    const name = text.indexOf('blocks.2.0.conv_dw.weight')
    renamed.set(new TextEncoder().encode('blocks.2.0.conv_xx.weight'), name)
    expect(() => read(renamed)).toThrow(
      'is no whole mobilenet-v1: it lacks 1 tensors, the first is blocks.2.0.conv_dw.weight',
    )
  })

  it('may have a wrapper before its names', () => {
    expect(read(tinyBackbone(1, 'module.model.')).preset).toBe('mobilenet-v1')
  })
})
