// Clean in the page: the set in numbers, and copies with why each group matters.

import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { CheckReport, DuplicateGroup, Photo } from '../../../src/contract/records.ts'
import DuplicateGroups from '../../../src/renderer/components/clean/DuplicateGroups.vue'
import SetReport from '../../../src/renderer/components/clean/SetReport.vue'
import { fakeClient } from '../fake-client.ts'
import { pageGlobals } from '../in-page.ts'

enableAutoUnmount(afterEach)

const report: CheckReport = {
  classes: [
    { id: 1, name: 'dress', photos: 68, usable: 66 },
    { id: 2, name: 'skirt', photos: 12, usable: 12 },
  ],
  sizes: {
    smallest: { width: 128, height: 96 },
    middle: { width: 400, height: 533 },
    largest: { width: 1200, height: 712 },
  },
  formats: [
    { format: 'jpeg', photos: 76 },
    { format: 'png', photos: 4 },
  ],
  advice: [
    {
      code: 'few-photos',
      text: 'The class skirt has 12 usable photos.',
      values: { class: 'skirt', photos: 12, wanted: 20 },
    },
  ],
}

describe('the set in numbers', () => {
  it('is asked for when it is opened, and tells classes, sizes, formats and advice', async () => {
    const client = fakeClient({ 'check.report': () => report })
    const shown = mount(SetReport, { global: pageGlobals(client) })
    expect(client.calls).toEqual([])
    await shown.get('button').trigger('click')
    await flushPromises()
    const text = document.querySelector('[role=dialog]')!.textContent!
    for (const part of [
      'dress6866',
      'skirt1212',
      'Sizes: 128 × 96 to 1,200 × 712, the middle one 400 × 533.',
      'JPEG 76',
      'The class skirt has 12 usable photos.',
    ])
      expect(text).toContain(part)
  })
})

describe('copies', () => {
  const photo = (id: number): Photo => ({
    id,
    name: `${id}.jpg`,
    folder: '',
    classId: 1,
    className: 'dress',
    split: null,
    excluded: false,
    usable: true,
    width: 10,
    height: 10,
    format: 'jpeg',
    sizeBytes: 1,
    problems: [],
    prediction: null,
  })
  const group: DuplicateGroup = {
    keeper: photo(1),
    conflicting: true,
    leaking: true,
    members: [
      { photo: photo(2), distance: 0, exact: true, turned: false },
      { photo: photo(3), distance: 4, exact: false, turned: false },
      { photo: photo(4), distance: 2, exact: false, turned: true },
    ],
  }

  it('say what each is, and how many groups mislead', async () => {
    vi.useFakeTimers()
    try {
      const shown = mount(DuplicateGroups, {
        props: { kind: 'near-duplicate' },
        global: pageGlobals(
          fakeClient({
            'duplicates.distance': () => ({ distance: 6 }),
            'duplicates.groups': () => ({
              total: 3,
              copies: 5,
              conflicting: 2,
              leaking: 1,
              agreeing: 4,
              groups: [group],
            }),
          }),
        ),
      })
      await vi.advanceTimersByTimeAsync(300)
      expect(shown.get('[role=status]').text()).toBe(
        '3 groups, 5 copies · 2 groups with different labels · 1 group across splits',
      )
      expect(shown.get('input[type=range]').attributes('aria-valuetext')).toBe('6 of 64 bits')
      expect(shown.get('.push').text()).toBe('Exclude 4 copies')
      expect(shown.text()).toContain('One copy has another label and is left to you')
      expect(shown.findAll('figcaption .hint').map(note => note.text())).toEqual([
        'kept',
        'identical',
        '4 bits',
        'mirrored or turned, 2 bits',
      ])
    } finally {
      vi.useRealTimers()
    }
  })
})
