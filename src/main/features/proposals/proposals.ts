// Proposed labels in the library: written by a label check for the photos without a label that have features, read most useful
// first or surest first, and accepted above a confidence as one decision. A photo that has a label by now is in no list, and comes
// back when that is undone.

import type { Decision, Proposal, ProposalSummary } from '../../../contract/records.ts'
import type { RequestParams } from '../../../contract/table.ts'
import type { ReadDb } from '../../db/database.ts'
import type { LibraryContext } from '../../library/context.ts'
import type { History } from '../../library/decisions/history.ts'
import { readPhotos } from '../../library/photos/photos.ts'
import { chanceOf, fitPlatt } from './platt.ts'

/** What heads said: of photos that have labels, by heads that had not seen them, and of those that have none. */
export interface HeadAnswers {
  readonly labelRevision: number
  readonly classIds: readonly number[]
  /** [labelled classes] */
  readonly outOfFold: Float32Array
  /** [labelled], indices of `classIds`. */
  readonly labels: readonly number[]
  readonly unlabelledIds: readonly number[]
  /** [unlabelled classes + 1]: probabilities, then the cosine to the centre of the nearest class. */
  readonly unlabelled: Float32Array
}

/** Usable, included photos without a label. */
export const isUnlabelled = 'photo.usable = 1 AND photo.excluded = 0 AND photo.class_id IS NULL'
const open = `FROM proposal JOIN photo ON photo.id = photo_id JOIN class ON class.id = proposal.class_id
  WHERE ${isUnlabelled} AND class.deleted = 0`

const revisionKey = 'proposals_revision'

/** In place of what was proposed before. */
export function writeProposals({ library: { db } }: LibraryContext, answers: HeadAnswers): void {
  const { classIds, unlabelledIds, labelRevision } = answers
  const curve = curveOf(answers)
  const width = classIds.length + 1
  db.transaction(() => {
    db.run('DELETE FROM proposal')
    for (const [i, photoId] of unlabelledIds.entries()) {
      const row = answers.unlabelled.subarray(i * width, (i + 1) * width)
      const [first, second] = twoLargest(row.subarray(0, classIds.length))
      db.run(
        'INSERT INTO proposal (photo_id, class_id, confidence, second_id, usefulness) VALUES (?, ?, ?, ?, ?)',
        photoId,
        classIds[first]!,
        chanceOf(curve, row[first]!),
        classIds[second]!,
        usefulness(row[first]! - row[second]!, row[classIds.length]!),
      )
    }
    db.run('INSERT OR REPLACE INTO meta VALUES (?, ?)', revisionKey, String(labelRevision))
  })
}

/** Near the border between two classes, and unlike what has a label. */
function usefulness(margin: number, familiarity: number): number {
  return 1 - margin + unlikeness * (1 - familiarity)
}
const unlikeness = 0.5

function curveOf({ classIds, outOfFold, labels }: HeadAnswers) {
  const width = classIds.length
  const answers = labels.map((label, i) => {
    const row = outOfFold.subarray(i * width, (i + 1) * width)
    const [first] = twoLargest(row)
    return { confidence: row[first]!, right: first === label }
  })
  return fitPlatt(
    answers.map(({ confidence }) => confidence),
    answers.map(({ right }) => right),
  )
}

function twoLargest(row: Float32Array): [number, number] {
  let [first, second] = row[1]! > row[0]! ? [1, 0] : [0, 1]
  for (let k = 2; k < row.length; k++)
    if (row[k]! > row[first]!) [first, second] = [k, first]
    else if (row[k]! > row[second]!) second = k
  return [first, second]
}

export function proposalSummary({ library: { db } }: LibraryContext): ProposalSummary {
  const unlabelled = db.value<number>(`SELECT count(*) FROM photo WHERE ${isUnlabelled}`)!
  const confidences = Float64Array.from(db.values<number>(`SELECT confidence ${open} ORDER BY confidence DESC`))
  const revision = db.value<string>('SELECT value FROM meta WHERE key = ?', revisionKey)
  return {
    unlabelled,
    answered: confidences.length,
    labelRevision: revision === undefined ? null : Number(revision),
    above: countsAbove(confidences),
  }
}

/** `confidences` the surest first. */
function countsAbove(confidences: Float64Array): ProposalSummary['above'] {
  let [photos, wrong] = [0, 0]
  const above = Array.from({ length: 50 }, (_, i) => (99 - i) / 100).map(confidence => {
    for (; photos < confidences.length && confidences[photos]! >= confidence; photos++)
      wrong += 1 - confidences[photos]!
    return { confidence, photos, wrong }
  })
  return above.toReversed()
}

interface ProposalRow {
  readonly photo_id: number
  readonly class_id: number
  readonly class_name: string
  readonly confidence: number
  readonly second_name: string | null
}

/** ProposalRows of a page, 'useful' or 'sure' ones first. */
export function proposalPage(
  { library: { db } }: LibraryContext,
  { order, offset, limit }: RequestParams<'proposals.page'>,
): { total: number; proposals: Proposal[] } {
  const total = db.value<number>(`SELECT count(*) ${open}`)!
  const rows = db.all<ProposalRow>(
    `SELECT photo_id, proposal.class_id, class.name AS class_name, confidence,
       (SELECT name FROM class WHERE id = second_id AND deleted = 0) AS second_name
     ${open} ORDER BY ${order === 'sure' ? 'confidence' : 'usefulness'} DESC, photo_id LIMIT ? OFFSET ?`,
    limit,
    offset,
  )
  return { total, proposals: asProposals(db, rows) }
}

function asProposals(db: ReadDb, rows: readonly ProposalRow[]): Proposal[] {
  const photos = readPhotos(
    db,
    rows.map(row => row.photo_id),
    null,
  )
  return rows.map((row, i) => ({
    photo: photos[i]!,
    classId: row.class_id,
    className: row.class_name,
    confidence: row.confidence,
    secondClassName: row.second_name,
  }))
}

/** Labels every photo whose answer is at least so sure. */
export function acceptProposals({ library: { db } }: LibraryContext, history: History, above: number): Decision {
  const rows = db.all<{ id: number; value: number }>(
    `SELECT photo.id, proposal.class_id AS value ${open} AND confidence >= ?`,
    above,
  )
  const byClass = [...Map.groupBy(rows, ({ value }) => value)]
  return history.acceptProposals(
    byClass.map(([value, own]) => ({ value, ids: own.map(({ id }) => id) })),
    above,
  )
}
