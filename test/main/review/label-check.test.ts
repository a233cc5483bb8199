// Confident learning: a case worked out by hand, the edges of rounding and ties, and a slow plain version of the
// definitions as judge over random cases. (The published arrays and their golden numbers are checked by `npm run
// accept`.)

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { confidentJoint, roundRows } from '../../../src/main/review/labels/confident-joint.ts'
import {
  calibratedIssueCount,
  filterNames,
  labelMasks,
  pruneCounts,
} from '../../../src/main/review/labels/label-filters.ts'
import { labelScores, rankRows } from '../../../src/main/review/labels/label-scores.ts'
import { labelledProbabilities, type LabelledProbabilities } from '../../../src/main/review/labels/probabilities.ts'
import { selectNth } from '../../../src/main/review/labels/quickselect.ts'
import { rankByConfidentLearning } from '../../../src/main/review/queue/label-issue-reports.ts'
import { labelCheckLines } from '../../../src/main/review/labels/label-issues-text.ts'
import { checkLabels } from '../../../src/main/review/labels/label-issues.ts'
import { generator } from '../../core/io/models.ts'

// Thresholds: (.8+.7+.1)/3 = .533, (.7+.6+.3)/3 = .533, (.8+.4)/2 = .6. Row 2 is confidently of class 1 and row 5 of
// class 0; row 7 of none.
const byHand = labelledProbabilities(
  [
    0.8, 0.1, 0.1, 0.7, 0.2, 0.1, 0.1, 0.8, 0.1, 0.2, 0.7, 0.1, 0.1, 0.6, 0.3, 0.6, 0.3, 0.1, 0.1, 0.1, 0.8, 0.2, 0.4,
    0.4,
  ],
  3,
  [0, 0, 0, 1, 1, 1, 2, 2],
)

describe('a case worked out by hand', () => {
  const joint = confidentJoint(byHand)

  it('has these thresholds, guesses and joints', () => {
    expect([...joint.thresholds]).toEqual([1.6 / 3, 1.6 / 3, 0.6].map(value => expect.closeTo(value, 12)))
    expect([...joint.guesses]).toEqual([0, 0, 1, 1, 1, 0, 2, -1])
    expect([...joint.counts]).toEqual([2, 1, 0, 1, 2, 0, 0, 0, 1])
    expect([...joint.calibrated]).toEqual([2, 1, 0, 1, 2, 0, 0, 0, 2])
    expect(calibratedIssueCount(byHand, joint)).toBe(2)
  })

  it('is flagged in rows 2 and 5 by every filter; the tie in row 7 goes to its label', () => {
    const masks = labelMasks(byHand, joint)
    for (const name of filterNames.slice(0, 5)) expect([name, ...masks[name]]).toEqual([name, 0, 0, 1, 0, 0, 1, 0, 0])
    expect([...masks.low_self_confidence]).toEqual([0, 0, 1, 0, 0, 1, 0, 0])
    expect([...masks.low_normalized_margin]).toEqual([0, 0, 1, 0, 0, 1, 0, 0])
  })

  it('is reported in order, with what is proposed', () => {
    const report = checkLabels(byHand)
    expect(report).toMatchObject({
      rows: 8,
      classes: 3,
      filter: 'prune_by_noise_rate',
      score: 'self-confidence',
      issues: 2,
      calibratedIssues: 2,
    })
    expect(report.suspects).toEqual([
      { row: 2, given: 0, proposed: 1, givenProbability: 0.1, proposedProbability: 0.8, score: 0.1 },
      { row: 5, given: 1, proposed: 0, givenProbability: 0.3, proposedProbability: 0.6, score: 0.3 },
    ])
    expect(report.calibratedJoint).toEqual([
      [2, 1, 0],
      [1, 2, 0],
      [0, 0, 2],
    ])
  })

  it('queues by self-confidence alone, up to as many as the filter flags', () => {
    const unsure = labelledProbabilities([...byHand.p.slice(0, 21), 0.4, 0.4, 0.2], 3, byHand.labels)
    expect([...labelMasks(unsure, confidentJoint(unsure)).prune_by_noise_rate]).toEqual([0, 0, 1, 0, 0, 1, 0, 0])
    const { ranking, stop } = rankByConfidentLearning(unsure)
    expect([ranking.slice(0, 3), stop]).toEqual([[2, 7, 5], 2])
  })

  it('reads well in a terminal', () => {
    expect(labelCheckLines(checkLabels(byHand), label => ['cat', 'dog', 'owl'][label]!)).toEqual([
      '8 rows, 3 classes. About 2 labels look wrong (counted 2, calibrated 2).',
      '',
      'Flagged by prune-by-noise-rate, most suspicious first (self-confidence):',
      'row  label  proposed  p(label)  p(proposed)   score',
      '2      cat       dog    0.1000       0.8000  0.1000',
      '5      dog       cat    0.3000       0.6000  0.3000',
      '',
      'Flagged by filter:',
      'prune-by-noise-rate    2',
      'prune-by-class         2',
      'both                   2',
      'confident-learning     2',
      'predicted-neq-given    2',
      'low-self-confidence    2',
      'low-normalized-margin  2',
      '',
      'Calibrated joint (rows: label, columns: what it confidently is):',
      '     cat  dog  owl',
      'cat    2    1    0',
      'dog    1    2    0',
      'owl    0    0    2',
    ])
  })

  it('has these scores', () => {
    const row = (name: Parameters<typeof labelScores>[1], i: number) => labelScores(byHand, name)[i]!
    expect(row('self-confidence', 2)).toBe(0.1)
    expect(row('normalized-margin', 2)).toBeCloseTo((0.1 - 0.8 + 1) / 2, 12)
    const entropy = -(0.8 * Math.log(0.8) + 0.2 * Math.log(0.1)) / Math.log(3)
    expect(row('confidence-weighted-entropy', 2)).toBeCloseTo(Math.log(entropy / 0.1 + 1) / (entropy / 0.1), 12)
    const [t0, t1, t2] = [1.6 / 3, 1.6 / 3, 0.6]
    const adjusted = [0.1 - t0 + t2, 0.8 - t1 + t2, 0.1]
    expect(labelScores(byHand, 'self-confidence', true)[2]).toBeCloseTo(
      adjusted[0]! / (adjusted[0]! + adjusted[1]! + adjusted[2]!),
      12,
    )
    expect(() => labelScores(byHand, 'confidence-weighted-entropy', true)).toThrow(/cannot be adjusted/)
    expect(labelScores(labelledProbabilities([1, 0, 0.5, 0.5], 2, [0, 0]), 'confidence-weighted-entropy')[0]).toBe(0)
  })
})

describe('edges', () => {
  it('a photo above several thresholds is of its most probable class, even one below its own threshold', () => {
    const input = labelledProbabilities(
      [0.4, 0.35, 0.25, 0.3, 0.4, 0.3, 0.05, 0.05, 0.9, 0.3, 0.3, 0.4],
      3,
      [0, 1, 2, 0],
    )
    expect([...confidentJoint(input).thresholds]).toEqual([0.35, 0.4, 0.9].map(value => expect.closeTo(value, 12)))
    expect(confidentJoint(input).guesses[0]).toBe(0)
    const two = labelledProbabilities([0.3, 0.7, 0.6, 0.4, 0.34, 0.66], 2, [0, 1, 0])
    expect([...confidentJoint(two).guesses]).toEqual([1, 0, 1])
  })

  it('a class without photos is never guessed', () => {
    const joint = confidentJoint(labelledProbabilities([0.1, 0.2, 0.7, 0.2, 0.7, 0.1], 3, [0, 1]))
    expect(joint.thresholds[2]).toBe(2)
    expect([...joint.calibrated].slice(6)).toEqual([0, 0, 0])
  })

  it('rounds rows to whole numbers that keep their sum, a half to even, the last of equal errors up, the first down', () => {
    expect([...roundRows(Float64Array.of(1.5, 1.5, 1, 0.5, 0.5, 2, 2.5, 3.5, 0), 3)]).toEqual([
      1, 2, 1, 0, 1, 2, 2, 4, 0,
    ])
  })

  it('keeps at least so many of a class, taking from the others alike, and scales by the share of noise', () => {
    expect([...pruneCounts(Float64Array.of(0, 2, 1, 0, 5, 0, 0, 0, 5), 3, 1, 1)]).toEqual([1, 0, 0, 1, 5, 0, 0, 0, 5])
    expect([...pruneCounts(Float64Array.of(4, 2, 0, 0, 5, 0, 0, 0, 5), 3, 1, 0.5)]).toEqual([5, 0, 0, 1, 5, 0, 0, 0, 5])
  })

  it('the n-th smallest is that of the sorted numbers', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.double({ noNaN: true, min: -3, max: 3 }).map(value => Math.round(value * 4) / 4 + 0),
          { minLength: 1 },
        ),
        fc.nat(),
        (values, n) => {
          const at = n % values.length
          expect(selectNth(Float64Array.from(values), at)).toBe(values.toSorted((a, b) => a - b)[at])
        },
      ),
    )
  })
})

describe('what cannot be used is refused with the row', () => {
  it.each<[string, () => unknown, string, RegExp]>([
    [
      'NaN',
      () => labelledProbabilities([0.5, 0.5, NaN, 1], 2, [0, 1]),
      'bad-probabilities',
      /row 1 holds NaN for class 0/,
    ],
    ['sums', () => labelledProbabilities([0.5, 0.2], 2, [0]), 'bad-probabilities', /row 0 sums to 0\.7000/],
    ['one class', () => labelledProbabilities([1, 1], 1, [0, 0]), 'bad-probabilities', /there is one class/],
    ['nothing', () => labelledProbabilities([], 2, []), 'bad-probabilities', /no rows/],
    [
      'other lengths',
      () => labelledProbabilities([0.5, 0.5], 2, [0, 1]),
      'bad-probabilities',
      /2 numbers are no 2 rows of 2/,
    ],
    [
      'a label too high',
      () => labelledProbabilities([0.5, 0.5], 2, [2]),
      'bad-labels',
      /label of row 0 is 2; .* 0 to 1/,
    ],
    ['a label that is no number', () => labelledProbabilities([0.5, 0.5], 2, [0.5]), 'bad-labels', /0\.5/],
  ])('%s', (_name, work, code, message) =>
    expect(work).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) })),
  )
})

/** The definitions as plain sorting and counting; only for inputs without equal numbers. */
function slowMasks(input: LabelledProbabilities): Record<string, boolean[]> {
  const { p, labels, rows, classes } = input
  const at = (row: number, k: number) => p[row * classes + k]!
  const all = Array.from({ length: rows }, (_, row) => row)
  const ofClass = (k: number) => all.filter(row => labels[row] === k)
  const thresholds = Array.from({ length: classes }, (_, k) =>
    ofClass(k).length === 0 ? 2 : ofClass(k).reduce((sum, row) => sum + at(row, k), 0) / ofClass(k).length,
  )
  const best = (row: number) => all.slice(0, classes).reduce((a, k) => (at(row, k) > at(row, a) ? k : a), 0)
  const guess = (row: number) => {
    const confident = thresholds.flatMap((t, k) => (at(row, k) >= t - 1e-6 ? [k] : []))
    return confident.length === 0 ? -1 : confident.length === 1 ? confident[0]! : best(row)
  }
  const calibrated = [...confidentJoint(input).calibrated]
  const noise = new Set<number>()
  const low = new Set<number>()
  for (let k = 0; k < classes; k++) {
    const own = ofClass(k)
    if (own.length <= 1) continue
    const prune = (j: number) => pruneCounts(Float64Array.from(calibrated), classes, 1, 1)[j * classes + k]!
    for (let j = 0; j < classes; j++) {
      if (j !== k)
        own
          .toSorted((a, b) => at(b, j) - at(b, k) - (at(a, j) - at(a, k)))
          .slice(0, prune(j))
          .forEach(row => noise.add(row))
    }
    own
      .toSorted((a, b) => at(a, k) - at(b, k))
      .slice(0, own.length - prune(k))
      .forEach(row => low.add(row))
  }
  const agreed = (row: number) => at(row, best(row)) <= at(row, labels[row]!) + 1e-6
  const final = (test: (row: number) => boolean) => all.map(row => test(row) && !agreed(row))
  return {
    prune_by_noise_rate: final(row => noise.has(row)),
    prune_by_class: final(row => low.has(row)),
    both: final(row => noise.has(row) && low.has(row)),
    confident_learning: final(row => guess(row) >= 0 && guess(row) !== labels[row]),
    predicted_neq_given: final(() => true),
  }
}

describe('against the plain definitions', () => {
  it('every filter marks the same rows, and the joints keep their sums', () => {
    const cases = fc.record({
      classes: fc.integer({ min: 2, max: 5 }),
      rows: fc.integer({ min: 5, max: 60 }),
      seed: fc.nat(),
    })
    fc.assert(
      fc.property(cases, ({ classes, rows, seed }) => {
        const next = generator(seed)
        const labels = Array.from({ length: rows }, () => Math.floor(next() * classes))
        const p = labels.flatMap(() => {
          const own = Array.from({ length: classes }, () => next() ** 2 + 0.01)
          const sum = own.reduce((a, b) => a + b, 0)
          return own.map(value => value / sum)
        })
        const input = labelledProbabilities(p, classes, labels)
        const joint = confidentJoint(input)
        expect(joint.calibrated.reduce((a, b) => a + b, 0)).toBe(labels.length)
        const masks = labelMasks(input, joint)
        const slow = slowMasks(input)
        for (const name of filterNames.slice(0, 5))
          expect([name, ...masks[name]]).toEqual([name, ...slow[name]!.map(Number)])
        const ranking = rankRows(labelScores(input, 'self-confidence'))
        const issues = masks.confident_learning.reduce((a, b) => a + b, 0)
        expect(ranking.slice(0, issues).toSorted((a, b) => a - b)).toEqual(
          [...masks.low_self_confidence.keys()].filter(row => masks.low_self_confidence[row] === 1),
        )
      }),
      { numRuns: 200 },
    )
  })
})
