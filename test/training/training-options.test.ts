// From settings to core's options: each setting arrives, and what is left out is as before.

import { describe, expect, it } from 'vitest'
import { readyRecipe } from '../../src/contract/augmentation-recipes.ts'
import type { Run, RunSettings } from '../../src/contract/records.ts'
import { createReferenceDevice } from '../../src/core/index.ts'
import { balancedWeights } from '../../src/training/class-weights.ts'
import type { RunPhotos } from '../../src/training/photos.ts'
import { optimizerOf, scheduleOf, trainingOptions } from '../../src/training/training-options.ts'

const settings: RunSettings = {
  preset: 'softmax',
  size: 8,
  channels: 3,
  epochs: 3,
  batch: 4,
  rate: 0.01,
  seed: 5,
  augment: false,
}

describe('the net', () => {
  it.each<[string, Partial<RunSettings>, true | undefined]>([
    ['photos as they are', {}, undefined],
    ['photos that are mirrored', { augment: true, augmentation: readyRecipe('medium', { mirrors: true }) }, true],
    ['changes without a mirror', { augment: true, augmentation: readyRecipe('medium', { mirrors: false }) }, undefined],
    ['the usual changes', { augment: true }, true],
  ])('learns from %s, and is asked about mirror images accordingly', (_name, change, mirrored) => {
    const [images, rows] = [Uint8Array.from({ length: 4 * 192 }, (_, i) => i % 250), Uint32Array.of(0, 1, 2, 3)]
    const photos: Partial<RunPhotos> = {
      set: { images, labels: Uint32Array.of(0, 1, 0, 1), height: 8, width: 8, channels: 3 },
      train: rows,
      validation: rows,
    }
    const run = {
      settings: { ...settings, ...change },
      classes: [
        { id: 1, name: 'a' },
        { id: 2, name: 'b' },
      ],
    } as unknown as Run
    expect(trainingOptions(run, photos as RunPhotos, createReferenceDevice(), {}).model.mirrored).toBe(mirrored)
  })
})

describe('the optimizer', () => {
  it.each<[RunSettings['optimizer'], string]>([
    [undefined, 'adam'],
    ['sgd', 'sgd'],
    ['momentum', 'sgd'],
    ['nesterov', 'sgd'],
    ['adagrad', 'adagrad'],
    ['rmsprop', 'rmsprop'],
    ['adam', 'adam'],
    ['adamw', 'adamw'],
  ])('%s is %s', (optimizer, name) => {
    expect(optimizerOf({ ...settings, optimizer }).name).toBe(name)
  })

  it('keeps averaged weights only where they are asked for', () => {
    expect(optimizerOf(settings).averages).toBeUndefined()
    expect(optimizerOf({ ...settings, average: 0.99 }).averages).toBe(true)
  })
})

describe('the schedule', () => {
  const rates = (change: Partial<RunSettings>) =>
    [0, 2, 50, 99].map(step => Number(scheduleOf({ ...settings, ...change })(step, 100).toFixed(4)))

  it.each<[Partial<RunSettings>, number[]]>([
    [{}, [0.2, 0.6, 0.5459, 0.0103]],
    [{ floor: 0.5, warmUp: 0 }, [1, 0.9995, 0.75, 0.5001]],
    [{ schedule: 'constant' }, [1, 1, 1, 1]],
    [{ schedule: 'constant', warmUp: 0.04 }, [0.25, 0.75, 1, 1]],
    [{ schedule: 'step', stepEvery: 0.4, stepFactor: 0.5 }, [1, 1, 0.5, 0.25]],
    [{ schedule: 'one-cycle' }, [0.04, 0.0512, 0.7939, 0]],
  ])('%j', (change, expected) => {
    expect(rates(change)).toEqual(expected)
  })
})

it('classes weigh as much as they are rare, and photos 1 on average', () => {
  const set = { images: new Uint8Array(), labels: Uint32Array.of(0, 0, 0, 1, 2, 2), height: 0, width: 0, channels: 3 }
  const weights = balancedWeights({ set, train: Uint32Array.of(0, 1, 2, 3, 4, 5) }, 4)
  expect(weights).toEqual([6 / 12, 6 / 4, 6 / 8, 0])
})
