// How a whole net goes on learning from a backbone: the settings that were measured (docs/backbones.md). Nets without batch
// norms learn at a third of the rate, with their gradients clipped.

import { readyRecipe } from '../../contract/augmentation-recipes.ts'
import type { RunSettings } from '../../contract/records.ts'

/** Settings of a run that begins with the backbone of this name; what a person says goes before them. */
export function fineTuning(preset: string, name: string): RunSettings {
  const folded = preset === 'mobilenet-v2-folded'
  return {
    preset,
    head: 'features',
    size: 128,
    channels: 3,
    fit: 'letterbox',
    epochs: 6,
    batch: 32,
    rate: folded ? 3e-4 : 1e-3,
    optimizer: 'adamw',
    decay: 0.05,
    schedule: 'one-cycle',
    labelSmoothing: 0.1,
    augment: true,
    augmentation: readyRecipe('light', { mirrors: true }),
    seed: 1,
    fromFile: name,
    ...(folded && { clip: 1 }),
  }
}
