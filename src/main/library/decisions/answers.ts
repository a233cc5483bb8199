// Answers to doubted labels as part of decision groups: what was said of a photo with this label and this proposal. Each
// is a row of its own that says which group it belongs to; the last row of a label and a proposal counts, so that an
// undo is one more row, with what was said before.

import type { LabelIssueAnswer } from '../../../contract/records.ts'
import type { ReadDb, WriteDb } from '../../db/database.ts'

export interface LabelAnswer {
  readonly photoId: number
  readonly given: number
  readonly proposed: number
  /** The label-issue report that asked; 0 where it was asked by a mere list. */
  readonly reportId: number
  readonly answer: LabelIssueAnswer
  readonly who: string
}

interface AnswerRow {
  readonly answer: LabelIssueAnswer
  readonly who: string
}

/** What was last said of a photo with this label and this proposal, before row `before` where that is given. */
export function lastAnswer(
  db: ReadDb,
  { photoId, given, proposed }: Pick<LabelAnswer, 'photoId' | 'given' | 'proposed'>,
  before = Number.MAX_SAFE_INTEGER,
): AnswerRow | undefined {
  return db.get<AnswerRow>(
    `SELECT answer, who FROM verdict WHERE photo_id = ? AND given_class_id = ? AND proposed_class_id = ? AND id < ?
     ORDER BY id DESC LIMIT 1`,
    photoId,
    given,
    proposed,
    before,
  )
}

/** Writes down the answers that say something else than before; answers how many there are. */
export function recordAnswers(db: WriteDb, group: number, answers: readonly LabelAnswer[], at: string): number {
  const news = answers.filter(answer => lastAnswer(db, answer)?.answer !== answer.answer)
  for (const answer of news) insertAnswer(db, group, answer, at)
  return news.length
}

interface GroupAnswer extends LabelAnswer {
  readonly id: number
}

/** Takes the answers of `target` back, so that what was said before them holds, or says them again. */
export function returnAnswers(db: WriteDb, group: number, target: number, kind: 'undo' | 'redo', at: string): void {
  const answers = db.all<GroupAnswer>(
    `SELECT id, photo_id AS photoId, given_class_id AS given, proposed_class_id AS proposed, evidence_id AS reportId, answer, who
     FROM verdict WHERE group_id = ?`,
    target,
  )
  for (const answer of answers) {
    const before = kind === 'undo' ? lastAnswer(db, answer, answer.id) : answer
    insertAnswer(db, group, { ...answer, ...(before ?? { answer: 'withdrawn' }) }, at)
  }
}

function insertAnswer(
  db: WriteDb,
  group: number,
  { photoId, given, proposed, reportId, answer, who }: LabelAnswer,
  at: string,
): void {
  db.run(
    `INSERT INTO verdict (at, who, photo_id, answer, given_class_id, proposed_class_id, evidence_id, group_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    at,
    who,
    photoId,
    answer,
    given,
    proposed,
    reportId,
    group,
  )
}
