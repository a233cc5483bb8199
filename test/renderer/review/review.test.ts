// The review queue: read piece by piece without gaps, each answer stored where it belongs, the newest one taken back
// first.

import { beforeEach, describe, expect, it } from 'vitest'
import type { Photo, LabelIssue, LabelIssueAnswer } from '../../../src/contract/records.ts'
import type { RequestParams } from '../../../src/contract/table.ts'
import { ServiceError } from '../../../src/contract/errors.ts'
import { useDecisionsStore } from '../../../src/renderer/stores/decisions/decisions.ts'
import { useReviewStore } from '../../../src/renderer/stores/review/review.ts'
import { useToastsStore } from '../../../src/renderer/stores/shell/toasts.ts'
import { FIRST } from '../../../src/renderer/stores/review/review-items.ts'
import { fakeClient } from '../fake-client.ts'
import { inPage, settled } from '../in-page.ts'

const photo = (id: number): Photo => ({
  id,
  name: `photo ${id}`,
  folder: '',
  classId: 1,
  className: 'hat',
  split: 'train',
  excluded: false,
  usable: true,
  width: 1,
  height: 1,
  format: 'png',
  sizeBytes: 1,
  problems: id % 10 === 0 ? [{ code: 'blurry', reason: '', score: 0.1, values: {} }] : [],
  prediction: {
    runId: 1,
    classId: 2,
    className: 'skirt',
    confidence: 0.9,
    givenProbability: 0.05,
    seen: { classId: 1, probability: 0.05 },
  },
})

type Said = RequestParams<'review.answer'>

/** A service with `count` suspects, the first `flagged` before the stop point; decided ones leave the open list as they
 *  do there, and come back when that is undone. */
function service(count: number, flagged = 3) {
  const answers = new Map<number, LabelIssueAnswer>()
  const decided: { readonly id: number; readonly photoId: number; readonly before: LabelIssueAnswer | undefined }[] = []
  let last = 0
  const suspect = (id: number): LabelIssue => ({
    position: id,
    photo: photo(id),
    givenClassId: 1,
    proposedClassId: 2,
    proposedClassName: 'skirt',
    givenProbability: 0.05,
    proposedProbability: 0.9,
    score: -1,
    flagged: id < flagged,
    answer: answers.get(id) ?? null,
    answeredBy: null,
  })
  const evidence = {
    id: 7,
    at: '',
    method: 'margin-trace',
    runId: 1,
    labelRevision: 1,
    photos: count,
    flagged,
    open: flagged,
  }
  const decision = (kind: string, photoId: number, changed = 1) => ({
    id: changed === 0 ? 0 : ++last,
    changed,
    text: '',
    kind,
    values: { photo: String(photoId), class: 'hat' },
  })
  const kinds = { keep: 'label-kept', unsure: 'label-unsure', relabel: 'label', exclude: 'exclude' } as const
  const client = fakeClient({
    'suspects.page': ({ offset, limit }: { offset: number; limit: number }) => {
      const open = Array.from({ length: count }, (_, id) => id).filter(id => !answers.has(id))
      return { evidence, total: open.length, suspects: open.slice(offset, offset + limit).map(suspect) }
    },
    'review.answer': ({ photoId, answer }: Said) => {
      const before = answers.get(photoId)
      if (before === answer) return decision(kinds[answer], photoId, 0)
      answers.set(photoId, answer)
      const made = decision(kinds[answer], photoId)
      decided.push({ id: made.id, photoId, before })
      return made
    },
    'review.answers': ({ photoIds }: { photoIds: number[] }) =>
      photoIds.flatMap(photoId => {
        const answer = answers.get(photoId)
        return answer ? [{ photoId, answer, answeredBy: null }] : []
      }),
    'photos.page': ({ offset, limit }: { offset: number; limit: number }) => ({
      total: count,
      photos: Array.from({ length: Math.min(limit, count - offset) }, (_, i) => photo(offset + i)),
    }),
    'history.undo': ({ decisionId }: { decisionId?: number }) => {
      const at = decisionId === undefined ? decided.length - 1 : decided.findIndex(({ id }) => id === decisionId)
      const [{ photoId, before } = { photoId: 0, before: undefined }] = decided.splice(at, 1)
      if (before) answers.set(photoId, before)
      else answers.delete(photoId)
      return decision('undo', photoId)
    },
    'library.current': () => null,
  })
  const stores = inPage(client, () => ({
    review: useReviewStore(),
    toasts: useToastsStore(),
    decisions: useDecisionsStore(),
  }))
  return { client, answers, ...stores }
}
const open = { kind: 'suspects', runId: 1, evidenceId: 7, state: 'open' } as const

describe('the review queue', () => {
  beforeEach(() => localStorage.clear())

  it('shows the first photos at once and reads the rest behind them, each once and in order', async () => {
    const { review, client } = service(450)
    await review.load(open)
    expect(client.calls[0]!.params).toMatchObject({ offset: 0, limit: FIRST })
    await settled()
    expect(review.queue.map(item => item.photo.id)).toEqual(Array.from({ length: 450 }, (_, id) => id))
    expect(client.calls.filter(call => call.name === 'suspects.page')).toHaveLength(4)
  })

  it('misses none where photos are decided while the rest is read', async () => {
    const { review } = service(300)
    await review.load(open)
    await Promise.all([review.mark('kept'), review.acceptProposed(), review.exclude()])
    await settled()
    expect(review.queue.map(item => item.photo.id)).toEqual(Array.from({ length: 300 }, (_, id) => id))
  })

  it('goes on to the next photo before the answer is stored', async () => {
    const { review, client } = service(5)
    await review.load(open)
    const stored = review.mark('kept')
    expect(review.current!.photo.id).toBe(1)
    await stored
    expect(client.calls.find(call => call.name === 'review.answer')!.params).toEqual({
      photoId: 0,
      answer: 'keep',
      about: { evidenceId: 7 },
    })
  })

  it('stores an answer and what it does as one', async () => {
    const { review, client, answers } = service(5)
    await review.load(open)
    await review.acceptProposed()
    await review.exclude()
    await review.mark('unsure')
    expect([...answers]).toEqual([
      [0, 'relabel'],
      [1, 'exclude'],
      [2, 'unsure'],
    ])
    expect(client.calls.find(call => call.name === 'review.answer')?.params).toEqual({
      photoId: 0,
      answer: 'relabel',
      classId: 2,
      about: { evidenceId: 7 },
    })
    expect(client.calls.some(call => ['photos.label', 'photos.exclude'].includes(call.name))).toBe(false)
    expect(review.tally).toEqual({ relabelled: 1, kept: 0, excluded: 1, unsure: 1 })
  })

  it('takes answers back, the newest first, and says when there is none', async () => {
    const { review, client, answers } = service(5)
    await review.load(open)
    await review.acceptProposed()
    await review.mark('kept')
    expect(await review.undo()).toBe(true)
    expect([review.current!.photo.id, review.current!.verdict]).toEqual([1, null])
    await review.undo()
    expect(review.current!.photo).toEqual(photo(0))
    expect(client.calls.filter(call => call.name === 'history.undo')).toHaveLength(2)
    expect(answers.size).toBe(0)
    expect(await review.undo()).toBe(false)
  })

  it('takes nothing older back where an answer changed nothing', async () => {
    const { review, client, answers } = service(5)
    await review.load(open)
    await review.exclude()
    review.go(0)
    await review.exclude()
    await review.undo()
    expect(
      client.calls.filter(call => call.name === 'history.undo'),
      'it was excluded before',
    ).toHaveLength(0)
    expect([...answers], 'what was said of it before').toEqual([[0, 'exclude']])
    await review.undo()
    expect(client.calls.filter(call => call.name === 'history.undo')).toHaveLength(1)
  })

  it('after Review was left brings label and answer back by the history, and shows the photo', async () => {
    const { review, decisions, answers } = service(5)
    await review.load(open)
    await review.acceptProposed()
    await review.mark('kept')
    await review.mark('unsure')
    await review.load(open)
    await settled()
    expect(review.queue.map(item => item.photo.id)).toEqual([3, 4])
    for (const id of [2, 1, 0]) {
      expect(await review.undo(), 'nothing of this queue').toBe(false)
      await decisions.undo()
      await settled()
      expect([review.current!.photo, review.current!.verdict]).toEqual([photo(id), null])
    }
    expect(answers.size).toBe(0)
  })

  it('takes back by Undo in a sentence what was answered in a queue that is not on screen any more', async () => {
    const { review, toasts, answers } = service(5)
    await review.load(open)
    await review.mark('kept')
    await review.load({ kind: 'photos', runId: 1, filter: { wrong: true } })
    toasts.said.at(-1)!.action!.run()
    await settled()
    expect(answers.size).toBe(0)
  })

  it('shows a photo as open again where its answer could not be stored, and takes nothing older back for it', async () => {
    const { review, client, answers } = service(5)
    await review.load(open)
    await review.exclude()
    client.answer('review.answer', () => {
      throw new ServiceError('disk-full', 'No room.', 'Make room.')
    })
    await review.acceptProposed()
    await settled()
    expect(review.queue[1], 'label and answer').toMatchObject({ photo: photo(1), verdict: null })
    expect([...answers]).toEqual([[0, 'exclude']])
    expect(review.done).toHaveLength(1)
    await review.undo()
    expect(review.current!.photo.id, 'the newest that was stored').toBe(0)
  })

  it('takes its own decisions back, not what another tab decided since', async () => {
    const { review, client } = service(5)
    await review.load(open)
    await review.acceptProposed()
    await review.exclude()
    await review.undo()
    await review.undo()
    expect(client.calls.filter(call => call.name === 'history.undo').map(call => call.params)).toEqual([
      { decisionId: 2 },
      { decisionId: 1 },
    ])
  })

  it('leaves a photo as it was decided where that cannot be taken back any more', async () => {
    const { review, client, answers } = service(5)
    await review.load(open)
    await review.acceptProposed()
    client.answer('history.undo', () => {
      throw new ServiceError('decided-since', 'Something was decided since.', 'Take that back first.')
    })
    await review.undo()
    expect(review.queue[0]).toMatchObject({ verdict: 'relabelled', photo: { classId: 2 } })
    expect([...answers]).toEqual([[0, 'relabel']])
  })

  it('takes back by Undo in a sentence what that sentence tells', async () => {
    const { review, client, toasts } = service(5)
    await review.load(open)
    await review.exclude()
    await review.mark('kept')
    toasts.said.at(-1)!.action!.run()
    await settled()
    expect([review.queue[0]!.verdict, review.queue[1]!.verdict]).toEqual(['excluded', null])
    expect(client.calls.filter(call => call.name === 'history.undo')).toHaveLength(1)
  })

  it('keeps its own label as kept, not as changed', async () => {
    const { review, client } = service(5)
    await review.load(open)
    await review.label(1)
    expect(review.tally.kept).toBe(1)
    expect(client.calls.find(call => call.name === 'review.answer')!.params).toMatchObject({ answer: 'keep' })
  })

  it('shows only photos with another problem where that is asked', async () => {
    const { review } = service(60)
    await review.load(open)
    await settled()
    expect(review.problems).toEqual([['blurry', 6]])
    review.show('blurry')
    expect(review.queue.map(item => item.photo.id)).toEqual([0, 10, 20, 30, 40, 50])
  })

  it('comes back to the photo of the address', async () => {
    const { review } = service(300)
    await review.load(open, 222)
    await settled()
    expect(review.current!.photo.id).toBe(222)
  })

  it('asks the service what was said of a mere list', async () => {
    const list = { kind: 'photos', runId: 1, filter: { wrong: true } } as const
    const { review, client } = service(3)
    await review.load(list)
    await review.mark('kept')
    expect(client.calls.find(call => call.name === 'review.answer')!.params).toMatchObject({ about: { runId: 1 } })
    await review.load(list)
    expect([review.queue[0]!.verdict, review.current!.photo.id]).toEqual(['kept', 1])
    expect(localStorage.getItem('winnow.review'), 'nothing of it lies in the page').toBeNull()
  })
})
