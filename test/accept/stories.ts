// The stories of `npm run accept` by name: the usual ones, and those that take an hour and more without a fast GPU.

import { blur } from './blur.ts'
import { clothing, clothingWithBadFiles } from './clothing.ts'
import { clothingNoise, correctedNoise, mnistNoise } from './label-noise.ts'
import { deepConvnet, mnist } from './mnist.ts'
import { defaultPreset, threeClasses } from './presets.ts'
import { durability } from './durability.ts'
import { exportedModel } from './exported.ts'
import { fineTuned, labelsBeforeTraining, quickModels } from './backbones.ts'
import { labelErrors } from './label-errors.ts'
import { sideBySide } from './side-by-side.ts'
import { transfer } from './transfer.ts'
import { unlabelled } from './unlabelled.ts'

export const usual = {
  blur,
  mnist,
  clothing,
  'bad-files': clothingWithBadFiles,
  exported: exportedModel,
  default: defaultPreset,
  'three-classes': threeClasses,
  transfer,
  'side-by-side': sideBySide,
  'label-errors': labelErrors,
  'mnist-noise': mnistNoise,
  corrected: correctedNoise,
  durability,
  'quick-models': quickModels,
  'labels-before-training': labelsBeforeTraining,
  unlabelled,
}
export const long = { 'deep-convnet': deepConvnet, 'clothing-noise': clothingNoise, 'fine-tuned': fineTuned }
export const stories = { ...usual, ...long }
