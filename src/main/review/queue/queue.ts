// The review queue: the label issues of a report that are still worth a look. A photo leaves it when its label
// changes, when it is excluded, when someone said to keep it, or when the class it was to have is gone; it comes back
// when that is undone, or when a new report proposes another class.

import { ServiceError } from '../../../contract/errors.ts'
import type { LabelIssueReport, LabelIssue, LabelIssueAnswer } from '../../../contract/records.ts'
import type { RequestResult } from '../../../contract/table.ts'
import type { ReadDb } from '../../db/database.ts'
import { photoDetail } from '../../library/photos/photos.ts'

/** What was last answered about this photo with this label and this proposal, and who did. */
const last = (column: 'answer' | 'who') => `(SELECT ${column} FROM verdict WHERE verdict.photo_id = suspect.photo_id
  AND verdict.given_class_id = suspect.given_class_id AND verdict.proposed_class_id = suspect.proposed_class_id ORDER BY id DESC LIMIT 1)`
const answer = last('answer')
/** The proposed class as it is now: the one it was merged into, and that in turn; null where it is gone. */
const proposed = `(WITH RECURSIVE now (id, deleted, merged_into) AS (
    SELECT id, deleted, merged_into FROM class WHERE id = suspect.proposed_class_id
    UNION SELECT class.id, class.deleted, class.merged_into FROM now JOIN class ON class.id = now.merged_into WHERE now.deleted = 1)
  SELECT id FROM now WHERE deleted = 0)`
const settled = `(photo.class_id IS NOT suspect.given_class_id OR photo.excluded = 1 OR photo.usable = 0 OR ${answer} IS 'keep'
  OR coalesce(${proposed}, photo.class_id) = photo.class_id)`

/** Conditions on `suspect` joined with its `photo`. */
export const states = {
  open: `NOT ${settled} AND ${answer} IS NOT 'unsure'`,
  unsure: `NOT ${settled} AND ${answer} IS 'unsure'`,
  decided: settled,
} as const
export type QueueState = keyof typeof states

/** The label issues of a report, whose id is the first parameter. */
export const issuesOf = 'FROM suspect JOIN photo ON photo.id = suspect.photo_id WHERE suspect.evidence_id = ?'

interface ReportRow {
  readonly id: number
  readonly at: string
  readonly method: 'margin-trace' | 'folds' | 'import'
  readonly run_id: number | null
  readonly label_revision: number
  readonly photos: number
  readonly flagged: number
}

/** Heads on features are folds of no run. */
export function storedMethod(method: LabelIssueReport['method']): ReportRow['method'] {
  return method === 'features' ? 'folds' : method
}

/** Newest first. */
export function listLabelIssueReports(db: ReadDb): LabelIssueReport[] {
  return db.all<ReportRow>('SELECT * FROM evidence ORDER BY at DESC, id DESC').map(row => asReport(db, row))
}

/** ServiceError 'no-evidence'. */
export function readLabelIssueReport(db: ReadDb, id: number): LabelIssueReport {
  const row = db.get<ReportRow>('SELECT * FROM evidence WHERE id = ?', id)
  if (!row)
    throw new ServiceError(
      'no-evidence',
      `The evidence ${id} is not in this library any more.`,
      'Check the labels again, or choose other evidence.',
    )
  return asReport(db, row)
}

export interface QueueQuery {
  readonly evidenceId?: number | undefined
  readonly state: QueueState
  readonly offset: number
  readonly limit: number
}

/** A page of label issues, most suspicious first; of the newest report where none is named. Empty in a library without
 *  evidence. */
export function labelIssuePage(
  db: ReadDb,
  { evidenceId, state, offset, limit }: QueueQuery,
): RequestResult<'suspects.page'> {
  const id = evidenceId ?? db.value<number>('SELECT id FROM evidence ORDER BY at DESC, id DESC LIMIT 1')
  if (id == null) return { evidence: null, total: 0, suspects: [] }
  const report = readLabelIssueReport(db, id)
  const total = db.value<number>(`SELECT count(*) ${issuesOf} AND ${states[state]}`, id)!
  const rows = db.all<LabelIssueRow>(
    `SELECT suspect.*, class.id AS proposed_now, class.name AS proposed_name, ${answer} AS answer, ${last('who')} AS who FROM suspect JOIN photo ON photo.id = suspect.photo_id
     JOIN class ON class.id = coalesce(${proposed}, suspect.proposed_class_id)
     WHERE suspect.evidence_id = ? AND ${states[state]} ORDER BY position LIMIT ? OFFSET ?`,
    id,
    limit,
    offset,
  )
  return { evidence: report, total, suspects: rows.map(row => asLabelIssue(db, row, report)) }
}

interface LabelIssueRow {
  readonly position: number
  readonly photo_id: number
  readonly given_class_id: number
  readonly proposed_now: number
  readonly proposed_name: string
  readonly given_probability: number | null
  readonly proposed_probability: number | null
  readonly score: number
  readonly answer: LabelIssueAnswer | null
  readonly who: string | null
}

function asLabelIssue(db: ReadDb, row: LabelIssueRow, { flagged }: LabelIssueReport): LabelIssue {
  const { history: _history, sha256: _sha256, ...photo } = photoDetail(db, row.photo_id)
  return {
    position: row.position,
    photo,
    givenClassId: row.given_class_id,
    proposedClassId: row.proposed_now,
    proposedClassName: row.proposed_name,
    givenProbability: row.given_probability,
    proposedProbability: row.proposed_probability,
    score: row.score,
    flagged: row.position < flagged,
    answer: row.answer,
    answeredBy: row.who || null,
  }
}

function asReport(db: ReadDb, row: ReportRow): LabelIssueReport {
  const open = db.value<number>(`SELECT count(*) ${issuesOf} AND position < ? AND ${states.open}`, row.id, row.flagged)!
  return {
    id: row.id,
    at: row.at,
    method: row.method === 'folds' && row.run_id === null ? 'features' : row.method,
    runId: row.run_id,
    labelRevision: row.label_revision,
    photos: row.photos,
    flagged: row.flagged,
    open,
  }
}
