// Photos without a label under review: the proposed class is their label with a key, they can be passed over, each answer can be
// taken back, and all above a confidence are taken at once.

import { beforeEach, expect, it } from 'vitest'
import type { Photo, Proposal } from '../../../src/contract/records.ts'
import { useDecisionsStore } from '../../../src/renderer/stores/decisions/decisions.ts'
import { useProposalsStore } from '../../../src/renderer/stores/review/proposals.ts'
import { useReviewStore } from '../../../src/renderer/stores/review/review.ts'
import { fakeClient } from '../fake-client.ts'
import { inPage, settled } from '../in-page.ts'

const photo = (id: number): Photo => ({
  id,
  name: `photo ${id}`,
  folder: '',
  classId: null,
  className: null,
  split: null,
  excluded: false,
  usable: true,
  width: 1,
  height: 1,
  format: 'png',
  sizeBytes: 1,
  problems: [],
  prediction: null,
})

/** A service with `count` photos without a label; what is labelled leaves the list and comes back when it is undone. */
function service(count: number) {
  const labelled = new Map<number, number>()
  const made: number[] = []
  const open = () => Array.from({ length: count }, (_, id) => id).filter(id => !labelled.has(id))
  const proposal = (id: number): Proposal => ({
    photo: photo(id),
    classId: 2,
    className: 'skirt',
    confidence: 0.9,
    secondClassName: 'hat',
  })
  const decision = (kind: string, changed = 1) => ({ id: made.length, changed, kind, text: '', values: {} })
  const client = fakeClient({
    'proposals.summary': () => ({
      unlabelled: open().length,
      answered: open().length,
      labelRevision: 1,
      above: [{ confidence: 0.9, photos: open().length, wrong: 1 }],
    }),
    'proposals.page': ({ offset, limit }: { offset: number; limit: number }) => ({
      total: open().length,
      proposals: open()
        .slice(offset, offset + limit)
        .map(proposal),
    }),
    'proposals.accept': () => {
      const all = open()
      for (const id of all) labelled.set(id, 2)
      return decision('proposals-accept', all.length)
    },
    'photos.label': ({ selection, classId }: { selection: { ids: number[] }; classId: number }) => {
      made.push(selection.ids[0]!)
      labelled.set(selection.ids[0]!, classId)
      return decision('label')
    },
    'history.undo': ({ decisionId }: { decisionId: number }) => {
      labelled.delete(made[decisionId - 1]!)
      return decision('undo')
    },
    'library.current': () => ({ id: 'a', labelRevision: made.length }),
  })
  const stores = inPage(client, () => ({
    review: useReviewStore(),
    proposals: useProposalsStore(),
    decisions: useDecisionsStore(),
  }))
  return { client, labelled, ...stores }
}

beforeEach(() => localStorage.clear())

it('get the proposed class, or are passed over without a word', async () => {
  const { review, labelled, client } = service(3)
  await review.load({ kind: 'proposals', runId: null })
  await settled()
  expect(review.current).toMatchObject({ second: 'hat', proposed: { name: 'skirt', probability: 0.9 } })
  await review.acceptProposed()
  expect([...labelled]).toEqual([[0, 2]])
  expect(review.queue[0]).toMatchObject({ verdict: 'relabelled', photo: { classId: 2 } })
  expect(review.current!.photo.id).toBe(1)
  await review.mark('unsure')
  expect(review.current!.photo.id).toBe(2)
  await review.mark('kept')
  expect(client.calls.filter(({ name }) => name === 'review.answer')).toEqual([])
  await review.undo()
  await settled()
  expect([labelled.size, review.current!.photo.id]).toEqual([0, 0])
})

it('are read without gaps while they are labelled', async () => {
  const { review } = service(300)
  const loaded = review.load({ kind: 'proposals', runId: null })
  await loaded
  await review.acceptProposed()
  await settled()
  expect(review.queue.map(item => item.photo.id)).toEqual(Array.from({ length: 300 }, (_, id) => id))
})

it('are all taken at once above a confidence', async () => {
  const { proposals, labelled } = service(5)
  await proposals.accept(0.9)
  expect(labelled.size).toBe(5)
})
