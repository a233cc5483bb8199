// The rows of a run on one split with what they were labelled and answered, and optionally without the photos whose
// labels are doubted.

import type { SplitName } from '../../../contract/records.ts'
import type { LibraryContext } from '../../library/context.ts'
import { readHeldOut } from '../../runs/files/fold-files.ts'
import { readPredictions } from '../../runs/files/predictions.ts'
import { copiesOfTraining, rowGroups } from '../../runs/photo-groups.ts'
import { getRun, readRows, splitNumbers } from '../../runs/rows.ts'
import { labelledProbabilities, type LabelledProbabilities } from '../labels/probabilities.ts'
import { readLabelIssueReport } from '../queue/queue.ts'

export interface EvaluatedRun {
  readonly runId: number
  readonly split: SplitName
  readonly withoutSuspectsOf?: number | undefined
  /** By nets of cross-validation that have not seen the photo. */
  readonly folds?: boolean | undefined
  /** Without photos that are copies of training photos. */
  readonly withoutCopies?: boolean | undefined
}

/** Null where the split has no photos. ServiceError 'no-predictions', 'no-evidence', 'no-folds'. */
export async function readAnswers(
  context: LibraryContext,
  { runId, split, withoutSuspectsOf, folds = false, withoutCopies = false }: EvaluatedRun,
): Promise<LabelledProbabilities | null> {
  const { db } = context.library
  const run = getRun(db, runId)
  const doubted = doubtedPhotos(context, withoutSuspectsOf)
  const probabilities = folds
    ? await readHeldOut(context, runId)
    : (await readPredictions(context, runId)).probabilities
  const classes = run.classes.length
  const all = readRows(db, runId)
  const copies = withoutCopies
    ? copiesOfTraining(
        rowGroups(db, runId),
        all.map(row => row.split),
      )
    : []
  const rows = all.flatMap((row, at) =>
    row.split === splitNumbers[split] && !doubted.has(row.photoId) && copies[at] !== 1 ? [{ ...row, at }] : [],
  )
  if (rows.length === 0) return null
  const values = new Float32Array(rows.length * classes)
  rows.forEach(({ at }, i) => values.set(probabilities.subarray(at * classes, (at + 1) * classes), i * classes))
  return labelledProbabilities(
    values,
    classes,
    rows.map(({ label }) => label),
  )
}

/** Photos before the stop point of the report. */
function doubtedPhotos({ library: { db } }: LibraryContext, evidenceId: number | undefined): ReadonlySet<number> {
  if (evidenceId === undefined) return new Set()
  const { flagged } = readLabelIssueReport(db, evidenceId)
  return new Set(
    db.values<number>('SELECT photo_id FROM suspect WHERE evidence_id = ? AND position < ?', evidenceId, flagged),
  )
}
