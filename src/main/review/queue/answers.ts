// What a person answers about a doubted label, and what was answered: of a label issue by its report, of any other photo
// by what a run says of it. One decision of the history, also where it only keeps the label.

import { ServiceError } from '../../../contract/errors.ts'
import type { Decision } from '../../../contract/records.ts'
import type { RequestParams, RequestResult } from '../../../contract/table.ts'
import type { ReadDb } from '../../db/database.ts'
import type { LibraryContext } from '../../library/context.ts'
import type { History } from '../../library/decisions/history.ts'
import { nameOfClass } from '../../library/tables/classes.ts'
import { readLabelIssueReport } from './queue.ts'

interface DoubtedLabel {
  readonly given: number
  readonly proposed: number
  readonly reportId: number
}

/** ServiceError 'no-evidence', 'no-suspect', 'no-answers', 'no-class'. */
export function answerLabel(
  { library: { db }, user, changed }: LibraryContext,
  history: History,
  { photoId, answer, classId, about }: RequestParams<'review.answer'>,
): Decision {
  if (answer === 'relabel') nameOfClass(db, classId ?? 0)
  const doubted = 'evidenceId' in about ? doubtOf(db, photoId, about.evidenceId) : saidOf(db, photoId, about.runId)
  const decision = history.answer({ photoId, ...doubted, answer, who: user }, classId ?? null)
  changed()
  return decision
}

/** Of photos of a mere list: what was last said of each with the label it has now, where that holds. */
export function answersOf(
  { library: { db } }: LibraryContext,
  { runId, photoIds }: RequestParams<'review.answers'>,
): RequestResult<'review.answers'> {
  return db.all<RequestResult<'review.answers'>[number]>(
    `SELECT photoId, answer, answeredBy FROM (
       SELECT photo.id AS photoId, answer, nullif(who, '') AS answeredBy, max(verdict.id) FROM photo
       JOIN prediction ON prediction.photo_id = photo.id AND prediction.run_id = ?
       JOIN verdict ON verdict.photo_id = photo.id AND verdict.given_class_id IS photo.class_id AND proposed_class_id = prediction.class_id
       WHERE photo.id IN (SELECT value FROM json_each(?)) GROUP BY photo.id)
     WHERE answer IN ('keep', 'unsure')`,
    runId,
    JSON.stringify(photoIds),
  )
}

function doubtOf(db: ReadDb, photoId: number, reportId: number): DoubtedLabel {
  readLabelIssueReport(db, reportId)
  const found = db.get<Omit<DoubtedLabel, 'reportId'>>(
    'SELECT given_class_id AS given, proposed_class_id AS proposed FROM suspect WHERE photo_id = ? AND evidence_id = ?',
    photoId,
    reportId,
  )
  if (found) return { ...found, reportId }
  throw new ServiceError(
    'no-suspect',
    `Photo ${photoId} is not among the suspects of this evidence.`,
    'Reload the queue.',
  )
}

function saidOf(db: ReadDb, photoId: number, runId: number): DoubtedLabel {
  const found = db.get<Omit<DoubtedLabel, 'reportId'>>(
    `SELECT photo.class_id AS given, prediction.class_id AS proposed FROM photo JOIN prediction ON photo_id = photo.id
     WHERE photo.id = ? AND run_id = ? AND photo.class_id IS NOT NULL`,
    photoId,
    runId,
  )
  if (found) return { ...found, reportId: 0 }
  throw new ServiceError(
    'not-doubted',
    `Run ${runId} says nothing of photo ${photoId}, or the photo has no label.`,
    'Label it in the library instead.',
  )
}
