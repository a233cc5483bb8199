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

function mountForm() {
  const form = mount(RunSettingsForm, {
    props: { modelValue: settings, mistyped: {}, stages: [] },
    global: pageGlobals(fakeClient()),
  })
  const field = (name: string) =>
    form
      .findAll('label')
      .find(label => label.text().startsWith(name))!
      .find('input')
  return { form, field }
}

describe('the form of settings', () => {
  it('keeps what is being typed when it is drawn anew', async () => {
    const { form, field } = mountForm()
    const epochs = field('Epochs')
    epochs.element.value = '6'
    await epochs.trigger('input')
    await form.setProps({ stages: ['conv1', 'head'] })
    expect(epochs.element.value).toBe('6')
    await epochs.trigger('change')
    expect(form.emitted('update:modelValue')!.at(-1)).toEqual([{ ...settings, epochs: 6 }])
  })

  it('tells a number out of range, leaves it where it was typed and the setting as it is', async () => {
    const { form, field } = mountForm()
    const size = field('Edge')
    await size.setValue('4')
    await size.trigger('change')
    expect(form.emitted('update:modelValue')).toBeUndefined()
    const [mistyped] = form.emitted('update:mistyped')!.at(-1) as [object]
    await form.setProps({ mistyped })
    expect(size.element.value).toBe('4')
    expect(size.attributes('aria-invalid')).toBe('true')
    expect(form.text()).toContain('It must be from 8 to 512.')
    await size.setValue('40')
    expect(form.emitted('update:mistyped')!.at(-1)).toEqual([{}])
  })

  it('says of each setting what it does, to all who listen and where it is asked for to all who see', async () => {
    const { form } = mountForm()
    const fields = form.findAll('input, select')
    expect(fields.length).toBeGreaterThan(15)
    const help = (id: string) => form.get(`#${id}`)
    for (const field of fields) expect(help(field.attributes('aria-describedby')!).text()).not.toBe('')
    expect(form.findAll('p.caption')).toHaveLength(0)
    await form.get('.explain').trigger('click')
    expect(form.findAll('p.caption')).toHaveLength(fields.length)
  })
})
