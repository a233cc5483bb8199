// Two runs side by side on the same photos: those that both runs hold in the same split, so that neither has seen them
// in training where the split says so, evaluated by the labels of the second run, which are the corrected ones.

import { ServiceError } from '../../../contract/errors.ts'
import type { RunComparison, SplitName } from '../../../contract/records.ts'
import type { ReadDb } from '../../db/database.ts'
import { getRun, splitNumbers } from '../../runs/rows.ts'
import { wilson } from './metrics.ts'

interface RunPair {
  readonly label: number
  readonly oldLabel: number
  readonly before: number
  readonly after: number
}

/** ServiceError 'no-common-photos' where there is nothing to compare on, 'no-run'. */
export function compareRuns(db: ReadDb, before: number, after: number, split: SplitName): RunComparison {
  const [first, second] = [getRun(db, before), getRun(db, after)]
  const pairs = readPairs(db, before, after, split)
  if (pairs.length === 0) {
    throw new ServiceError(
      'no-common-photos',
      `${first.name} and ${second.name} have no ${split} photos with answers in common.`,
      'Choose another split, or two finished runs of the same photos.',
    )
  }
  const count = (test: (pair: RunPair) => boolean) => pairs.reduce((sum, pair) => sum + (test(pair) ? 1 : 0), 0)
  const rightBefore = (pair: RunPair) => pair.before === pair.label
  const rightAfter = (pair: RunPair) => pair.after === pair.label
  const fixed = count(pair => !rightBefore(pair) && rightAfter(pair))
  const broken = count(pair => rightBefore(pair) && !rightAfter(pair))
  return {
    before,
    after,
    split,
    photos: pairs.length,
    relabelled: count(pair => pair.label !== pair.oldLabel),
    accuracyBefore: wilson(count(rightBefore), pairs.length),
    accuracyAfter: wilson(count(rightAfter), pairs.length),
    fixed,
    broken,
    chance: signTest(fixed, broken),
    classes: second.classes.map(({ id, name }) => ({
      id,
      name,
      photos: count(pair => pair.label === id),
      rightBefore: count(pair => pair.label === id && rightBefore(pair)),
      rightAfter: count(pair => pair.label === id && rightAfter(pair)),
    })),
  }
}

function readPairs(db: ReadDb, before: number, after: number, split: SplitName): RunPair[] {
  return db.all<RunPair>(
    `SELECT new.given_class_id AS label, old.given_class_id AS oldLabel, old.class_id AS before, new.class_id AS after
     FROM run_row AS held JOIN run_row AS earlier ON earlier.photo_id = held.photo_id AND earlier.split = held.split AND earlier.run_id = ?
     JOIN prediction AS new ON new.run_id = held.run_id AND new.photo_id = held.photo_id
     JOIN prediction AS old ON old.run_id = earlier.run_id AND old.photo_id = held.photo_id
     WHERE held.run_id = ? AND held.split = ?`,
    before,
    after,
    splitNumbers[split],
  )
}

/** The two-sided probability that n fair coins fall at least as unevenly as a : b. */
export function signTest(a: number, b: number): number {
  const n = a + b
  let term = -n * Math.LN2
  let sum = 0
  for (let k = 0; k <= Math.min(a, b); k++) {
    sum += Math.exp(term)
    term += Math.log((n - k) / (k + 1))
  }
  return Math.min(1, 2 * sum)
}
