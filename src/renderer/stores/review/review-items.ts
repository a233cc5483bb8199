// What review shows one after the other, wherever it comes from: label issues of a report, or photos of a list.
// Read piece by piece, the first piece small, so that the first photo is on screen at once.

import type {
  LabelIssueReport,
  Photo,
  PhotoFilter,
  LabelIssue,
  LabelIssueAnswer,
  Proposal,
} from '../../../contract/records.ts'
import type { Client } from '../../../contract/table.ts'

export type Verdict = 'relabelled' | 'kept' | 'excluded' | 'unsure'

export type ReviewSource =
  | {
      readonly kind: 'suspects'
      /** Null before the first run. */
      readonly runId: number | null
      readonly evidenceId: number
      readonly state: 'open' | 'unsure' | 'decided'
    }
  | { readonly kind: 'photos'; readonly runId: number; readonly filter: PhotoFilter }
  /** Photos without a label, the most useful to label first. */
  | { readonly kind: 'proposals'; readonly runId: null }

export interface ReviewItem {
  readonly photo: Photo
  /** The label that is doubted, or that the run saw: the photo may have another one by now. */
  readonly given: { readonly classId: number; readonly probability: number | null } | null
  /** The class that is proposed instead of it; null where nothing is. */
  readonly proposed: { readonly id: number; readonly name: string; readonly probability: number | null } | null
  /** The next likely class, of a photo without a label. */
  readonly second?: string | null
  /** Set for suspects. `flagged`: before the stop point; `answeredBy`: who gave an answer that was read from the
   *  service. */
  readonly suspect: {
    readonly position: number
    readonly score: number
    readonly flagged: boolean
    readonly answeredBy: string | null
  } | null
  readonly verdict: Verdict | null
}

export interface ReviewPiece {
  readonly items: readonly ReviewItem[]
  readonly total: number
  readonly evidence: LabelIssueReport | null
}

export const FIRST = 24
export const PIECE = 200

/** Items from `offset` on, few of them at the beginning. */
export async function readItems(client: Client, source: ReviewSource, offset: number): Promise<ReviewPiece> {
  const limit = offset === 0 ? FIRST : PIECE
  if (source.kind === 'suspects') {
    const { evidence, total, suspects } = await client.request('suspects.page', {
      evidenceId: source.evidenceId,
      state: source.state,
      offset,
      limit,
    })
    return { evidence, total, items: suspects.map(ofSuspect) }
  }
  if (source.kind === 'proposals') {
    const { total, proposals } = await client.request('proposals.page', { order: 'useful', offset, limit })
    return { evidence: null, total, items: proposals.map(ofProposal) }
  }
  const { total, photos } = await client.request('photos.page', {
    filter: { ...source.filter, runId: source.runId },
    sort: 'suspicion',
    offset,
    limit,
  })
  const said = new Map(
    photos.length === 0
      ? []
      : (await client.request('review.answers', { runId: source.runId, photoIds: photos.map(({ id }) => id) })).map(
          ({ photoId, answer }) => [photoId, verdicts[answer]],
        ),
  )
  return { evidence: null, total, items: photos.map(photo => ofPhoto(photo, said.get(photo.id) ?? null)) }
}

/** Where the piece after `items` begins. Suspects that were decided leave the open list and photos that were labelled that of
 *  proposals, so of those only the ones count that are still open. */
export function nextOffset(source: ReviewSource, items: readonly ReviewItem[]): number {
  return source.kind === 'proposals' || (source.kind === 'suspects' && source.state === 'open')
    ? items.filter(item => item.verdict === null).length
    : items.length
}

const verdicts: Readonly<Record<LabelIssueAnswer, Verdict | null>> = {
  keep: 'kept',
  relabel: 'relabelled',
  exclude: 'excluded',
  unsure: 'unsure',
  withdrawn: null,
}
/** How a verdict is told to the service. */
export const answers = {
  kept: 'keep',
  relabelled: 'relabel',
  excluded: 'exclude',
  unsure: 'unsure',
} as const satisfies Record<Verdict, LabelIssueAnswer>

function ofSuspect(suspect: LabelIssue): ReviewItem {
  const {
    photo,
    proposedClassId,
    proposedClassName,
    givenProbability,
    proposedProbability,
    position,
    score,
    flagged,
    givenClassId,
    answer,
    answeredBy,
  } = suspect
  return {
    photo,
    given: { classId: givenClassId, probability: givenProbability },
    proposed: { id: proposedClassId, name: proposedClassName, probability: proposedProbability },
    suspect: { position, score, flagged, answeredBy },
    verdict: answer && verdicts[answer],
  }
}

function ofProposal({ photo, classId, className, confidence, secondClassName }: Proposal): ReviewItem {
  return {
    photo,
    suspect: null,
    verdict: null,
    given: null,
    proposed: { id: classId, name: className, probability: confidence },
    second: secondClassName,
  }
}

function ofPhoto(photo: Photo, verdict: Verdict | null): ReviewItem {
  const { prediction } = photo
  return {
    photo,
    suspect: null,
    verdict,
    given: prediction && prediction.seen,
    proposed:
      prediction && (prediction.classId !== prediction.seen.classId || prediction.classId !== photo.classId)
        ? { id: prediction.classId, name: prediction.className, probability: prediction.confidence }
        : null,
  }
}
