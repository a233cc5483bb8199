// What the form shows as a setting's default is what training uses: a run that says it and one that leaves it out are
// trained alike, for every setting beside every optimizer and schedule.

import { describe, expect, it, vi } from 'vitest'
import type { Run, RunSettings } from '../../src/contract/records.ts'
import { optimizerNames, scheduleNames } from '../../src/contract/settings/names.ts'
import { appliesTo, settingKeys, settingOf } from '../../src/contract/settings/table.ts'
import { createReferenceDevice } from '../../src/core/index.ts'
import type { Trace } from '../../src/core/tensor/trace.ts'
import { shownDefault } from '../../src/renderer/components/train/run-fields.ts'
import type { RunPhotos } from '../../src/training/photos.ts'
import { trainingOptions } from '../../src/training/training-options.ts'

const recorded = vi.hoisted(() => ({ calls: [] as unknown[] }))
vi.mock('../../src/core/optim/update.ts', async original => ({
  ...(await original<object>()),
  recordUpdate: (_trace: unknown, kernel: { name: string }, ...rest: unknown[]) =>
    recorded.calls.push([kernel.name, ...rest]),
}))

const device = createReferenceDevice()
const rows = Uint32Array.of(0, 1, 2, 3)
const photos = {
  set: {
    images: new Uint8Array(4 * 192).fill(90),
    labels: Uint32Array.of(0, 1, 0, 1),
    height: 8,
    width: 8,
    channels: 3,
  },
  train: rows,
  validation: rows,
} as unknown as RunPhotos
const base: RunSettings = {
  preset: 'softmax',
  size: 8,
  channels: 3,
  epochs: 3,
  batch: 4,
  rate: 0.01,
  seed: 5,
  augment: false,
}

/** What a run with these settings is trained by, to be compared. */
function trainedBy(settings: RunSettings): unknown {
  const classes = ['a', 'b'].map((name, id) => ({ id, name }))
  const { optimizer, schedule, ...options } = trainingOptions(
    { settings, classes } as unknown as Run,
    photos,
    device,
    {},
  )
  recorded.calls = []
  optimizer!.update({} as Trace)
  const rates = Array.from({ length: 100 }, (_, step) => schedule!(step, 100))
  return { ...options, optimizer: optimizer!.name, update: recorded.calls, rates }
}

/** As the form takes what it shows. */
function valueOf(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true'
  return Number.isNaN(Number(text)) ? text : Number(text)
}

const besides = optimizerNames.flatMap(optimizer => scheduleNames.map(schedule => ({ ...base, optimizer, schedule })))

describe('the default that the form shows', () => {
  it.each(settingKeys.filter(key => !settingOf(key).required))('of %s is what training uses', key => {
    for (const settings of [base, ...besides]) {
      const { [key]: _, ...without } = settings
      const shown = shownDefault({ key }, without as RunSettings)
      if (shown === null || !appliesTo(key, without)) continue
      expect(trainedBy({ ...without, [key]: valueOf(shown) } as RunSettings)).toEqual(trainedBy(without as RunSettings))
    }
  })

  it('is PyTorch’s where an optimizer has one of its own, and the schedule’s', () => {
    const shown = (key: 'momentum' | 'decay' | 'warmUp', change: Partial<RunSettings>) =>
      shownDefault({ key }, { ...base, ...change })
    expect(optimizerNames.map(optimizer => shown('decay', { optimizer }))).toEqual([
      '0',
      '0',
      '0',
      '0',
      '0',
      '0',
      '0.01',
    ])
    expect([shown('momentum', { optimizer: 'rmsprop' }), shown('momentum', { optimizer: 'nesterov' })]).toEqual([
      '0',
      '0.9',
    ])
    expect(scheduleNames.map(schedule => shown('warmUp', { schedule }))).toEqual(['0', '0', '0.05', '0'])
  })
})

it('a setting has both languages, and says why it is refused where it does not always apply', () => {
  for (const key of settingKeys) {
    const { name, help, applies, idle } = settingOf(key)
    expect(
      [key, name.en, name.ko, help.en, help.ko].every(text => text.length > 0),
      key,
    ).toBe(true)
    expect(idle !== undefined, key).toBe(applies !== undefined)
  }
})
