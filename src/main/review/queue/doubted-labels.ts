// Photos to which a list gave several labels, as a label-issue report: Review asks which it is.

import type { LibraryContext } from '../../library/context.ts'
import type { SeveralLabels } from '../../library/import/listed-labels.ts'
import { labelledProbabilities } from '../labels/probabilities.ts'
import { currentRevision, writeLabelIssueReport } from './label-issue-reports.ts'

/** A label is as probable as the share of the lines that say it; all of the photos lie before the stop point. */
export function reportDoubtedLabels(context: LibraryContext, doubted: readonly SeveralLabels[]): void {
  if (doubted.length === 0) return
  const classIds = [...new Set(doubted.flatMap(({ labels }) => labels.map(({ classId }) => classId)))]
  const shares = doubted.map(({ labels }) => {
    const lines = labels.reduce((sum, label) => sum + label.lines, 0)
    return classIds.map(id => labels.filter(({ classId }) => classId === id).reduce((a, b) => a + b.lines, 0) / lines)
  })
  const given = doubted.map(({ photoId }) => {
    const id = context.library.db.value<number>('SELECT class_id FROM photo WHERE id = ?', photoId)!
    return classIds.indexOf(id)
  })
  const scores = shares.map((own, row) => own[given[row]!]!)
  writeLabelIssueReport(context, {
    method: 'import',
    runId: null,
    labelRevision: currentRevision(context),
    photoIds: doubted.map(({ photoId }) => photoId),
    classIds,
    probabilities: labelledProbabilities(shares.flat(), classIds.length, given),
    ranking: scores.map((_, row) => row).sort((a, b) => scores[a]! - scores[b]!),
    scores,
    stop: doubted.length,
  })
}
