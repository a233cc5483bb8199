// A run judged on a real library: calibration, the same without doubted photos; and advice from made-up numbers.

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Calibration, ConfusionMatrix, ReviewReport, RunSettings } from '../../../src/contract/records.ts'
import { advise } from '../../../src/main/review/evaluation/advice.ts'
import { signTest } from '../../../src/main/review/evaluation/compare.ts'
import { reportMatrix } from '../../../src/main/review/evaluation/metrics.ts'
import { summaryText } from '../../../src/main/hosts/cli/commands/models/evaluate-text.ts'
import { openService, writeClasses, writeSquares } from '../runs/open-service.ts'

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

describe('a run on a real library', () => {
  it('is judged with and without the photos whose labels are doubted', async () => {
    const { call, service, photos, importPhotos } = await openService()
    await writeClasses(photos, 10)
    await importPhotos()
    const { id: runId } = await call('runs.create', settings)
    const { labels, splits } = await call('runs.rows', { runId })
    const wrong = splits.indexOf(1)
    const values = new Float32Array(labels.length * 3).fill(0.05)
    labels.forEach((label, row) => {
      values[row * 3 + (row === wrong ? (label + 1) % 3 : label)] = 0.9
    })
    values[wrong * 3 + labels[wrong]!] = 0.08
    values[wrong * 3 + ((labels[wrong]! + 2) % 3)] = 0.02
    await service.bytes.predictions.put!({ runId }, new Uint8Array(values.buffer))

    const validation = splits.filter(split => split === 1).length
    const judged = { runId, split: 'validation' } as const
    const before = await call('review.calibration', judged)
    expect(before).toMatchObject({
      photos: validation,
      topK: [
        { k: 1, share: expect.closeTo(1 - 1 / validation, 10) },
        { k: 2, share: 1 },
      ],
    })
    expect(before.bins.filter(bin => bin.photos > 0)).toEqual([
      {
        low: expect.closeTo(13 / 15, 10),
        high: expect.closeTo(14 / 15, 10),
        photos: validation,
        confidence: expect.closeTo(0.9, 5),
        accuracy: 1 - 1 / validation,
      },
    ])
    expect(before.error).toBeCloseTo(Math.abs(0.9 - (1 - 1 / validation)), 5)
    expect(before.errorWithTemperature).toBeLessThanOrEqual(before.error + 1e-6)
    expect(before.thresholds.at(-1)).toEqual({ threshold: 0.99, answered: 0, accuracy: null })

    const margins = Float32Array.from(labels, (_, row) => (row === wrong ? -1 : 1))
    await service.bytes.margins.put!({ runId }, new Uint8Array(margins.buffer))
    const { id: withoutSuspectsOf } = await call('suspects.find', { runId, method: 'margin-trace' })
    expect((await call('review.report', judged)).accuracy.value).toBeLessThan(1)
    expect(await call('review.report', { ...judged, withoutSuspectsOf })).toMatchObject({
      photos: validation - 1,
      accuracy: { value: 1 },
    })
    await expect(call('review.report', { ...judged, withoutSuspectsOf: 99 })).rejects.toMatchObject({
      code: 'no-evidence',
    })
    expect((await call('review.advice', { runId })).map(({ code }) => code)).toEqual(['wide-interval'])
  })

  it('without test photos has an empty matrix there, and no calibration', async () => {
    const { call, service, photos, importPhotos } = await openService()
    await writeClasses(photos, 3)
    await importPhotos()
    const { id: runId, photos: counts } = await call('runs.create', settings)
    await service.bytes.predictions.put!(
      { runId },
      new Uint8Array(new Float32Array((counts.train + counts.validation) * 3).fill(1 / 3).buffer),
    )
    expect((await call('review.confusion', { runId, split: 'test' })).counts.flat()).toEqual(new Array(9).fill(0))
    expect((await call('review.report', { runId, split: 'test' })).accuracy).toEqual({ value: null, low: 0, high: 1 })
    await expect(call('review.calibration', { runId, split: 'test' })).rejects.toMatchObject({
      code: 'no-photos',
      message: expect.stringContaining('no test photos'),
    })
  })
})

describe('a run whose test photos are copies of training photos', () => {
  it('says how many, and the accuracy without them, in the report, the page and the terminal alike', async () => {
    const { call, service, photos, importPhotos } = await openService()
    for (const [split, seeds] of [
      ['train', [1, 2, 3, 4, 5, 6]],
      ['test', [1, 2, 7, 8]],
    ] as const) {
      for (const [c, name] of ['hat', 'shoe'].entries()) {
        for (const seed of seeds) await writeSquares(join(photos, split, name, `${split}${seed}.png`), 100 * c + seed)
      }
    }
    await importPhotos()
    const { id: runId } = await call('runs.create', settings)
    const { labels, splits, photoIds } = await call('runs.rows', { runId })
    const seedOf = await Promise.all(photoIds.map(async id => (await call('photos.get', { photoId: id })).name.at(-5)!))
    // Copies are answered rightly, the others of the test split wrongly.
    const values = labels.flatMap((label, row) => {
      const right = splits[row] !== 2 || '12'.includes(seedOf[row]!)
      return [0, 1].map(k => ((k === label) === right ? 0.9 : 0.1))
    })
    await service.bytes.predictions.put!({ runId }, new Uint8Array(Float32Array.from(values).buffer))
    const report = await call('review.report', { runId, split: 'test' })
    expect(report).toMatchObject({
      photos: 8,
      accuracy: { value: 0.5 },
      copies: { photos: 4, accuracy: { value: 0 } },
    })
    expect((await call('review.report', { runId, split: 'train' })).copies).toBeNull()
    expect((await call('review.report', { runId, split: 'validation' })).copies).toMatchObject({ photos: 0 })
    const pages = { en: 'Accuracy without them: 0.0 %', ko: '사본을 뺀 정확도: 0.0 %' }
    for (const language of ['en', 'ko'] as const) {
      const { bytes } = await service.bytes.report.get({ runId, split: 'test', format: 'html', language })
      expect(new TextDecoder().decode(bytes)).toContain(pages[language])
    }
    const calibration = await call('review.calibration', { runId, split: 'test' })
    expect(summaryText('Run 1', report, calibration)).toContain(
      '4 of them are copies of training photos; accuracy without them 0.0 % (0.0 to 49.0 %)',
    )
  })

  it('names classes without a photo in the split', async () => {
    const { call, service, photos, importPhotos } = await openService()
    await writeClasses(photos, 4)
    await importPhotos()
    await call('photos.split', { selection: { filter: {} }, split: 'train' })
    await call('photos.split', { selection: { ids: [1, 2] }, split: 'validation' })
    const { id: runId, classes: own } = await call('runs.create', settings)
    const { labels } = await call('runs.rows', { runId })
    const values = labels.flatMap(label => own.map((_, k) => (k === label ? 0.9 : 0.05)))
    await service.bytes.predictions.put!({ runId }, new Uint8Array(Float32Array.from(values).buffer))
    const judged = { runId, split: 'validation' } as const
    const report = await call('review.report', judged)
    const without = report.classes.filter(({ photos: count }) => count === 0).map(({ name }) => name)
    expect(without).toHaveLength(2)
    const text = `no validation photo of ${without.join(', ')}: nothing says how well they are found`
    expect(summaryText('Run 1', report, await call('review.calibration', judged))).toContain(text)
    const { bytes } = await service.bytes.report.get({ ...judged, format: 'html', language: 'en' })
    expect(new TextDecoder().decode(bytes)).toContain(`No photo of: ${without.join(', ')}.`)
    expect((await call('review.advice', { runId })).map(({ code }) => code)).toContain('class-unjudged')
  })
})

describe('several runs as one', () => {
  it('answer by the mean of their probabilities, on the photos all hold in the split, and only with the same classes', async () => {
    const { call, service, photos, importPhotos } = await openService()
    await writeClasses(photos, 10)
    await importPhotos()
    const runIds = [
      (await call('runs.create', settings)).id,
      (await call('runs.create', settings)).id,
      (await call('runs.create', settings)).id,
    ]
    const { labels, splits } = await call('runs.rows', { runId: runIds[0]! })
    const validation = splits.flatMap((split, row) => (split === 1 ? [row] : []))
    // Each net is sure of a wrong class for a third of the photos, and a little surer of the right one for the others.
    for (const [net, runId] of runIds.entries()) {
      const values = labels.flatMap((label, row) => {
        const errs = validation.indexOf(row) % 3 === net
        return [0, 1, 2].map(k => (errs ? [0.4, 0.6, 0][(k - label + 3) % 3]! : k === label ? 0.9 : 0.05))
      })
      await service.bytes.predictions.put!({ runId }, new Uint8Array(Float32Array.from(values).buffer))
    }
    const found = await call('review.ensemble', { runIds, split: 'validation' })
    expect(found).toMatchObject({
      photos: validation.length,
      accuracy: { value: 1 },
      runs: [{ runId: runIds[0], name: 'Run 1' }, { runId: runIds[1] }, { runId: runIds[2] }],
    })
    found.runs.forEach(({ accuracy }, net) => {
      const errs = validation.filter((_, i) => i % 3 === net).length
      expect(accuracy.value).toBeCloseTo(1 - errs / validation.length, 10)
    })
    const { photoIds } = await call('runs.rows', { runId: runIds[0]! })
    await call('photos.exclude', { selection: { ids: [photoIds[validation[0]!]!] }, excluded: true })
    const fewer = (await call('runs.create', settings)).id
    await service.bytes.predictions.put!(
      { runId: fewer },
      new Uint8Array(new Float32Array((labels.length - 1) * 3).fill(1 / 3).buffer),
    )
    expect((await call('review.ensemble', { runIds: [runIds[0]!, fewer], split: 'validation' })).photos).toBeLessThan(
      validation.length,
    )
    const blue = (await call('classes.list', {})).find(({ name }) => name === 'blue')!
    await call('photos.exclude', { selection: { filter: { classId: blue.id } }, excluded: true })
    const two = (await call('runs.create', settings)).id
    await expect(call('review.ensemble', { runIds: [runIds[0]!, two], split: 'validation' })).rejects.toMatchObject({
      code: 'other-classes',
    })
  })
})

describe('two runs', () => {
  it('are compared on the photos both hold out, by the labels of the second', async () => {
    const { call, service, photos, importPhotos } = await openService()
    await writeClasses(photos, 10)
    await importPhotos()
    const { id: before, classes: own } = await call('runs.create', settings)
    const rows = await call('runs.rows', { runId: before })
    const [mended, relabelled, spoilt] = rows.splits.flatMap((split, row) => (split === 1 ? [row] : []))
    const put = async (runId: number, labels: number[], wrong: number[]) => {
      const values = new Float32Array(labels.length * 3).fill(0.05)
      labels.forEach((label, row) => {
        values[row * 3 + (wrong.includes(row) ? (label + 1) % 3 : label)] = 0.9
      })
      await service.bytes.predictions.put!({ runId }, new Uint8Array(values.buffer))
    }
    await put(before, rows.labels, [mended!, relabelled!])
    // The first run was right about this photo; its label was wrong.
    await call('photos.label', {
      selection: { ids: [rows.photoIds[relabelled!]!] },
      classId: own[(rows.labels[relabelled!]! + 1) % 3]!.id,
    })
    for (const [row, split] of rows.splits.entries()) {
      await call('photos.split', {
        selection: { ids: [rows.photoIds[row]!] },
        split: split === 0 ? 'train' : 'validation',
      })
    }
    const { id: after } = await call('runs.create', settings)
    const again = await call('runs.rows', { runId: after })
    await expect(call('review.compare', { before, after, split: 'validation' })).rejects.toMatchObject({
      code: 'no-common-photos',
    })
    await put(after, again.labels, [again.photoIds.indexOf(rows.photoIds[spoilt!]!)])

    const validation = rows.splits.filter(split => split === 1).length
    const comparison = await call('review.compare', { before, after, split: 'validation' })
    expect(comparison).toMatchObject({
      before,
      after,
      photos: validation,
      relabelled: 1,
      fixed: 1,
      broken: 1,
      chance: 1,
    })
    expect(comparison.accuracyBefore.value).toBeCloseTo(1 - 1 / validation, 12)
    expect(comparison.accuracyAfter.value).toBeCloseTo(1 - 1 / validation, 12)
    expect(comparison.classes.reduce((sum, { photos: n }) => sum + n, 0)).toBe(validation)
  })

  it('differ by chance as often as coins fall so', () => {
    expect(signTest(5, 0)).toBeCloseTo(2 / 32, 12)
    expect(signTest(8, 2)).toBeCloseTo((2 * (1 + 10 + 45)) / 1024, 12)
    expect([signTest(0, 0), signTest(3, 3), signTest(3000, 3000)]).toEqual([1, 1, 1])
    expect(signTest(3200, 2800)).toBeLessThan(1e-6)
  })
})

const classes = [
  { id: 1, name: 'shirt' },
  { id: 2, name: 'coat' },
  { id: 3, name: 'hat' },
]
const calm: Calibration = {
  runId: 1,
  split: 'validation',
  photos: 300,
  topK: [],
  logLoss: 0.1,
  bins: [],
  error: 0.01,
  temperature: 1,
  errorWithTemperature: 0.01,
  thresholds: [],
  unknownBelow: null,
}

function input(train: number[][], validation: number[][], calibration: Partial<Calibration> = {}) {
  const report = (counts: number[][], split: ReviewReport['split']): ReviewReport => ({
    runId: 1,
    split,
    ...reportMatrix(classes, counts),
    copies: split === 'train' ? null : { photos: 0, accuracy: reportMatrix(classes, counts).accuracy },
  })
  const confusion: ConfusionMatrix = { runId: 1, split: 'validation', classes, counts: validation }
  return {
    train: report(train, 'train'),
    validation: report(validation, 'validation'),
    confusion,
    calibration: { ...calm, ...calibration },
    test: null,
    epochs: 12,
    augmented: false,
    unlabelled: 0,
  }
}

const diagonal = (a: number, b: number, c: number) => [
  [a, 0, 0],
  [0, b, 0],
  [0, 0, c],
]

describe('advice', () => {
  it('is none where nothing is wrong', () => {
    expect(advise(input(diagonal(900, 900, 900), diagonal(500, 500, 500)))).toEqual([])
  })

  it('names the pair that is mixed up, with its share of the mistakes', () => {
    const [first] = advise(
      input(diagonal(900, 900, 900), [
        [480, 14, 1],
        [8, 490, 1],
        [0, 1, 500],
      ]),
    )
    expect(first).toEqual({
      code: 'confused-pair',
      values: { first: 'shirt', second: 'coat', photos: 22, mistakes: 25 },
      text: '“shirt” and “coat” are mixed up most: 22 of 25 mistakes. Look at these photos first, for wrong labels or a class that should be split.',
    })
  })

  it('names the small class that is found poorly, what the training photos hide, thin evidence, and false certainty', () => {
    const codes = (...args: Parameters<typeof input>) => advise(input(...args)).map(({ code }) => code)
    const spread = [
      [60, 1, 1],
      [1, 60, 1],
      [1, 1, 2],
    ]
    expect(codes(diagonal(100, 100, 20), spread)).toContain('few-photos')
    expect(codes(diagonal(100, 100, 60), spread)).not.toContain('few-photos')
    expect(
      codes(diagonal(900, 900, 900), [
        [400, 50, 50],
        [50, 400, 50],
        [50, 50, 400],
      ]),
    ).toContain('overfit')
    expect(codes(diagonal(10, 10, 10), diagonal(8, 8, 8))).toEqual(['wide-interval'])
    expect(codes(diagonal(900, 900, 900), diagonal(500, 500, 500), { error: 0.08, temperature: 1.9 })).toEqual([
      'too-sure',
    ])
  })

  const of = (more: Partial<Parameters<typeof advise>[0]>, ...args: Parameters<typeof input>) =>
    advise({ ...input(...args), ...more })
  const reportOf = (
    counts: number[][],
    split: ReviewReport['split'],
    copies: ReviewReport['copies'] = null,
  ): ReviewReport => ({
    runId: 1,
    split,
    ...reportMatrix(classes, counts),
    copies,
  })

  it('says of a model that has learnt nothing that it is under-trained, and nothing of its labels', () => {
    const guessing = [
      [4, 40, 40],
      [40, 4, 40],
      [40, 40, 4],
    ]
    const found = of({ test: reportOf(guessing, 'test'), epochs: 1 }, guessing, guessing)
    expect(found.map(({ code }) => code)).toEqual(['under-trained'])
    expect(found[0]!.text).toMatch(/^5 % right on test photos and 5 % on training photos, where guessing gives 33 %/)
    expect(found[0]!.text).toContain('Train longer than 1 epoch')
    const learnt = of({}, diagonal(90, 90, 90), guessing).map(({ code }) => code)
    expect(learnt).toEqual(['overfit'])
  })

  it('says how many test photos are copies of training photos, and what is right without them', () => {
    const copies = { photos: 8, accuracy: reportMatrix(classes, diagonal(3, 3, 4)).accuracy }
    const test = reportOf(
      [
        [5, 1, 0],
        [0, 6, 0],
        [0, 0, 6],
      ],
      'test',
      copies,
    )
    expect(of({ test }, diagonal(900, 900, 900), diagonal(500, 500, 500))[0]).toMatchObject({
      code: 'copies-in-training',
      text: '8 of 18 test photos are copies of training photos: without them 100 % is right instead of 94 %. Move the copies to one split, or exclude them.',
    })
    const all = { photos: 18, accuracy: { value: null, low: 0, high: 1 } }
    expect(of({ test: { ...test, copies: all } }, diagonal(9, 9, 9), diagonal(5, 5, 5))[0]!.code).toBe('copies-only')
  })

  it('says that test photos are answered otherwise than validation photos only where that is no chance', () => {
    const mostly = [
      [450, 25, 25],
      [25, 450, 25],
      [25, 25, 450],
    ]
    const codes = (counts: number[][]) => of({ test: reportOf(counts, 'test') }, mostly, mostly).map(({ code }) => code)
    const worse = [
      [300, 100, 100],
      [100, 300, 100],
      [100, 100, 300],
    ]
    expect(codes(worse)).toContain('test-lower')
    expect(codes(diagonal(200, 200, 200))).toContain('test-higher')
    expect(codes(diagonal(5, 5, 5)).filter(code => code.startsWith('test-'))).toEqual([])
  })

  it('names classes that no photo judges, and photos that could be labelled', () => {
    const found = of(
      { unlabelled: 200, test: reportOf(diagonal(50, 0, 0), 'test') },
      diagonal(900, 900, 900),
      diagonal(500, 500, 0),
    )
    expect(found.map(({ code }) => code)).toEqual(['class-unjudged', 'unlabelled'])
    expect(found[0]!.text).toBe(
      'No validation photo of “hat”: how well it is found, nothing says. No test photo of “coat”, “hat”: how well they are found, nothing says.',
    )
    expect(of({ unlabelled: 4 }, diagonal(90, 90, 90), diagonal(500, 500, 500))).toEqual([])
  })

  it('does not propose changes of photos that were on', () => {
    const poor = [
      [400, 50, 50],
      [50, 400, 50],
      [50, 50, 400],
    ]
    const text = (augmented: boolean) =>
      of({ augmented }, diagonal(900, 900, 900), poor).find(({ code }) => code.startsWith('overfit'))!.text
    expect(text(false)).toContain('More photos, or augmentation, would help most.')
    expect(text(true)).toContain('Photos were changed at random already')
  })

  it('is never more than four things', () => {
    const poor = input(
      diagonal(100, 100, 20),
      [
        [100, 50, 10],
        [50, 100, 10],
        [40, 30, 10],
      ],
      { error: 0.3, temperature: 3 },
    )
    expect(advise(poor).map(({ code }) => code)).toEqual(['confused-pair', 'few-photos', 'overfit', 'too-sure'])
  })
})
