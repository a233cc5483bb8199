// The form of a run's settings: it names every net and holds to the contract's bounds, keeps the usual value where
// nothing is said, and leaves out what would have no effect.

import { describe, expect, it } from 'vitest'
import { RunSettings } from '../../../src/contract/records.ts'
import { readyRecipe } from '../../../src/contract/augmentation-recipes.ts'
import { presets } from '../../../src/contract/settings/names.ts'
import { presetNames } from '../../../src/core/nn/presets.ts'
import { ofRun, recipeName, recipeOf } from '../../../src/renderer/components/train/recipe-choice.ts'
import { fieldGroups, mistypedOf, readNumber, withSetting } from '../../../src/renderer/components/train/run-fields.ts'
import type { NumberField } from '../../../src/renderer/components/train/run-fields.ts'
import { en } from '../../../src/renderer/i18n/index.ts'

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
const fields = fieldGroups.flatMap(group => group.fields)
const numbers = fields.filter((field): field is NumberField => field.kind === 'number')

describe('the fields', () => {
  it('name every net of core', () => {
    expect([...presets].sort()).toEqual(presetNames().sort())
  })

  it.each(numbers.map(field => [field.key, field] as const))(
    '%s takes what the contract takes, as it is, and refuses the rest',
    (key, field) => {
      for (const text of ['-5', '0', '0.37', '1', '7', '1e12']) {
        const read = readNumber(field, text)
        const { success } = RunSettings.shape[key].safeParse(Number(text))
        expect([text, 'value' in read]).toEqual([text, success])
        if ('value' in read) expect(read.value, 'as it was typed').toBe(Number(text))
      }
    },
  )

  it('have a name in the catalogue', () => {
    for (const { key } of fields) expect(en.train).toHaveProperty(key)
  })

  it('give nothing for an empty optional number, and say why another is none', () => {
    const field = (key: string) => numbers.find(entry => entry.key === key)!
    expect(readNumber(field('patience'), ' ')).toEqual({ value: null })
    expect(['', 'many', '7.6', '0', '10001'].map(text => readNumber(field('epochs'), text))).toEqual(
      ['missing', 'noNumber', 'notWhole', 'outside', 'outside'].map(problem => ({ problem })),
    )
    expect(['0', '11'].map(text => readNumber(field('rate'), text))).toEqual([
      { problem: 'tooLow' },
      { problem: 'tooLow' },
    ])
  })
})

describe('what is mistyped', () => {
  it('counts while its field is shown', () => {
    const wrong = { momentum: { text: '2', problem: 'outside' }, epochs: { text: '', problem: 'missing' } } as const
    const keys = (beside: RunSettings) => mistypedOf(wrong, beside).map(([{ key }]) => key)
    expect(keys(settings)).toEqual(['epochs'])
    expect(keys({ ...settings, optimizer: 'nesterov' })).toEqual(['epochs', 'momentum'])
  })
})

describe('a change', () => {
  it('takes out what then has no effect', () => {
    const momentum = withSetting(withSetting(settings, 'optimizer', 'nesterov'), 'momentum', 0.8)
    expect(momentum).toEqual({ ...settings, optimizer: 'nesterov', momentum: 0.8 })
    expect(withSetting(momentum, 'optimizer', 'adam')).toEqual({ ...settings, optimizer: 'adam' })
    expect(withSetting(withSetting(settings, 'floor', 0.1), 'schedule', 'one-cycle')).toEqual({
      ...settings,
      schedule: 'one-cycle',
    })
    expect(withSetting({ ...settings, fromRunId: 3, freeze: 'backbone' }, 'fromRunId', null)).toEqual(settings)
  })

  it('back to the usual leaves the setting out', () => {
    expect(withSetting({ ...settings, classWeights: 'balanced' }, 'classWeights', null)).toEqual(settings)
  })
})

describe('an augmentation', () => {
  it('is known by its name, also as a run has it', () => {
    const strong = ofRun(readyRecipe('strong', { mirrors: true }))
    expect(strong.steps.map(step => step.kind)).not.toContain('jpeg')
    expect(
      [
        settings,
        { ...settings, augment: false },
        { ...settings, augmentation: strong },
        { ...settings, augmentation: readyRecipe('light', { mirrors: false }) },
      ].map(recipeName),
    ).toEqual(['light', 'none', 'strong', 'own'])
    expect(recipeOf(settings).steps.map(step => step.kind)).toEqual(['flip', 'shift'])
    expect(recipeOf({ ...settings, augmentation: strong })).toBe(strong)
  })
})
