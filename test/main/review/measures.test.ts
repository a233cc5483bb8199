// What answers are worth: matrices, intervals, calibration, rankings, margin traces, folds, and NumPy files, against
// values worked out by hand or from the definition.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  applyTemperature,
  calibrationError,
  fitTemperature,
  logLoss,
  reliability,
  lowestThreshold,
  thresholdCurve,
  topK,
} from '../../../src/main/review/evaluation/calibration.ts'
import { assignFolds } from '../../../src/main/runs/folds.ts'
import { learningCurve } from '../../../src/main/review/evaluation/learning-curve.ts'
import { rankByMargin } from '../../../src/main/review/labels/area-under-margin.ts'
import { confusionCounts, reportMatrix, wilson } from '../../../src/main/review/evaluation/metrics.ts'
import { readNpy } from '../../../src/main/formats/npy.ts'
import { labelledProbabilities } from '../../../src/main/review/labels/probabilities.ts'
import { averagePrecision, precisionAt } from './ranking.ts'
import { checkNpyLabels } from '../../../src/main/review/labels/label-issues.ts'
import { generator } from '../../core/io/models.ts'

const classes = [
  { id: 7, name: 'cat' },
  { id: 9, name: 'dog' },
  { id: 12, name: 'owl' },
]

describe('the confusion matrix and its report', () => {
  const counts = confusionCounts([0, 0, 0, 0, 1, 1], [0, 0, 0, 1, 1, 0], 3)

  it('counts labels by row and answers by column', () => {
    expect(counts).toEqual([
      [3, 1, 0],
      [1, 1, 0],
      [0, 0, 0],
    ])
  })

  it('gives precision, recall and F1 a class; a class that never occurs has none and does not count', () => {
    const report = reportMatrix(classes, counts)
    expect(report.accuracy.value).toBeCloseTo(4 / 6, 12)
    expect(report.classes.map(({ f1 }) => f1)).toEqual([expect.closeTo(6 / 8, 12), expect.closeTo(2 / 4, 12), null])
    expect(report.classes[0]).toMatchObject({ id: 7, name: 'cat', photos: 4, answered: 4 })
    expect(report.classes[2]!.recall).toEqual({ value: null, low: 0, high: 1 })
    expect(report.macroF1).toBeCloseTo((0.75 + 0.5) / 2, 12)
    expect(report.weightedF1).toBeCloseTo((4 * 0.75 + 2 * 0.5) / 6, 12)
  })

  it("has Wilson's interval, the textbook's for 9 of 10, and never outside 0..1", () => {
    const { low, high } = wilson(9, 10)
    expect([low, high]).toEqual([expect.closeTo(0.5958, 4), expect.closeTo(0.9821, 4)])
    expect(wilson(0, 20)).toEqual({ value: 0, low: 0, high: expect.closeTo(0.1611, 4) })
    expect(wilson(20, 20)).toEqual({ value: 1, low: expect.closeTo(0.8389, 4), high: 1 })
  })
})

describe('calibration', () => {
  const input = labelledProbabilities([0.9, 0.1, 0.8, 0.2, 0.3, 0.7, 0.6, 0.4], 2, [0, 1, 1, 0])

  it('top-k counts labels among the k best, ties to the earlier class', () => {
    expect([topK(input, 1), topK(input, 2)]).toEqual([0.75, 1])
    expect(topK(labelledProbabilities([0.5, 0.5, 0.5, 0.5], 2, [0, 1]), 1)).toBe(0.5)
  })

  it('the reliability diagram bins answers by confidence, and its error weighs the bins', () => {
    const bins = reliability(input, 10)
    expect(bins.map(({ photos }) => photos)).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 0])
    expect(bins[7]).toMatchObject({ confidence: 0.8, accuracy: 0 })
    expect(bins[0]).toMatchObject({ confidence: null, accuracy: null })
    expect(calibrationError(bins)).toBeCloseTo((0.4 + 0.3 + 0.8 + 0.1) / 4, 12)
  })

  it('the temperature is the one the confidences were spoilt with, and lowers the loss', () => {
    const next = generator(5)
    const honest: number[] = []
    const labels: number[] = []
    for (let row = 0; row < 4000; row++) {
      const p = 0.5 + next() / 2
      honest.push(p, 1 - p)
      labels.push(next() < p ? 0 : 1)
    }
    const spoilt = labelledProbabilities(applyTemperature(honest, 2, 1 / 3), 2, labels)
    const temperature = fitTemperature(spoilt)
    expect(temperature).toBeGreaterThan(2.7)
    expect(temperature).toBeLessThan(3.3)
    const cooled = labelledProbabilities(applyTemperature(spoilt.p, 2, temperature), 2, labels)
    expect(logLoss(cooled)).toBeLessThan(logLoss(spoilt) - 0.05)
    expect(calibrationError(reliability(cooled))).toBeLessThan(calibrationError(reliability(spoilt)) / 3)
    for (const other of [temperature * 0.9, temperature * 1.1]) {
      expect(logLoss(cooled)).toBeLessThan(
        logLoss(labelledProbabilities(applyTemperature(spoilt.p, 2, other), 2, labels)),
      )
    }
  })

  it('a threshold trades answers for accuracy', () => {
    expect(thresholdCurve(input, [0, 0.65, 0.85, 0.95])).toEqual([
      { threshold: 0, answered: 1, accuracy: 0.75 },
      { threshold: 0.65, answered: 0.75, accuracy: expect.closeTo(2 / 3, 12) },
      { threshold: 0.85, answered: 0.25, accuracy: 1 },
      { threshold: 0.95, answered: 0, accuracy: null },
    ])
    const curve = thresholdCurve(input, [0, 0.65, 0.85, 0.95])
    expect([0.7, 0.9].map(wanted => lowestThreshold(curve, wanted, 400))).toEqual([0, 0.85])
    expect(lowestThreshold(curve.slice(0, 2), 0.9, 400)).toBeNull()
  })

  it('is not suggested for a few answers that happen to be right', () => {
    const curve = [
      { threshold: 0, answered: 1, accuracy: 0.6 },
      { threshold: 0.8, answered: 0.25, accuracy: 1 },
    ]
    expect([4, 76, 80].map(photos => lowestThreshold(curve, 0.95, photos))).toEqual([null, null, 0.8])
  })
})

describe('rankings', () => {
  it('average precision is 1 for a perfect ranking, and the textbook value otherwise; equal scores stand together', () => {
    expect(averagePrecision([1, 2, 3, 4], [1, 1, 0, 0])).toBe(1)
    expect(averagePrecision([1, 2, 3, 4], [1, 0, 1, 0])).toBeCloseTo((1 + 2 / 3) / 2, 12)
    expect(averagePrecision([0.1, 0.5, 0.5, 0.9], [0, 1, 0, 1])).toBeCloseTo((1 / 3 + 2 / 4) / 2, 12)
    expect(averagePrecision([1, 2], [0, 0])).toBe(0)
    expect(precisionAt([3, 0, 1], [0, 1, 0, 1], 2)).toBe(0.5)
  })

  it('the margin trace ranks trained rows only and stops where the net agrees', () => {
    const { ranked, stop } = rankByMargin(Float32Array.of(2, -1, NaN, -3, 0, -1))
    expect(ranked.map(({ row }) => row)).toEqual([3, 1, 5, 4, 0])
    expect(stop).toBe(3)
  })
})

describe('the learning curve', () => {
  /** Runs whose error is exactly a n^-b, judged on `photos`. */
  const curve = (b: number, photos: number, sizes = [250, 500, 1000]) =>
    sizes.map((trainPhotos, runId) => ({
      runId,
      trainPhotos,
      photos,
      right: Math.round(photos * (1 - 0.4 * (trainPhotos / 250) ** -b)),
    }))

  it('finds the power its errors fall by, and what twice the photos bring', () => {
    const { doubled, points, advice } = learningCurve(curve(0.5, 200_000).toReversed())
    expect(points.map(({ trainPhotos }) => trainPhotos)).toEqual([250, 500, 1000])
    expect(doubled.trainPhotos).toBe(2000)
    expect(doubled.gain).toBeCloseTo(0.2 * (1 - Math.SQRT1_2), 3)
    expect(doubled.low).toBeLessThan(doubled.gain)
    expect(doubled.high).toBeGreaterThan(doubled.gain)
    expect(advice).toEqual({
      code: 'more-photos',
      values: { trainPhotos: 2000, gain: 5.9, low: 5.8, high: 5.9 },
      text: 'With 2000 training photos expect about 5.9 points more accuracy (5.8 to 5.9).',
    })
  })

  it('says when it has levelled, and when the judged photos are too few to tell', () => {
    expect(learningCurve(curve(0.001, 200_000)).advice.code).toBe('enough-photos')
    expect(learningCurve(curve(0.2, 60)).advice.code).toBe('unclear-photos')
    const perfect = [250, 500, 1000].map((trainPhotos, runId) => ({ runId, trainPhotos, right: 300, photos: 300 }))
    expect(learningCurve(perfect).advice.code).toBe('enough-photos')
  })

  it('needs three sizes', () => {
    expect(() => learningCurve(curve(0.5, 100, [250, 500, 500]))).toThrow(
      expect.objectContaining({ code: 'too-few-sizes', message: expect.stringContaining('2 different') }),
    )
  })
})

describe('folds', () => {
  it('hold every class in equal shares, keep groups together, and follow from the seed', () => {
    const cases = fc.record({
      seed: fc.nat(1000),
      folds: fc.constantFrom(3, 5, 10),
      sizes: fc.array(fc.integer({ min: 10, max: 60 }), { minLength: 2, maxLength: 4 }),
    })
    fc.assert(
      fc.property(cases, ({ seed, folds, sizes }) => {
        const labels = sizes.flatMap((size, label) => Array.from({ length: size }, () => label))
        const groups = labels.map((_, row) => row)
        const fold = assignFolds({ labels, classes: sizes.length, groups, folds, seed })
        sizes.forEach((_, label) => {
          const counts = Array.from(
            { length: folds },
            (__, f) => labels.filter((own, row) => own === label && fold[row] === f).length,
          )
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
        })
        expect(assignFolds({ labels, classes: sizes.length, groups, folds, seed })).toEqual(fold)
      }),
      { numRuns: 50 },
    )
  })

  it('put copies into one fold, whatever their labels', () => {
    const labels = Array.from({ length: 90 }, (_, row) => row % 3)
    const groups = labels.map((_, row) => (row < 12 ? row % 4 : 100 + row))
    const fold = assignFolds({ labels, classes: 3, groups, folds: 5, seed: 3 })
    for (let group = 0; group < 4; group++)
      expect(new Set(labels.flatMap((_, row) => (groups[row] === group ? [fold[row]] : []))).size).toBe(1)
    expect(new Set(fold).size).toBe(5)
    expect(assignFolds({ labels, classes: 3, groups, folds: 5, seed: 4 })).not.toEqual(fold)
  })

  it('are refused where a class is too small', () => {
    const base = { classes: 2, folds: 3, seed: 1, className: (label: number) => ['cat', 'owl'][label]! }
    expect(() => assignFolds({ ...base, labels: [0, 0, 0, 0, 1, 1], groups: [0, 1, 2, 3, 4, 5] })).toThrow(
      /“owl” has 2 photos, fewer than the 3 folds/,
    )
    expect(() => assignFolds({ ...base, labels: [0, 0, 0, 0, 1, 1, 1], groups: [0, 1, 2, 3, 9, 9, 9] })).toThrow(
      /“owl” are copies of one picture/,
    )
    expect(() => assignFolds({ ...base, folds: 1, labels: [0, 1], groups: [0, 1] })).toThrow(/1 folds/)
  })
})

/** A NumPy file with any header text and body. */
function npy(header: string, body: ArrayBufferView, version = 1): Uint8Array {
  const text = new TextEncoder().encode(`${header}\n`)
  const start = version === 1 ? 10 : 12
  const file = new Uint8Array(start + text.length + body.byteLength)
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0])
  const view = new DataView(file.buffer)
  if (version === 1) view.setUint16(8, text.length, true)
  else view.setUint32(8, text.length, true)
  file.set(text, start)
  file.set(new Uint8Array(body.buffer, body.byteOffset, body.byteLength), start + text.length)
  return file
}

const dictionary = (descr: string, shape: string, fortran = 'False') =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`

describe('NumPy files', () => {
  it.each([
    ['float64', npy(dictionary('<f8', '(2, 2)'), Float64Array.of(1, 2, 3, 4.5)), [2, 2], [1, 2, 3, 4.5]],
    ['float32, version 2', npy(dictionary('<f4', '(3,)'), Float32Array.of(1, 2, 0.5), 2), [3], [1, 2, 0.5]],
    ['int64', npy(dictionary('<i8', '(2,)'), BigInt64Array.of(-1n, 5n)), [2], [-1, 5]],
    ['bytes', npy(dictionary('|u1', '(3,)'), Uint8Array.of(0, 7, 255)), [3], [0, 7, 255]],
    [
      'Fortran order',
      npy(dictionary('<f8', '(2, 3)', 'True'), Float64Array.of(1, 4, 2, 5, 3, 6)),
      [2, 3],
      [1, 2, 3, 4, 5, 6],
    ],
    ['a single number', npy(dictionary('<i4', '()'), Int32Array.of(9)), [], [9]],
  ])('of %s are read', (_name, file, shape, data) => {
    const array = readNpy(file, 'It')
    expect(array.shape).toEqual(shape)
    expect([...array.data]).toEqual(data)
  })

  it.each([
    ['another kind of file', new TextEncoder().encode('PK and more than twelve bytes'), /does not begin/],
    ['nothing', new Uint8Array(0), /does not begin/],
    ['objects', npy(dictionary('|O', '(1,)'), new Uint8Array(8)), /type \|O/],
    ['a type every object has', npy(dictionary('toString', '(1,)'), new Uint8Array(8)), /type toString/],
    [
      'a shape larger than the file',
      npy(dictionary('<f8', '(1000000000, 1000000000)'), new Uint8Array(8)),
      /needs .* bytes, but 8/,
    ],
    ['big-endian numbers', npy(dictionary('>f8', '(1,)'), new Uint8Array(8)), /type >f8/],
    ['a header past the end', npy(dictionary('<f8', '(1,)'), new Uint8Array(8)).slice(0, 30), /header says/],
  ])('of %s are refused', (_name, file, message) => {
    expect(() => readNpy(file, 'It')).toThrow(
      expect.objectContaining({ code: 'bad-npy', message: expect.stringMatching(message) }),
    )
  })

  it('go straight into the label check, whose shapes must belong together', () => {
    const p = npy(dictionary('<f8', '(4, 2)'), Float64Array.of(0.9, 0.1, 0.8, 0.2, 0.1, 0.9, 0.2, 0.8))
    const report = checkNpyLabels(p, npy(dictionary('<i8', '(4,)'), BigInt64Array.of(0n, 0n, 1n, 1n)))
    expect(report).toMatchObject({ rows: 4, classes: 2, suspects: [], issues: 0 })
    expect(() => checkNpyLabels(p, npy(dictionary('<i8', '(3,)'), BigInt64Array.of(0n, 0n, 1n)))).toThrow(
      /\(4, 2\) and labels of shape \(3\)/,
    )
  })
})
