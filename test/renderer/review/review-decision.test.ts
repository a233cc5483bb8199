// The card of a decision: what was answered and by whom, and the answers there are.

import { enableAutoUnmount, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Photo, LabelIssue } from '../../../src/contract/records.ts'
import ReviewDecision from '../../../src/renderer/components/review/ReviewDecision.vue'
import { useLibraryStore } from '../../../src/renderer/stores/library/library.ts'
import type { ReviewSource } from '../../../src/renderer/stores/review/review-items.ts'
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

const decided: ReviewSource = { kind: 'suspects', runId: 1, evidenceId: 7, state: 'decided' }
const cell: ReviewSource = { kind: 'photos', runId: 1, filter: { givenClassId: 1, predictedClassId: 2 } }

async function card(
  more: Partial<LabelIssue>,
  method: 'folds' | 'margin-trace' = 'folds',
  source: ReviewSource = decided,
) {
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
    'review.answers': () => [],
    'review.answer': () => ({ id: 1, changed: 1, text: '', kind: 'label', values: { class: 'skirt', photo: '3' } }),
    'photos.page': () => ({ total: 1, photos: [more.photo ?? photo] }),
    'library.current': () => ({
      id: 'a',
      classes: [
        { id: 1, name: 'hat', photos: 1 },
        { id: 2, name: 'skirt', photos: 1 },
        { id: 3, name: 'dress', photos: 1 },
      ],
    }),
    'runs.list': () => [],
    'suspects.list': () => [],
  })
  const global = pageGlobals(client)
  const Host = {
    components: { ReviewDecision },
    setup: () => ({ review: useReviewStore() }),
    template: '<ReviewDecision v-if="review.current" />',
  }
  const wrapper = mount(Host, { global: { ...global, stubs: { RouterLink: true } } })
  await useLibraryStore(global.plugins[0] as never).refresh()
  const review = useReviewStore(global.plugins[0] as never)
  await review.load(source)
  await settled()
  const text = () => wrapper.text().replaceAll('\u00a0', ' ')
  return {
    review,
    now: async () => (await settled(), text()),
    text: text(),
    cards: () => wrapper.findAll('.side-card').map(entry => entry.text().replaceAll('\u00a0', ' ')),
    first: wrapper.find('.button.primary').exists() ? wrapper.get('.button.primary').text() : '',
  }
}

describe('the card of a decision', () => {
  it('says both classes with their probabilities, how the label came to be doubted, and what else is wrong', async () => {
    const { text } = await card({})
    for (const part of [
      'Label nowhat10 % sure',
      'Proposedskirt90 % sure',
      'Judged by a model that had not seen this photo: the label hat gets 0.10.',
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
      'the label hat stayed ahead of the best other class: mean margin 0.61. It lies past the stop point',
    )
    expect((await card({ score: -0.61 }, 'margin-trace')).text).toContain(
      'hat stayed behind the best other class: mean margin −0.61',
    )
  })

  it('shows numbers, names and words of one moment after the label was changed', async () => {
    const odd = { code: 'unlike-class', reason: 'unlike the rest of hat', score: 0.1, values: { classId: 1 } } as const
    const { review, cards, now } = await card({ photo: { ...photo, problems: [...photo.problems, odd] } })
    expect(cards()).toEqual(['Label nowhat10 % sure', 'Proposedskirt90 % sure'])
    expect(await now()).toContain('unlike the rest of hat')
    await review.label(2)
    expect(await now()).toContain('the label hat gets 0.10.')
    expect(cards()).toEqual(['Label nowskirt90 % sure', 'Label beforehat10 % sure'])
    expect(await now()).not.toContain('unlike the rest of hat')
    await review.label(3)
    await now()
    expect(cards(), 'nobody said how sure it is of the third').toEqual(['Label nowdress', 'Proposedskirt90 % sure'])
  })

  it('does not call a right answer of the matrix wrong, and says which label the run saw', async () => {
    const said = (classId: number, className: string, seen: number, now: number) =>
      card(
        {
          photo: {
            ...photo,
            classId: now,
            className: now === 1 ? 'hat' : 'skirt',
            prediction: {
              runId: 1,
              classId,
              className,
              confidence: 0.8,
              givenProbability: null,
              seen: { classId: seen, probability: 0.15 },
            },
          },
        },
        'folds',
        cell,
      )
    const right = await said(1, 'hat', 1, 1)
    expect(right.text).toContain('The run gives this photo its label: hat.')
    expect(right.text).not.toContain('another class')
    expect(right.cards()).toHaveLength(1)
    expect((await said(2, 'skirt', 1, 1)).text).toContain(
      'The run gives this photo another class than its label: skirt.',
    )
    const since = await said(2, 'skirt', 1, 2)
    expect(since.text).toContain('its label: skirt. When the run was trained, its label was: hat.')
    expect(since.cards()).toEqual(['Label nowskirt80 % sure', 'Label beforehat15 % sure'])
  })
})
