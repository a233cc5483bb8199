// Confident learning on the published arrays of CIFAR-10's test set against cleanlab's own numbers, and how long it
// takes on larger ones.

import { join } from 'node:path'
import { confidentJoint } from '../../src/main/review/labels/confident-joint.ts'
import { labelMasks } from '../../src/main/review/labels/label-filters.ts'
import { labelScores, rankRows, scoreNames } from '../../src/main/review/labels/label-scores.ts'
import { labelledProbabilities, type LabelledProbabilities } from '../../src/main/review/labels/probabilities.ts'
import { uniforms } from '../../src/core/kernels/philox.ts'
import { winnow, type Story } from './steps/winnow.ts'

/** cleanlab 2.9.0 on the same arrays. */
const golden = {
  counts: {
    prune_by_noise_rate: 284,
    prune_by_class: 284,
    both: 226,
    confident_learning: 244,
    predicted_neq_given: 706,
    low_self_confidence: 244,
    low_normalized_margin: 244,
  } as Readonly<Record<string, number>>,
  issues: 244,
  calibratedIssues: 284,
  diagonal: [861, 915, 863, 739, 856, 784, 885, 899, 931, 875],
  cat: [5, 0, 13, 929, 4, 40, 4, 4, 1, 0],
  dog: [1, 0, 2, 33, 9, 954, 0, 1, 0, 0],
  firstTen: {
    'self-confidence': [3828, 2405, 6753, 9643, 9039, 6786, 3957, 4942, 3615, 2532],
    'normalized-margin': [2405, 6786, 3977, 4527, 4931, 4686, 1684, 1969, 3168, 2530],
  } as Readonly<Record<string, readonly number[]>>,
}

export async function labelErrors(story: Story): Promise<void> {
  await againstCleanlab(story)
  time(story, 10_000, 10, 50)
  time(story, 100_000, 100, 5000)
}

async function againstCleanlab(story: Story): Promise<void> {
  const arrays = [
    '--pred-probs',
    join(story.data, 'label-errors', 'cifar10_pred_probs.npy'),
    '--labels',
    join(story.data, 'label-errors', 'cifar10_labels.npy'),
  ]
  const differences: string[] = []
  const expectSame = (what: string, ours: unknown, theirs: unknown) =>
    JSON.stringify(ours) === JSON.stringify(theirs) || differences.push(`${what}: ${JSON.stringify(ours)}`)
  let seconds = 0
  for (const [score, firstTen] of Object.entries(golden.firstTen)) {
    const found = await winnow(story, 'suspects', ...arrays, '--score', score)
    seconds += found.seconds
    const report = found.one('suspects')
    for (const [filter, count] of Object.entries(golden.counts)) expectSame(filter, report.counts[filter], count)
    const diagonal = (report.joint as number[][]).map((row, k) => row[k]!)
    expectSame('diagonal', diagonal, golden.diagonal)
    expectSame('off the diagonal', sum((report.joint as number[][]).flat()) - sum(diagonal), golden.issues)
    expectSame('cat', report.calibratedJoint[3], golden.cat)
    expectSame('dog', report.calibratedJoint[5], golden.dog)
    expectSame('issues', [report.issues, report.calibratedIssues], [golden.issues, golden.calibratedIssues])
    expectSame(
      `first ten by ${score}`,
      report.suspects.slice(0, 10).map(({ row }: { row: number }) => row),
      firstTen,
    )
  }
  story.report.add({
    what: 'Label errors: CIFAR-10 arrays against cleanlab 2.9',
    must: 'the same counts, joint rows and first tens',
    seconds,
    shown: differences.length === 0 ? 'all the same' : differences.join('; '),
    held: differences.length === 0,
  })
}

/** Every filter and every score, the best of three. */
function time({ report }: Story, rows: number, classes: number, mostMs: number): void {
  const input = randomProbabilities(rows, classes)
  const times = Array.from({ length: 3 }, () => {
    const began = performance.now()
    labelMasks(input, confidentJoint(input))
    for (const score of scoreNames) rankRows(labelScores(input, score))
    return performance.now() - began
  })
  const best = Math.min(...times)
  report.add({
    what: `Label errors: all filters and scores of ${rows.toLocaleString('en')} x ${classes}`,
    must: `<= ${mostMs} ms`,
    seconds: sum(times) / 1000,
    shown: `${best.toFixed(0)} ms (best of 3)`,
    held: best <= mostMs,
  })
}

/** Mostly sure of the label, a tenth of another class. */
function randomProbabilities(rows: number, classes: number): LabelledProbabilities {
  const next = uniforms(3, 1)
  const labels = Int32Array.from({ length: rows }, () => Math.floor(next() * classes))
  const p = new Float64Array(rows * classes)
  for (let row = 0; row < rows; row++) {
    const sure = next() < 0.1 ? Math.floor(next() * classes) : labels[row]!
    const own = p.subarray(row * classes, (row + 1) * classes)
    for (let k = 0; k < classes; k++) own[k] = next() ** 3 + (k === sure ? 3 * next() * classes ** 0.5 : 0)
    const total = own.reduce((a, b) => a + b, 0)
    for (let k = 0; k < classes; k++) own[k]! /= total
  }
  return labelledProbabilities(p, classes, labels)
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0)
}
