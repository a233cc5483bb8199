// How far a queue of review is: of doubted labels what counts are those before the stop point, of other lists all.

import { enableAutoUnmount, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Photo, LabelIssue } from '../../../src/contract/records.ts'
import ReviewProgress from '../../../src/renderer/components/review/ReviewProgress.vue'
import { useReviewStore } from '../../../src/renderer/stores/review/review.ts'
import type { ReviewSource } from '../../../src/renderer/stores/review/review-items.ts'
import { fakeClient } from '../fake-client.ts'
import { pageGlobals, settled } from '../in-page.ts'

enableAutoUnmount(afterEach)
beforeEach(() => localStorage.clear())

const photo = (id: number): Photo => ({
  id,
  name: `${id}`,
  folder: '',
  classId: 1,
  className: 'hat',
  split: null,
  excluded: false,
  usable: true,
  width: 4,
  height: 3,
  format: 'png',
  sizeBytes: 1,
  prediction: null,
  problems: id >= 3 ? [{ code: 'blurry', reason: '', score: 0.1, values: {} }] : [],
})

const suspect = (id: number): LabelIssue => ({
  position: id,
  photo: photo(id),
  givenClassId: 1,
  proposedClassId: 2,
  proposedClassName: 'skirt',
  givenProbability: 0.1,
  proposedProbability: 0.9,
  score: 0.1,
  flagged: id < 3,
  answer: null,
  answeredBy: null,
})

/** Ten photos, of whose labels three are doubted. */
async function progress(source: ReviewSource) {
  const evidence = {
    id: 7,
    at: '',
    method: 'margin-trace',
    runId: 1,
    labelRevision: 1,
    photos: 10,
    flagged: 3,
    open: 3,
  }
  const ten = Array.from({ length: 10 }, (_, id) => id)
  const client = fakeClient({
    'suspects.page': ({ offset }: { offset: number }) => ({
      evidence,
      total: 10,
      suspects: ten.slice(offset).map(suspect),
    }),
    'review.answer': () => ({ id: 1, changed: 1, text: '', kind: 'label-kept', values: { class: 'hat', photo: '0' } }),
    'review.answers': () => [],
    'photos.page': ({ offset }: { offset: number }) => ({ total: 10, photos: ten.slice(offset).map(photo) }),
    'library.current': () => null,
  })
  const global = pageGlobals(client)
  const wrapper = mount(ReviewProgress, {
    props: { runId: 1, changed: false },
    global: { ...global, stubs: { RouterLink: true } },
  })
  const review = useReviewStore(global.plugins[0] as never)
  await review.load(source)
  await settled()
  return { review, text: async () => (await settled(), wrapper.text()) }
}

describe('the progress of a queue', () => {
  it('of doubted labels counts those before the stop point', async () => {
    const { review, text } = await progress({ kind: 'suspects', runId: 1, evidenceId: 7, state: 'open' })
    expect(await text()).toContain('0 of 3 decided')
    await review.mark('kept')
    expect(await text()).toContain('1 of 3 decided')
    review.go(8)
    await review.mark('kept')
    expect(await text()).toContain('1 of 3 decided')
    review.show('blurry')
    expect(await text()).toContain('1 of 7 decided')
  })

  it('of a list counts all', async () => {
    const { review, text } = await progress({ kind: 'photos', runId: 1, filter: {} })
    await review.mark('kept')
    expect(await text()).toContain('1 of 10 decided')
  })
})
