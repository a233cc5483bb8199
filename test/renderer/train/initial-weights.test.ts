// What a run begins with: an earlier run, a file or fresh weights; the net becomes that of the weights, and what fits
// is said.

import { enableAutoUnmount, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import type { Run, RunSettings } from '../../../src/contract/records.ts'
import InitialWeights from '../../../src/renderer/components/train/InitialWeights.vue'
import RunSettingsForm from '../../../src/renderer/components/train/RunSettingsForm.vue'
import { useRunsStore } from '../../../src/renderer/stores/models/runs.ts'
import { fakeClient } from '../fake-client.ts'
import { pageGlobals } from '../in-page.ts'

enableAutoUnmount(afterEach)
beforeEach(() => localStorage.clear())

const settings: RunSettings = {
  preset: 'photo-convnet',
  size: 64,
  channels: 3,
  epochs: 10,
  batch: 16,
  rate: 1e-3,
  seed: 1,
  augment: true,
}
const look = {
  net: null,
  stages: ['conv1', 'layer1', 'fc'],
  fit: {
    matched: Array.from({ length: 100 }, (_, i) => `w${i}`),
    different: ['fc.weight is [1000, 512] in the file and [3, 512] here'],
    otherClasses: [],
    missing: [],
    unused: ['extra.weight', 'more.weight'],
  },
}

async function shown(given: RunSettings, fit: unknown = null) {
  const global = pageGlobals(fakeClient())
  const wrapper = mount(InitialWeights, { props: { modelValue: given, file: null, look: fit as never }, global })
  useRunsStore(global.plugins[0] as never).list = [
    { id: 4, name: 'Run 4', state: 'done', settings: { ...settings, preset: 'resnet18', size: 96 } } as unknown as Run,
  ]
  await nextTick()
  return wrapper
}

describe('what a run begins with', () => {
  it('may be an earlier run, whose net it then has; and fresh weights again', async () => {
    const wrapper = await shown(settings)
    await wrapper.get('select').setValue('4')
    const taken = wrapper.emitted('update:modelValue')![0]![0] as RunSettings
    expect(taken).toEqual({ ...settings, preset: 'resnet18', size: 96, fromRunId: 4 })
    const again = await shown({ ...taken, freeze: 1, backboneRate: 0.5 })
    await again.get('select').setValue('')
    expect(again.emitted('update:modelValue')![0]).toEqual([{ ...settings, preset: 'resnet18', size: 96 }])
  })

  it('may be a file, which is only asked for: the choice stays until one is taken', async () => {
    const wrapper = await shown(settings)
    const opened = vi.spyOn(HTMLInputElement.prototype, 'click').mockImplementation(() => {})
    await wrapper.get('select').setValue('file')
    expect(opened).toHaveBeenCalledOnce()
    expect([(wrapper.get('select').element as HTMLSelectElement).value, wrapper.emitted('update:modelValue')]).toEqual([
      '',
      undefined,
    ])
    opened.mockRestore()
  })

  it('is told: how much fits, and what does not by name', async () => {
    const wrapper = await shown({ ...settings, fromRunId: 4 }, look)
    expect(wrapper.get('[role=status]').text()).toBe('100 of 101 tensors begin with these weights.')
    expect(wrapper.findAll('details').map(part => part.text())).toEqual([
      '1 tensor has another shape and starts afreshfc.weight is [1000, 512] in the file and [3, 512] here',
      '2 tensors are not usedextra.weightmore.weight',
    ])
    const nothing = await shown({ ...settings, fromRunId: 4 }, { ...look, fit: { ...look.fit, matched: [] } })
    expect(nothing.get('[role=status]').text()).toContain('None of these weights fits photo-convnet.')
  })
})

describe('what stays as it is', () => {
  it('may be so many stages by name, or all but the head; the rate of the rest has a meaning only then', async () => {
    const form = mount(RunSettingsForm, {
      props: { modelValue: { ...settings, fromRunId: 4 }, mistyped: {}, stages: look.stages },
      global: pageGlobals(fakeClient()),
    })
    const select = form.findAll('select').find(element => element.text().includes('all but the head'))!
    expect(select.findAll('option').map(option => option.text())).toEqual([
      'usual: everything learns',
      'the first 1, to conv1',
      'the first 2, to layer1',
      'all but the head stays',
    ])
    await select.setValue('2')
    expect(form.emitted('update:modelValue')![0]).toEqual([{ ...settings, fromRunId: 4, freeze: 2 }])
    await form.setProps({ modelValue: { ...settings, fromRunId: 4, freeze: 2, backboneRate: 0.1 } })
    await select.setValue('backbone')
    expect(form.emitted('update:modelValue')![1]).toEqual([{ ...settings, fromRunId: 4, freeze: 'backbone' }])
  })
})
