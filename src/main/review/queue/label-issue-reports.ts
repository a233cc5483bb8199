// Label-issue reports, from what a run left behind or another tool says, as rows of the review queue: most suspicious
// first, with a stop point. Only as many as anyone would look at are kept: twice those before the stop point and 500
// more.

import { ServiceError } from '../../../contract/errors.ts'
import type { LabelIssueReport, LabelIssueMethod } from '../../../contract/records.ts'
import type { LibraryContext } from '../../library/context.ts'
import type { WriteDb } from '../../db/database.ts'
import { labelRevision } from '../../library/decisions/history.ts'
import { readHeldOut } from '../../runs/files/fold-files.ts'
import { readMargins } from '../../runs/files/margins.ts'
import { readPredictions } from '../../runs/files/predictions.ts'
import { getRun, readRows } from '../../runs/rows.ts'
import { confidentJoint } from '../labels/confident-joint.ts'
import { labelMasks } from '../labels/label-filters.ts'
import { labelScores, rankRows } from '../labels/label-scores.ts'
import { rankByMargin } from '../labels/area-under-margin.ts'
import { labelledProbabilities, type LabelledProbabilities } from '../labels/probabilities.ts'
import { issuesOf, readLabelIssueReport, states, storedMethod } from './queue.ts'

export interface LabelIssueReportInput {
  readonly method: LabelIssueMethod
  readonly runId: number | null
  readonly labelRevision: number
  /** Photos and class ids by row and column of `probabilities`. */
  readonly photoIds: readonly number[]
  readonly classIds: readonly number[]
  readonly probabilities: LabelledProbabilities
  /** Rows, most suspicious first, with a score for each row; the first `stop` of them lie before the stop point. */
  readonly ranking: readonly number[]
  readonly scores: ArrayLike<number>
  readonly stop: number
}

/** Ranks the run's rows by their margins over training. ServiceError 'no-margins', 'no-predictions'. */
export async function findByMargins(context: LibraryContext, runId: number): Promise<LabelIssueReport> {
  const margins = await readMargins(context, runId)
  const { ranked, stop } = rankByMargin(margins)
  const { probabilities } = await readPredictions(context, runId)
  return writeRunReport(context, runId, 'margin-trace', probabilities, () => ({
    ranking: ranked.map(({ row }) => row),
    scores: margins,
    stop,
  }))
}

/** Confident learning on what the folds' nets say of rows they had not seen. ServiceError 'no-folds'. */
export async function findByFolds(context: LibraryContext, runId: number): Promise<LabelIssueReport> {
  return writeRunReport(context, runId, 'folds', await readHeldOut(context, runId), rankByConfidentLearning)
}

type Ranking = Pick<LabelIssueReportInput, 'ranking' | 'scores' | 'stop'>

/** By self-confidence, the stop point after as many rows as the noise rates call wrong (Northcutt et al. 2021). Which
 *  rows those are does not count: on photos with 5 % of their labels wrong, all rows in order of self-confidence have an
 *  average precision of 0.84 to 0.86, and of 0.77 to 0.81 where the rows of the noise rates come first. */
export function rankByConfidentLearning(input: LabelledProbabilities): Ranking {
  const mask = labelMasks(input, confidentJoint(input)).prune_by_noise_rate
  const scores = labelScores(input, 'self-confidence')
  return { ranking: rankRows(scores), scores, stop: mask.reduce((sum, wrong) => sum + wrong, 0) }
}

function writeRunReport(
  context: LibraryContext,
  runId: number,
  method: LabelIssueMethod,
  probabilities: Float32Array,
  rank: (input: LabelledProbabilities) => Ranking,
): LabelIssueReport {
  const { db } = context.library
  const run = getRun(db, runId)
  const rows = readRows(db, runId)
  const input = labelledProbabilities(
    probabilities,
    run.classes.length,
    rows.map(row => row.label),
  )
  return writeLabelIssueReport(context, {
    method,
    runId,
    labelRevision: run.labelRevision,
    photoIds: rows.map(row => row.photoId),
    classIds: run.classes.map(({ id }) => id),
    probabilities: input,
    ...rank(input),
  })
}

/** Puts the report into the library; the same method's older report of the same run gives way to it. */
export function writeLabelIssueReport(context: LibraryContext, input: LabelIssueReportInput): LabelIssueReport {
  const { db } = context.library
  const { method, runId, ranking, stop } = input
  if (ranking.length === 0)
    throw new ServiceError(
      'nothing-to-check',
      'None of the photos could be checked.',
      'Give labels and predictions for at least one photo.',
    )
  const id = db.transaction(() => {
    if (runId !== null) db.run('DELETE FROM evidence WHERE run_id = ? AND method = ?', runId, method)
    const lastId = insertReport(context, input)
    const decided = decidedPhotos(db, lastId)
    const listed = ranking
      .filter((row, position) => position < stop || !decided.has(input.photoIds[row]!))
      .slice(0, stop * 2 + 500)
    listed.forEach((row, position) => insertSuspect(context, lastId, position, row, input))
    keepDecided(context, lastId, listed.length)
    return lastId
  })
  context.changed()
  return readLabelIssueReport(db, id)
}

/** The report of features keeps its id when it is made anew, so that whoever looks at it goes on. */
function insertReport({ library: { db }, now }: LibraryContext, input: LabelIssueReportInput): number {
  const { method, runId, labelRevision: revision, ranking, stop } = input
  const before =
    method === 'features'
      ? db.value<number>("SELECT id FROM evidence WHERE run_id IS NULL AND method = 'folds'")
      : undefined
  const values = [now().toISOString(), storedMethod(method), runId, revision, ranking.length, stop] as const
  if (before === undefined)
    return db.run(
      'INSERT INTO evidence (at, method, run_id, label_revision, photos, flagged) VALUES (?, ?, ?, ?, ?, ?)',
      ...values,
    ).lastId
  dropUndecided(db, before)
  db.run(
    'UPDATE evidence SET at = ?, method = ?, run_id = ?, label_revision = ?, photos = ?, flagged = ? WHERE id = ?',
    ...values,
    before,
  )
  return before
}

/** Those that are decided wait behind all others, at negative positions, until the new ones are there. */
function dropUndecided(db: WriteDb, reportId: number): void {
  db.run(
    `DELETE FROM suspect WHERE evidence_id = ? AND photo_id NOT IN (SELECT suspect.photo_id ${issuesOf} AND ${states.decided})`,
    reportId,
    reportId,
  )
  db.run('UPDATE suspect SET position = -1 - position WHERE evidence_id = ?', reportId)
}

const decidedPhotos = (db: WriteDb, reportId: number): ReadonlySet<number> =>
  new Set(db.values<number>('SELECT photo_id FROM suspect WHERE evidence_id = ? AND position < 0', reportId))

/** What was decided stays in the list of decided photos, behind the rest, unless the new report flags it again. */
function keepDecided({ library: { db } }: LibraryContext, reportId: number, next: number): void {
  db.run(
    `DELETE FROM suspect WHERE evidence_id = ? AND position < 0 AND EXISTS (SELECT 1 FROM suspect AS other
      WHERE other.evidence_id = suspect.evidence_id AND other.photo_id = suspect.photo_id AND other.position >= 0)`,
    reportId,
  )
  db.run('UPDATE suspect SET position = ? - 1 - position WHERE evidence_id = ? AND position < 0', next, reportId)
}

/** Of predictions from elsewhere: the labels are those of now. */
export function currentRevision({ library: { db } }: LibraryContext): number {
  return labelRevision(db)
}

function insertSuspect(
  { library: { db } }: LibraryContext,
  evidenceId: number,
  position: number,
  row: number,
  input: LabelIssueReportInput,
): void {
  const {
    probabilities: { p, labels, classes },
    classIds,
  } = input
  const given = labels[row]!
  const proposed = bestOther(p, row, classes, given)
  db.run(
    `INSERT INTO suspect (evidence_id, position, photo_id, given_class_id, proposed_class_id, given_probability, proposed_probability, score)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    evidenceId,
    position,
    input.photoIds[row]!,
    classIds[given]!,
    classIds[proposed]!,
    p[row * classes + given]!,
    p[row * classes + proposed]!,
    input.scores[row]!,
  )
}

function bestOther(p: Float64Array, row: number, classes: number, given: number): number {
  let best = given === 0 ? 1 : 0
  for (let k = best + 1; k < classes; k++) if (k !== given && p[row * classes + k]! > p[row * classes + best]!) best = k
  return best
}
