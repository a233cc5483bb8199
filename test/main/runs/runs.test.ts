// The life of a run on a real library: suggested, made, prepared, trained by a pretender, interrupted, finished,
// reviewed, deleted.

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RunEvent, RunSettings } from '../../../src/contract/records.ts'
import { requests } from '../../../src/contract/table.ts'
import { encodeCheckpoint, type Checkpoint } from '../../../src/core/io/checkpoint.ts'
import { type LibraryFacts, suggestSettings } from '../../../src/main/runs/settings/suggest.ts'
import { describeModel, makeWeights } from '../../core/io/models.ts'
import { jobEnd, openService, type TestService, writeClasses, writePhoto } from './open-service.ts'

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
const started: RunEvent = {
  type: 'started',
  adapter: 'pretend',
  software: true,
  parameters: 10,
  stepsPerEpoch: 2,
  epochs: 3,
  batch: 4,
  at: '2026-01-01T00:00:00.000Z',
}
const step = (n: number): RunEvent => ({
  type: 'step',
  step: n,
  epoch: 0,
  loss: 1 / n,
  accuracy: 0.5,
  rate: 0.01,
  stepsPerSecond: 10,
  secondsLeft: null,
})

/** A library of three classes with six photos each, and a prepared run. */
async function openRun(): Promise<TestService & { runId: number }> {
  const test = await openService()
  await writeClasses(test.photos, 6)
  await test.importPhotos()
  const { id } = await test.call('runs.create', settings)
  await test.call('runs.prepare', { runId: id })
  return { ...test, runId: id }
}

function checkpoint(change: Partial<Checkpoint> = {}): Uint8Array<ArrayBuffer> {
  const model = describeModel([{ type: 'flatten' }, { type: 'dense', name: 'fc', units: 3, bias: true }], 3)
  const classes = ['blue', 'green', 'red']
  const weights = makeWeights({ 'fc.weight': [3, 192], 'fc.bias': [3] })
  return encodeCheckpoint({
    model: { ...model, classes },
    weights,
    epoch: 1,
    step: 2,
    optimizer: null,
    average: null,
    settings: {},
    ...change,
  })
}

describe('making a run', () => {
  it('freezes rows by split, then photo id, with labels that index its classes', async () => {
    const { call, runId } = await openRun()
    const run = await call('runs.get', { runId })
    expect(run).toMatchObject({ name: `Run ${runId}`, state: 'created', settings, summary: null, error: null })
    expect(run.labelRevision).toBe((await call('library.current', {}))!.labelRevision)
    const { photoIds, labels, splits } = await call('runs.rows', { runId })
    const order = photoIds.map((id, i) => splits[i]! * 1e6 + id)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect(photoIds).toHaveLength(18)
    expect(run.photos.train + run.photos.validation + run.photos.test).toBe(18)
    expect(run.photos.validation).toBeGreaterThan(0)
    const { photos } = await call('photos.page', { filter: {}, sort: 'added', offset: 0, limit: 100 })
    for (const [i, id] of photoIds.entries())
      expect(run.classes[labels[i]!]!.name).toBe(photos.find(photo => photo.id === id)!.className)
  })

  it('is not changed by later labels, and the next run sees them', async () => {
    const { call, runId } = await openRun()
    const before = await call('runs.rows', { runId })
    const { classes } = await call('runs.get', { runId })
    await call('photos.label', {
      selection: { ids: [before.photoIds[0]!] },
      classId: classes.find((_, label) => label !== before.labels[0])!.id,
    })
    expect(await call('runs.rows', { runId })).toEqual(before)
    const next = await call('runs.create', settings)
    expect(next.labelRevision).toBeGreaterThan((await call('runs.get', { runId })).labelRevision)
  })

  it.each<[string, (test: TestService) => Promise<void>, string, RegExp]>([
    ['no photos', async () => {}, 'no-labelled-photos', /There are no photos in this library yet/],
    [
      'photos without labels',
      test => writePhoto(join(test.photos, 'one.png'), [9, 9, 9], 1),
      'no-labelled-photos',
      /No usable photo has a label/,
    ],
    [
      'one class',
      test => writeClasses(test.photos, 3, 1),
      'one-class',
      /All 3 labelled photos are of one class, “red”/,
    ],
    [
      'one photo',
      test => writeClasses(test.photos, 1, 1),
      'one-class',
      /The only labelled photo is of one class, “red”/,
    ],
    [
      'a class with one photo',
      async test => {
        await writeClasses(test.photos, 3, 2)
        await writePhoto(join(test.photos, 'owl', 'one.png'), [90, 90, 90], 1)
      },
      'class-too-small',
      /“owl” has only one usable photo/,
    ],
    [
      'every class with one photo, all at once',
      async test => {
        await writeClasses(test.photos, 3, 2)
        for (const name of ['owl', 'bat', 'fox'])
          await writePhoto(join(test.photos, name, 'one.png'), [90, 90, 90], name.length + name.charCodeAt(0))
      },
      'class-too-small',
      /3 classes have only one usable photo each: “bat”, “fox” and “owl”; at least two are needed/,
    ],
    [
      'classes of copies of one picture',
      async test => {
        for (const [name, mark] of [
          ['a', 1],
          ['b', 60],
        ] as const)
          for (let i = 0; i < 4; i++) await writePhoto(join(test.photos, name, `${i}.png`), [90, 90, 90], mark)
      },
      'class-too-small',
      /All 4 photos of the class “a” are copies of one picture\. All 4 photos of the class “b” are copies/,
    ],
    [
      'one class of one photo, both told',
      test => writePhoto(join(test.photos, 'owl', 'one.png'), [90, 90, 90], 1),
      'one-class',
      /The only labelled photo is of one class, “owl”.* “owl” has only one usable photo/,
    ],
  ])('refuses %s', async (_name, fill, code, message) => {
    const test = await openService()
    await fill(test)
    if (readdirSync(test.photos).length > 0) await test.importPhotos()
    await expect(test.call('runs.create', settings)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })

  it('says that the photos are gone where they are, not that they have no label', async () => {
    const test = await openService()
    await writeClasses(test.photos, 3, 2)
    await test.importPhotos()
    renameSync(test.photos, `${test.photos}-elsewhere`)
    await jobEnd(test.service, test.call, (await test.call('check.start', {})).jobId)
    await expect(test.call('runs.create', settings)).rejects.toMatchObject({
      code: 'photos-missing',
      message: 'All 6 photos of this library are gone from where they were imported from.',
    })
    renameSync(`${test.photos}-elsewhere`, test.photos)
    renameSync(join(test.photos, 'green'), join(test.photos, '..', 'green'))
    await jobEnd(test.service, test.call, (await test.call('check.start', {})).jobId)
    await expect(test.call('runs.create', settings)).rejects.toMatchObject({
      code: 'one-class',
      message: expect.stringContaining('No photo of “green” can be used (3 missing).') as string,
    })
    await test.call('photos.exclude', { selection: { filter: { usable: true } }, excluded: true })
    await expect(test.call('runs.create', settings)).rejects.toMatchObject({
      code: 'no-labelled-photos',
      message: 'None of the 6 photos can be learnt from: 3 missing, 3 excluded.',
    })
  })

  it('refuses a set without validation photos, and a class with nothing to learn from', async () => {
    const { call } = await openRun()
    const red = (await call('classes.list', {})).find(({ name }) => name === 'red')!
    await call('photos.split', { selection: { filter: {} }, split: 'train' })
    await call('photos.split', { selection: { filter: { classId: red.id } }, split: 'test' })
    await expect(call('runs.create', settings)).rejects.toMatchObject({
      code: 'class-without-training',
      message: expect.stringContaining('“red”'),
    })
  })

  it('begins with the weights of a run that has some', async () => {
    const { call, service, runId } = await openRun()
    await expect(call('runs.create', { ...settings, fromRunId: 99 })).rejects.toMatchObject({ code: 'no-run' })
    await expect(call('runs.create', { ...settings, fromRunId: runId })).rejects.toMatchObject({
      code: 'no-checkpoint',
      message: expect.stringContaining('Run 1'),
    })
    expect(await call('runs.list', {})).toHaveLength(1)
    await service.bytes.checkpoint.put!({ runId, kind: 'best' }, checkpoint())
    expect((await call('runs.create', { ...settings, fromRunId: runId })).settings.fromRunId).toBe(runId)
  })

  it.each<[Partial<RunSettings>, string]>([
    [{ optimizer: 'adamw', momentum: 0.9 }, 'Momentum 0.9 has no effect on adamw.'],
    [{ momentum: 0.9 }, 'Momentum 0.9 has no effect on adam.'],
    [{ decay: 0.1 }, 'Adam with a weight decay of 0.1 is what adamw does.'],
    [{ schedule: 'one-cycle', warmUp: 0.1 }, 'One-cycle has a warm-up of its own.'],
    [{ schedule: 'step', floor: 0.1 }, 'A floor of 0.1 has no effect on the schedule step.'],
    [{ stepFactor: 0.1 }, 'The lengths of steps have no effect on the schedule cosine.'],
    [{ batch: 1, mixup: 0.2 }, 'A batch of one has no other photo to mix with.'],
  ])('refuses what does not go together: %j', async (change, message) => {
    const { call } = await openRun()
    await expect(call('runs.create', { ...settings, ...change })).rejects.toMatchObject({
      code: 'bad-settings',
      message,
    })
    expect(await call('runs.list', {})).toHaveLength(1)
  })

  it('refuses photos that are too small for its net, and a net that nobody knows, before it makes anything', async () => {
    const { call } = await openRun()
    await expect(call('runs.create', { ...settings, preset: 'googlenet', size: 8 })).rejects.toMatchObject({
      code: 'shape-mismatch',
      message: expect.stringMatching(/^Photos of 8 px are too small for googlenet, which needs at least 15 px\.$/),
    })
    await expect(call('runs.create', { ...settings, preset: 'resnet8' })).rejects.toMatchObject({
      code: 'bad-argument',
      message: 'There is no preset "resnet8".',
    })
    expect(await call('runs.list', {})).toHaveLength(1)
  })

  it('is suggested with a reason for each setting', async () => {
    const test = await openService()
    await writeClasses(test.photos, 6)
    await test.importPhotos()
    const { settings: suggested, reasons } = await test.call('runs.suggest', {})
    expect(suggested).toMatchObject({
      preset: 'resnet9',
      size: 64,
      channels: 3,
      epochs: 100,
      batch: 16,
      optimizer: 'adamw',
      schedule: 'one-cycle',
      augment: true,
    })
    expect(reasons.map(({ code }) => code)).toEqual(['preset-photos', 'size-default', 'colour', 'epochs'])
    for (const { text } of reasons) expect(text).toMatch(/\.$/)
  })
})

describe('suggestions', () => {
  it.each<[string, LibraryFacts, Partial<RunSettings>]>([
    [
      'handwritten digits',
      { photos: 70_000, classes: 10, medianSide: 28, grey: true, square: true },
      { preset: 'simple-conv', size: 28, channels: 1, epochs: 5, batch: 128, augment: false },
    ],
    [
      'tiny colour pictures',
      { photos: 60_000, classes: 10, medianSide: 32, grey: false, square: true },
      { preset: 'resnet9', size: 32, channels: 3, epochs: 10, batch: 128, augment: true },
    ],
    [
      'three thousand photos',
      { photos: 3781, classes: 10, medianSide: 400, grey: false, square: false },
      { preset: 'resnet9', fit: 'letterbox', size: 64, channels: 3, epochs: 32, batch: 32 },
    ],
    [
      'large grey photos',
      { photos: 900, classes: 2, medianSide: 1024, grey: true, square: false },
      { preset: 'resnet9', size: 64, channels: 1, epochs: 100, batch: 32 },
    ],
    ['very small pictures', { photos: 50, classes: 2, medianSide: 3, grey: false, square: false }, { size: 8 }],
    [
      'an empty library',
      { photos: 0, classes: 0, medianSide: 0, grey: false, square: false },
      { preset: 'resnet9', size: 64, epochs: 100 },
    ],
  ])('fit %s and are valid', (_name, facts, expected) => {
    const { settings: suggested, reasons } = requests['runs.suggest'].result.parse(suggestSettings(facts))
    expect(suggested).toMatchObject(expected)
    expect(requests['runs.create'].params.parse(suggested)).toEqual(suggested)
    expect(reasons).toHaveLength(facts.square ? 4 : 5)
    expect(suggested.fit).toBe(facts.square ? undefined : 'letterbox')
  })

  it.each<[string, LibraryFacts, Partial<RunSettings>]>([
    [
      'the sample set',
      { photos: 257, classes: 3, medianSide: 120, grey: false, square: false },
      { preset: 'photo-convnet', size: 32, epochs: 14, batch: 16, augment: true },
    ],
    [
      'sixty thousand photos',
      { photos: 60_000, classes: 10, medianSide: 400, grey: false, square: false },
      { preset: 'photo-convnet', size: 32, epochs: 3 },
    ],
  ])('are small for %s where only the processor computes', (_name, facts, expected) => {
    const { settings: suggested, reasons } = requests['runs.suggest'].result.parse(suggestSettings(facts, 'cpu'))
    expect(suggested).toMatchObject(expected)
    expect(requests['runs.create'].params.parse(suggested)).toEqual(suggested)
    expect(reasons.map(({ code }) => code)).toEqual([
      'processor',
      ...(facts.square ? [] : ['letterbox']),
      suggested.channels === 1 ? 'grey' : 'colour',
      'epochs-few',
      'processor-time',
    ])
  })

  it('are those of a GPU where the processor has the time, with the time it takes told', () => {
    const facts = { photos: 3068, classes: 10, medianSide: 400, grey: false, square: false }
    const { settings: suggested, reasons } = suggestSettings(facts, 'cpu', 2)
    expect(suggested).toEqual(suggestSettings(facts, 'gpu').settings)
    expect(reasons.at(-1)).toMatchObject({ code: 'processor-time', values: { cores: 2 } })
    const minutes = (cores: number) => Number(suggestSettings(facts, 'cpu', cores).reasons.at(-1)!.values['minutes'])
    expect(minutes(2)).toBeGreaterThan(10)
    expect(minutes(2)).toBeLessThan(30)
    expect(minutes(8)).toBeCloseTo(minutes(2) / 4, -1)
    const digits = { photos: 70_000, classes: 10, medianSide: 28, grey: true, square: true }
    expect(suggestSettings(digits, 'cpu', 2).settings).toEqual(suggestSettings(digits, 'gpu').settings)
  })
})

describe('pixels', () => {
  it("are the photos squashed to the run's size, by row", async () => {
    const { call, service, runId } = await openRun()
    const { photoIds, labels } = await call('runs.rows', { runId })
    expect(await call('runs.prepare', { runId })).toEqual({ rows: 18, bytesPerRow: 192 })
    const { bytes } = await service.bytes.pixels.get({ runId, from: 2, count: 3 })
    expect(bytes).toHaveLength(3 * 192)
    const { classes } = await call('runs.get', { runId })
    const strongest = [0, 1, 2].map(i => {
      const own = bytes.subarray(i * 192, (i + 1) * 192)
      const sums = [0, 1, 2].map(c => own.reduce((sum, value, at) => sum + (at % 3 === c ? value : 0), 0))
      return ['red', 'green', 'blue'][sums.indexOf(Math.max(...sums))]
    })
    expect(strongest).toEqual([2, 3, 4].map(row => classes[labels[row]!]!.name))
    await expect(service.bytes.pixels.get({ runId, from: photoIds.length - 1, count: 2 })).rejects.toMatchObject({
      code: 'bad-range',
    })
  })

  it('leave out photos whose files have gone or changed, and the library and the run say so', async () => {
    const test = await openService()
    await writeClasses(test.photos, 6)
    await test.importPhotos()
    const { id: runId } = await test.call('runs.create', settings)
    rmSync(join(test.photos, 'red', 'red 0.png'))
    await writePhoto(join(test.photos, 'green', 'green 1.png'), [1, 2, 3], 9)
    expect((await test.call('runs.prepare', { runId })).rows).toBe(16)
    expect((await test.call('runs.rows', { runId })).photoIds).toHaveLength(16)
    const { photos } = await test.call('photos.page', {
      filter: { usable: false },
      sort: 'added',
      offset: 0,
      limit: 10,
    })
    const gone = (code: string) => ['changed-while-read', 'missing'].includes(code)
    expect(
      photos.map(({ name, problems }) => [name, problems.map(({ code }) => code).filter(gone)]).toSorted(),
    ).toEqual([
      ['green 1.png', ['changed-while-read']],
      ['red 0.png', ['missing']],
    ])
    expect(await test.call('runs.events', { runId })).toMatchObject([{ type: 'note', code: 'photos-left-out' }])
  })

  it('that were away for a while, with their disk, have the flags they had once they are found again', async () => {
    const test = await openService()
    await writeClasses(test.photos, 6)
    await test.importPhotos()
    await test.call('check.setThresholds', { thresholds: { lowInformation: 1, dark: 1 } })
    const flags = async () =>
      (await test.call('photos.page', { filter: {}, sort: 'name', offset: 0, limit: 100 })).photos.map(
        ({ name, usable, problems }) => [name, usable, problems.map(({ code }) => code)],
      )
    const before = await flags()
    expect(before.flatMap(([, , codes]) => codes)).toContain('dark')
    const { id: runId } = await test.call('runs.create', settings)
    renameSync(test.photos, `${test.photos} away`)
    await expect(test.call('runs.prepare', { runId })).rejects.toMatchObject({
      code: 'photos-missing',
      message: expect.stringContaining('18 of the photos of Run 1'),
    })
    expect(await flags()).toEqual(before)
    renameSync(`${test.photos} away`, test.photos)
    renameSync(join(test.photos, 'red', 'red 0.png'), join(test.photos, 'away.png'))
    await test.call('runs.prepare', { runId })
    expect((await flags()).filter(([, usable]) => usable === false)).toMatchObject([
      ['red 0.png', false, expect.arrayContaining(['missing'])],
    ])
    renameSync(join(test.photos, 'away.png'), join(test.photos, 'red', 'red 0.png'))
    await jobEnd(test.service, test.call, (await test.call('check.start', {})).jobId)
    expect(await flags()).toEqual(before)
  })
})

describe('pixels of a run that has begun', () => {
  it('do not lose rows when files go; preparing says which', async () => {
    const { call, photos, folder, service, reopen, runId } = await openRun()
    await call('runs.append', { runId, events: [started] })
    await call('runs.finish', { runId, state: 'done', summary: null, error: null })
    await service.close()
    rmSync(join(folder, 'cache'), { recursive: true })
    rmSync(join(photos, 'red', 'red 0.png'))
    await reopen()
    await expect(call('runs.prepare', { runId })).rejects.toMatchObject({
      code: 'photos-missing',
      message: expect.stringMatching(/^1 of the photos of Run 1 .*red 0\.png/),
    })
    expect((await call('runs.rows', { runId })).photoIds).toHaveLength(18)
  })
})

describe('files of a run', () => {
  it('that were there before it are set aside, not taken for its own', async () => {
    const test = await openService()
    await writeClasses(test.photos, 6)
    await test.importPhotos()
    mkdirSync(join(test.folder, 'runs', '1'))
    writeFileSync(join(test.folder, 'runs', '1', 'best.safetensors'), checkpoint())
    expect((await test.call('runs.create', settings)).id).toBe(1)
    await expect(test.service.bytes.checkpoint.get({ runId: 1, kind: 'best' })).rejects.toMatchObject({
      code: 'no-checkpoint',
    })
    const [aside] = readdirSync(join(test.folder, 'runs'))
    expect(aside).toMatch(/^1-until-2/)
    expect(readdirSync(join(test.folder, 'runs', aside!))).toEqual(['best.safetensors'])
  })
})

describe('events', () => {
  it("make the run run, reach listeners in order, and outlive the library's closing", async () => {
    const { call, service, reopen, runId } = await openRun()
    const heard: RunEvent[] = []
    const leave = service.streams.run({ runId }, event => heard.push(event))
    await call('runs.append', { runId, events: [started, step(1)] })
    await call('runs.append', { runId, events: [step(2)] })
    leave()
    expect((await call('runs.get', { runId })).state).toBe('running')
    expect(heard).toEqual([started, step(1), step(2)])
    await reopen()
    expect(await call('runs.events', { runId })).toEqual(heard)
  })

  it('of a run that was cut off end in a failed run that says how far it got; its checkpoint stays', async () => {
    const { call, service, reopen, runId } = await openRun()
    await call('runs.append', { runId, events: [started, step(1), step(2)] })
    await service.bytes.checkpoint.put!({ runId, kind: 'best' }, checkpoint())
    await reopen()
    const run = await call('runs.get', { runId })
    expect(run).toMatchObject({
      state: 'failed',
      error: {
        code: 'run-interrupted',
        message: expect.stringMatching(/after 2 steps\. Its best checkpoint is kept\.$/),
      },
    })
    expect((await service.bytes.checkpoint.get({ runId, kind: 'best' })).bytes).toEqual(checkpoint())
    await expect(call('runs.append', { runId, events: [step(3)] })).rejects.toMatchObject({ code: 'run-over' })
  })

  it("stop with the run's end, which may be said twice but not changed", async () => {
    const { call, runId } = await openRun()
    const summary = {
      epochs: 3,
      steps: 6,
      seconds: 1.5,
      adapter: 'pretend',
      trainLoss: 0.1,
      validationAccuracy: 0.9,
      validationLoss: 0.2,
      testAccuracy: null,
    }
    await call('runs.append', { runId, events: [started] })
    await expect(call('runs.finish', { runId, state: 'running', summary: null, error: null })).rejects.toMatchObject({
      code: 'bad-state',
    })
    expect(await call('runs.finish', { runId, state: 'done', summary, error: null })).toMatchObject({
      state: 'done',
      summary,
    })
    expect(await call('runs.finish', { runId, state: 'done', summary: null, error: null })).toMatchObject({
      state: 'done',
      summary,
    })
    await expect(call('runs.finish', { runId, state: 'failed', summary: null, error: null })).rejects.toMatchObject({
      code: 'run-over',
    })
  })
})

describe('checkpoints', () => {
  it('replace the old one only when they are whole and of this run', async () => {
    const { service, folder, runId } = await openRun()
    const put = (body: Uint8Array) => service.bytes.checkpoint.put!({ runId, kind: 'best' }, body)
    await expect(service.bytes.checkpoint.get({ runId, kind: 'best' })).rejects.toMatchObject({ code: 'no-checkpoint' })
    await put(checkpoint({ step: 7 }))
    await expect(put(checkpoint({ step: 8 }).slice(0, -3))).rejects.toMatchObject({ code: 'bad-checkpoint' })
    await expect(put(checkpoint({ model: describeModel([], 3) }))).rejects.toMatchObject({ code: 'foreign-checkpoint' })
    expect((await service.bytes.checkpoint.get({ runId, kind: 'best' })).bytes).toEqual(checkpoint({ step: 7 }))
    const files = ['best.safetensors', 'best.safetensors.sha256']
    expect(readdirSync(join(folder, 'runs', String(runId)))).toEqual(files)
  })
})

/** Probabilities for a run: sure of `answer(row)`. */
function probabilities(rows: number, classes: number, answer: (row: number) => number): Uint8Array {
  const values = new Float32Array(rows * classes).fill(0.1 / (classes - 1))
  for (let row = 0; row < rows; row++) values[row * classes + answer(row)] = 0.9
  return new Uint8Array(values.buffer)
}

describe('predictions', () => {
  it("fill the library's answers, the confusion matrix and the report", async () => {
    const { call, service, runId } = await openRun()
    const { photoIds, labels, splits } = await call('runs.rows', { runId })
    const wrongRow = splits.indexOf(1)
    const answer = (row: number) => (row === wrongRow ? (labels[row]! + 1) % 3 : labels[row]!)
    await service.bytes.predictions.put!({ runId }, probabilities(18, 3, answer))

    const { photos } = await call('photos.page', {
      filter: { runId, wrong: true },
      sort: 'suspicion',
      offset: 0,
      limit: 10,
    })
    expect(photos.map(({ id }) => id)).toEqual([photoIds[wrongRow]])
    expect(photos[0]!.prediction).toMatchObject({
      runId,
      confidence: expect.closeTo(0.9, 5),
      givenProbability: expect.closeTo(0.05, 5),
    })

    const { counts } = await call('review.confusion', { runId, split: 'validation' })
    const validation = splits.filter(split => split === 1).length
    expect(counts.flat().reduce((a, b) => a + b)).toBe(validation)
    expect(counts[labels[wrongRow]!]![(labels[wrongRow]! + 1) % 3]).toBe(1)
    const report = await call('review.report', { runId, split: 'validation' })
    expect(report.accuracy.value).toBeCloseTo((validation - 1) / validation, 12)
    expect(report.classes.map(({ photos: n }) => n).reduce((a, b) => a + b)).toBe(validation)
  })

  it.each([
    ['too few bytes', () => new Uint8Array(12), /12 bytes .* need 216/],
    ['NaN', () => probabilities(18, 3, () => 0).map((byte, i) => (i >= 40 && i < 44 ? 0xff : byte)), /row 3 holds NaN/],
    ['rows that do not sum to 1', () => new Uint8Array(new Float32Array(54).fill(0.2).buffer), /row 0 sums to 0\.6000/],
  ])('are refused with %s', async (_name, body, message) => {
    const { call, service, runId } = await openRun()
    await expect(service.bytes.predictions.put!({ runId }, body())).rejects.toMatchObject({
      code: 'bad-predictions',
      message: expect.stringMatching(message),
    })
    await expect(call('review.confusion', { runId, split: 'train' })).rejects.toMatchObject({ code: 'no-predictions' })
  })
})

describe('what a person may change', () => {
  it('is the name, and whether the run is there at all', async () => {
    const { call, service, folder, runId } = await openRun()
    await service.bytes.checkpoint.put!({ runId, kind: 'best' }, checkpoint())
    expect((await call('runs.rename', { runId, name: ' 둘째 ' })).name).toBe('둘째')
    await call('runs.append', { runId, events: [started] })
    await expect(call('runs.delete', { runId })).rejects.toMatchObject({ code: 'run-running' })
    await call('runs.finish', { runId, state: 'stopped', summary: null, error: null })
    writeFileSync(join(folder, 'runs', 'other.txt'), 'kept')
    await call('runs.delete', { runId })
    expect(await call('runs.list', {})).toEqual([])
    await expect(call('runs.get', { runId })).rejects.toMatchObject({ code: 'no-run' })
    expect(readdirSync(join(folder, 'runs'))).toEqual(['other.txt'])
    expect(readFileSync(join(folder, 'runs', 'other.txt'), 'utf8')).toBe('kept')
  })
})
