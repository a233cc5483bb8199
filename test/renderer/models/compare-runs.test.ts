// Two runs side by side: what one made better or worse, and both as one.

import { enableAutoUnmount, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { ServiceError } from '../../../src/contract/errors.ts'
import type { Run } from '../../../src/contract/records.ts'
import CompareRuns from '../../../src/renderer/charts/CompareRuns.vue'
import { fakeClient } from '../fake-client.ts'
import { pageGlobals, settled } from '../in-page.ts'

enableAutoUnmount(afterEach)

const interval = (value: number) => ({ value, low: value - 0.05, high: value + 0.05 })
const comparison = {
  photos: 200,
  accuracyBefore: interval(0.8),
  accuracyAfter: interval(0.85),
  fixed: 14,
  broken: 4,
  relabelled: 3,
  chance: 0.03,
  classes: [],
}
const runs = [
  { id: 2, name: 'Second' },
  { id: 1, name: 'First' },
] as unknown as Run[]

async function shown(ensemble: () => unknown) {
  const client = fakeClient({ 'review.compare': () => comparison, 'review.ensemble': ensemble })
  const wrapper = mount(CompareRuns, {
    props: { runs, runId: 2, before: null, split: 'test' },
    global: { ...pageGlobals(client), stubs: { RouterLink: true } },
  })
  await settled()
  return { client, wrapper }
}

describe('two runs side by side', () => {
  it('are asked together as well: the mean of their probabilities', async () => {
    const { client, wrapper } = await shown(() => ({ split: 'test', photos: 200, accuracy: interval(0.875), runs: [] }))
    expect(client.calls.find(({ name }) => name === 'review.ensemble')?.params).toEqual({
      runIds: [1, 2],
      split: 'test',
    })
    expect(wrapper.get('[data-test=together]').text()).toContain('87.5')
  })

  it('of other classes cannot be: the comparison stands without it', async () => {
    const { wrapper } = await shown(() => {
      throw new ServiceError(
        'other-classes',
        'First tells 3 classes apart and Second 4 others.',
        'Choose runs of the same classes.',
      )
    })
    expect([wrapper.find('[data-test=together]').exists(), wrapper.text().includes('200')]).toEqual([false, true])
  })
})
