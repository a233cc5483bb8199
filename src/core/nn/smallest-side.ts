// Finds the smallest photos that a net takes: with smaller ones a pool or a convolution has no pixel left.

import { CoreError } from '../error.ts'
import { describePreset } from './presets.ts'
import { summarise } from './summary.ts'

/** The shortest side of square photos that the preset takes, in pixels; null where even `most` is too short. CoreError
 *  'bad-argument' for a name that is not a preset. */
export function smallestSide(preset: string, channels: number, most: number): number | null {
  for (let side = 1; side <= most; side++) if (fits(preset, channels, side)) return side
  return null
}

/** Whether the preset takes square photos of `side` pixels. */
export function fits(preset: string, channels: number, side: number): boolean {
  try {
    summarise(describePreset(preset, { height: side, width: side, channels, classes: ['any'] }))
    return true
  } catch (error) {
    if (error instanceof CoreError && error.code === 'shape-mismatch') return false
    throw error
  }
}
