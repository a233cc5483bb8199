// One recipe and one draw: what the batch kernel makes of a photo while training is what the decode processes make
// ahead and show in the preview.

import { describe, expect, it } from 'vitest'
import { AugmentationRecipe, isAhead, type AugmentationStep } from '../../src/contract/augmentation.ts'
import { readyRecipe, recipeStrengths } from '../../src/contract/augmentation-recipes.ts'
import type { RunSettings } from '../../src/contract/records.ts'
import { createReferenceDevice } from '../../src/core/index.ts'
import { zeroStep } from '../../src/core/kernels/step.ts'
import { gatherBatch } from '../../src/core/ops/batch/gather-batch.ts'
import { compile } from '../../src/core/tensor/plan.ts'
import { Store } from '../../src/core/tensor/store.ts'
import { Trace } from '../../src/core/tensor/trace.ts'
import { augment } from '../../src/main/pixels/augment/augment.ts'
import { drawAugmentation } from '../../src/main/pixels/augment/augment-draw.ts'
import { augmentationOf, liveChanges } from '../../src/training/augmentation.ts'
import { copy } from '../core/ops/harness.ts'
import { pattern } from '../main/pixels/patterns.ts'

const [width, height] = [40, 28]
const photo = pattern('busy', width, height)
const [seed, number] = [9, 0xdeadbeef]

/** Values 0..255 of one photo as a training step of this epoch sees it. */
async function live(recipe: AugmentationRecipe, epoch: number): Promise<number[]> {
  const trace = new Trace({ training: true })
  const images = trace.state('images', [1, height, width, 3], 'u8', values => values.set(photo.data))
  const [order, classes] = [trace.state('order', [1], 'u32'), trace.state('classes', [1], 'u32')]
  const numbers = trace.state('numbers', [1], 'u32', values => values.set([number]))
  const { x } = gatherBatch(images, order, classes, {
    batch: 1,
    mean: [0, 0, 0],
    std: [1, 1, 1],
    augmentation: { changes: liveChanges(recipe), numbers },
  })
  copy(x, trace.state('x', x.shape, 'f32'))
  const store = new Store(createReferenceDevice(), 1)
  const plan = await compile(createReferenceDevice(), trace, store)
  plan.run({ ...zeroStep, seed, epoch, batchCount: 1 })
  return [...(await store.read('x'))].map(value => value * 255)
}

async function ahead(recipe: AugmentationRecipe, variant: number): Promise<Uint8Array> {
  return (await augment(photo, drawAugmentation(recipe, { seed, photo: number, variant }), width, height)).data
}

const whole: readonly AugmentationStep[] = [
  { kind: 'flip', probability: 0.5, axis: 'horizontal' },
  { kind: 'flip', probability: 0.5, axis: 'vertical' },
  { kind: 'rotate', probability: 0.7, degrees: [-60, 60] },
  { kind: 'shift', probability: 0.7, fraction: [-0.3, 0.3] },
  { kind: 'scale', probability: 0.7, factor: [0.6, 1.8] },
  { kind: 'crop', probability: 0.7, area: [0.3, 1] },
  { kind: 'brightness', probability: 0.7, factor: [0.6, 1.4] },
  { kind: 'contrast', probability: 0.7, factor: [0.6, 1.6] },
  { kind: 'saturation', probability: 0.7, factor: [0, 2] },
  { kind: 'hue', probability: 0.7, degrees: [-120, 120] },
  { kind: 'noise', probability: 0.7, sigma: [0, 0.1] },
  { kind: 'cutout', probability: 0.7, side: [0.1, 0.5] },
]
const recipe = (steps: readonly AugmentationStep[]) =>
  AugmentationRecipe.parse({ format: 'winnow-augmentation', version: 1, steps })

describe('the batch kernel and the decode processes', () => {
  it.each<[string, AugmentationRecipe]>([
    ...whole.map((step): [string, AugmentationRecipe] => [`${step.kind} alone`, recipe([{ ...step, probability: 1 }])]),
    ['light', readyRecipe('light', { mirrors: true })],
    ['medium', readyRecipe('medium', { mirrors: true })],
    ['everything', recipe(whole)],
  ])('draw and do the same: %s', async (_, recipe) => {
    for (let variant = 0; variant < 4; variant++) {
      const [now, before] = [await live(recipe, variant), await ahead(recipe, variant)]
      const apart = now.map((value, i) => Math.abs(value - before[i]!))
      // Ahead, each step rounds to bytes; strong contrast makes more of that.
      expect(Math.max(...apart)).toBeLessThan(6)
      expect(apart.reduce((sum, value) => sum + value, 0) / apart.length).toBeLessThan(0.75)
    }
  })
})

describe('settings', () => {
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

  it('say what changes: nothing, the light recipe, a recipe of their own, mixing', () => {
    expect(augmentationOf(settings)).toBeUndefined()
    expect(augmentationOf({ ...settings, augment: true })).toEqual({
      flip: { probability: 0.5 },
      shift: { probability: 0.8, range: [-0.0625, 0.0625] },
    })
    expect(augmentationOf({ ...settings, augmentation: recipe(whole) })).toBeUndefined()
    expect(augmentationOf({ ...settings, augment: true, augmentation: recipe(whole), cutmix: true })).toMatchObject({
      'flip-vertical': { probability: 0.5 },
      hue: { range: [-120, 120] },
      cutmix: true,
    })
    expect(augmentationOf({ ...settings, mixup: 0.3 })).toEqual({ mixup: 0.3 })
  })

  it('leave to the batch kernel what it can do, which the ready recipes keep to', () => {
    const ahead: AugmentationStep[] = [
      { kind: 'blur', probability: 1, sigma: [0, 0.1] },
      { kind: 'jpeg', probability: 1, quality: [10, 90] },
    ]
    expect(Object.keys(liveChanges(recipe([...ahead, whole[2]!])))).toEqual(['rotate'])
    for (const strength of recipeStrengths)
      expect(readyRecipe(strength, { mirrors: true }).steps.some(isAhead)).toBe(false)
  })
})
