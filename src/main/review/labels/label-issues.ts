// The label check as one call: probabilities and labels in, the suspicious rows in order out, with the counts of every
// filter and the joint. Behind `winnow suspects` for anyone's NumPy files, and behind the review queue. A suspicion is
// never a verdict.

import { ServiceError } from '../../../contract/errors.ts'
import { confidentJoint, type Matrix } from './confident-joint.ts'
import { calibratedIssueCount, type FilterName, filterNames, labelMasks } from './label-filters.ts'
import { labelScores, rankRows, type LabelScoreName } from './label-scores.ts'
import { readNpy } from '../../formats/npy.ts'
import { answerOf, labelledProbabilities, type LabelledProbabilities } from './probabilities.ts'

export interface LabelCheckOptions {
  /** Default 'prune_by_noise_rate'. */
  readonly filter?: FilterName
  /** Orders the flagged rows; default 'self-confidence'. */
  readonly score?: LabelScoreName
  /** Adjusts scores for classes of unequal size. */
  readonly adjust?: boolean
}

export interface IssueRow {
  readonly row: number
  readonly given: number
  readonly proposed: number
  readonly givenProbability: number
  readonly proposedProbability: number
  readonly score: number
}

export interface LabelCheck {
  readonly rows: number
  readonly classes: number
  readonly filter: FilterName
  readonly score: LabelScoreName
  /** Most suspicious first. */
  readonly suspects: readonly IssueRow[]
  /** Rows flagged by each filter. */
  readonly counts: Readonly<Record<FilterName, number>>
  /** Labels estimated to be wrong: counted one by one, and by the calibrated joint (the better one under four classes).
   */
  readonly issues: number
  readonly calibratedIssues: number
  /** Confident counts, rows given, columns guessed; and the same calibrated to the data set. */
  readonly joint: readonly (readonly number[])[]
  readonly calibratedJoint: readonly (readonly number[])[]
}

export function checkLabels(input: LabelledProbabilities, options: LabelCheckOptions = {}): LabelCheck {
  const { filter = 'prune_by_noise_rate', score = 'self-confidence', adjust = false } = options
  const joint = confidentJoint(input)
  const masks = labelMasks(input, joint)
  const scores = labelScores(input, score, adjust)
  const flagged = Array.from(masks[filter].keys()).filter(row => masks[filter][row] === 1)
  const counts = Object.fromEntries(
    filterNames.map(name => [name, masks[name].reduce((sum, mark) => sum + mark, 0)]),
  ) as Record<FilterName, number>
  return {
    rows: input.rows,
    classes: input.classes,
    filter,
    score,
    suspects: rankRows(scores, flagged).map(row => describe(input, row, scores[row]!)),
    counts,
    issues: counts.confident_learning,
    calibratedIssues: calibratedIssueCount(input, joint),
    joint: toRows(joint.counts, input.classes),
    calibratedJoint: toRows(joint.calibrated, input.classes),
  }
}

/** The same for two NumPy files: probabilities [rows, classes] and labels [rows]. ServiceError 'bad-npy',
 *  'bad-probabilities', 'bad-labels'. */
export function checkNpyLabels(
  probabilityFile: Uint8Array,
  labelFile: Uint8Array,
  options: LabelCheckOptions = {},
): LabelCheck {
  const probabilities = readNpy(probabilityFile, 'The file of probabilities')
  const labels = readNpy(labelFile, 'The file of labels')
  const [rows, classes] = probabilities.shape
  if (probabilities.shape.length !== 2 || labels.shape.length !== 1 || labels.shape[0] !== rows) {
    throw new ServiceError(
      'bad-npy',
      `Probabilities of shape (${probabilities.shape.join(', ')}) and labels of shape (${labels.shape.join(', ')}) do not belong together.`,
      'Give probabilities of (photos, classes) and labels of (photos).',
    )
  }
  return checkLabels(labelledProbabilities(probabilities.data, classes!, labels.data), options)
}

function describe({ p, labels, classes }: LabelledProbabilities, row: number, score: number): IssueRow {
  const given = labels[row]!
  const proposed = answerOf(p, row, classes)
  return {
    row,
    given,
    proposed,
    givenProbability: p[row * classes + given]!,
    proposedProbability: p[row * classes + proposed]!,
    score,
  }
}

function toRows(matrix: Matrix, classes: number): number[][] {
  return Array.from({ length: classes }, (_, k) => [...matrix.subarray(k * classes, (k + 1) * classes)])
}
