// The form of a run's settings: what is being typed stays while answers draw the form anew, and is taken when the field
// is left.

import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import type { RunSettings } from '../../../src/contract/records.ts'
import RunSettingsForm from '../../../src/renderer/components/train/RunSettingsForm.vue'
import { fakeClient } from '../fake-client.ts'
import { pageGlobals } from '../in-page.ts'

const settings: RunSettings = {
  preset: 'simple-conv',
  size: 32,
  channels: 3,
  epochs: 20,
  batch: 16,
  rate: 0.01,
  seed: 1,
  augment: false,
}

describe('the form of settings', () => {
  it('keeps what is being typed when it is drawn anew', async () => {
    const form = mount(RunSettingsForm, {
      props: { modelValue: settings, stages: [] },
      global: pageGlobals(fakeClient()),
    })
    const epochs = form
      .findAll('label')
      .find(label => label.text().startsWith('Epochs'))!
      .find('input')
    epochs.element.value = '6'
    await epochs.trigger('input')
    await form.setProps({ stages: ['conv1', 'head'] })
    expect(epochs.element.value).toBe('6')
    await epochs.trigger('change')
    expect(form.emitted('update:modelValue')!.at(-1)).toEqual([{ ...settings, epochs: 6 }])
  })
})
