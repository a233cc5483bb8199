// The card of a decision: what was answered and by whom, and the answers there are.

import { enableAutoUnmount, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Photo, LabelIssue } from '../../../src/contract/records.ts'
import ReviewDecision from '../../../src/renderer/components/review/ReviewDecision.vue'
import { useReviewStore } from '../../../src/renderer/stores/review/review.ts'
import { fakeClient } from '../fake-client.ts'
import { pageGlobals, settled } from '../in-page.ts'

enableAutoUnmount(afterEach)
beforeEach(() => localStorage.clear())

const photo: Photo = {
  id: 3,
  name: '3',
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
  problems: [{ code: 'blurry', reason: 'There are hardly any edges.', score: 0.1, values: {} }],
}

async function card(more: Partial<LabelIssue>, method: 'folds' | 'margin-trace' = 'folds') {
  const suspect: LabelIssue = {
    position: 0,
    photo,
    givenClassId: 1,
    proposedClassId: 2,
    proposedClassName: 'skirt',
    givenProbability: 0.1,
    proposedProbability: 0.9,
    score: 0.1,
    flagged: true,
    answer: null,
    answeredBy: null,
    ...more,
  }
  const evidence = { id: 7, at: '', method, runId: 1, labelRevision: 1, photos: 1, flagged: 1, open: 1 }
  const client = fakeClient({
    'suspects.page': () => ({ evidence, total: 1, suspects: [suspect] }),
    'review.nearest': () => ({ nearest: [] }),
    'library.current': () => null,
  })
  const global = pageGlobals(client)
  const Host = {
    components: { ReviewDecision },
    setup: () => ({ review: useReviewStore() }),
    template: '<ReviewDecision v-if="review.current" />',
  }
  const wrapper = mount(Host, { global: { ...global, stubs: { RouterLink: true } } })
  await useReviewStore(global.plugins[0] as never).load('a', {
    kind: 'suspects',
    runId: 1,
    evidenceId: 7,
    state: 'decided',
  })
  await settled()
  return { text: wrapper.text().replaceAll('\u00a0', ' '), first: wrapper.get('.button.primary').text() }
}

describe('the card of a decision', () => {
  it('says both classes with their probabilities, how the label came to be doubted, and what else is wrong', async () => {
    const { text } = await card({})
    for (const part of [
      'Label nowhat10 % sure',
      'Proposedskirt90 % sure',
      'Judged by a model that had not seen this photo: the label gets 0.10.',
      'There are hardly any edges.',
    ])
      expect(text).toContain(part)
  })

  it('says what was answered, and by whom', async () => {
    expect((await card({ answer: 'keep', answeredBy: 'anna' })).text).toContain('kept · decided by anna')
    expect((await card({ answer: 'unsure' })).text).not.toContain('decided by')
  })
  it('puts the proposed class first where it is doubted, and the label where the model holds with it', async () => {
    expect((await card({})).first).toContain('Change to: skirt')
    const held = await card(
      { flagged: false, givenProbability: 0.9, proposedProbability: 0.1, score: 0.61 },
      'margin-trace',
    )
    expect(held.first).toContain('Keep: hat')
    expect(held.text).toContain(
      'the label stayed ahead of the best other class: mean margin 0.61. It lies past the stop point',
    )
    expect((await card({ score: -0.61 }, 'margin-trace')).text).toContain(
      'stayed behind the best other class: mean margin −0.61',
    )
  })
})
