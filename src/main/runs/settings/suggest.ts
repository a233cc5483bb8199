// Sensible settings for a library, each with its reason: what size and kind of net its photos call for, how often to
// show them. The net for photos and how it learns were chosen by measurement (docs/default-preset.md); the rest are
// rules of thumb. All of it is made to be read and changed by a person.

import { readyRecipe } from '../../../contract/augmentation-recipes.ts'
import type { DeviceKind, RunSettings } from '../../../contract/records.ts'
import type { RequestResult } from '../../../contract/table.ts'
import { usualNetSize } from '../../common/net-size.ts'
import type { ReadDb } from '../../db/database.ts'
import { describePreset } from '../../../core/nn/presets.ts'
import { summarise } from '../../../core/nn/summary.ts'
import { trainable } from '../photos.ts'

export type Suggestion = RequestResult<'runs.suggest'>

export interface LibraryFacts {
  /** Photos a run would use. */
  readonly photos: number
  readonly classes: number
  /** Median of the long sides, in pixels; 0 without photos. */
  readonly medianSide: number
  /** Whether every one of these photos is known to be grey. */
  readonly grey: boolean
  /** Whether every one is as wide as it is high. */
  readonly square: boolean
}

/** What decides the settings. One pass over the photos' rows. */
export function readFacts(db: ReadDb): LibraryFacts {
  const { photos, classes, known, grey, square } = db.get<{
    photos: number
    classes: number
    known: number
    grey: number
    square: number
  }>(
    `SELECT count(*) AS photos, count(DISTINCT photo.class_id) AS classes, count(quality.photo_id) AS known, coalesce(sum(quality.grey), 0) AS grey,
            coalesce(sum(width = height), 0) AS square
     FROM photo LEFT JOIN quality ON quality.photo_id = photo.id WHERE ${trainable}`,
  )!
  const medianSide =
    photos === 0
      ? 0
      : (db.value<number>(
          `SELECT max(width, height) FROM photo WHERE ${trainable} ORDER BY max(width, height) LIMIT 1 OFFSET ?`,
          photos >> 1,
        ) ?? 0)
  return {
    photos,
    classes,
    medianSide,
    grey: photos > 0 && known === photos && grey === photos,
    square: square === photos,
  }
}

/** Settings for such a library on such a device, with the reasons in the order of the settings. `cores`: of the
 *  processor, where it computes. */
export function suggestSettings(facts: LibraryFacts, device: DeviceKind = 'gpu', cores = 2): Suggestion {
  if (device !== 'cpu') return forGpu(facts)
  const same = forGpu(facts)
  const seconds = processorSeconds(same.settings, facts, cores)
  return seconds <= patienceFor(facts)
    ? { ...same, reasons: [...same.reasons, timeReason(seconds, cores)] }
    : forProcessor(facts, cores)
}

/** What a person waits for without a GPU: three seconds for five photos, half an hour at most. */
function patienceFor({ photos }: LibraryFacts): number {
  return Math.min(1_800, photos * 0.6)
}

/** Operations a second and core in a training: half of what a step of resnet9 does alone (docs/cpu-device.md). */
const operationsASecond = 20e9

/** Forward and backward pass take six operations for each multiply-add of a forward pass. */
function processorSeconds({ preset, size, channels, epochs }: RunSettings, facts: LibraryFacts, cores: number): number {
  const net = describePreset(preset, {
    height: size,
    width: size,
    channels,
    classes: Array.from({ length: Math.max(2, facts.classes) }, (_, i) => `${i}`),
    normalise: { mean: Array<number>(channels).fill(0), std: Array<number>(channels).fill(1) },
  })
  return (6 * summarise(net).multiplyAdds * facts.photos * epochs) / (cores * operationsASecond)
}

function timeReason(seconds: number, cores: number): Suggestion['reasons'][number] {
  const minutes = Math.max(1, Math.round(seconds / 60))
  return {
    code: 'processor-time',
    text: `Without a GPU this takes about ${minutes} min on ${cores} cores.`,
    values: { minutes, cores },
  }
}

function forGpu(facts: LibraryFacts): Suggestion {
  const { photos, classes, medianSide, grey, square } = facts
  const size = usualNetSize(medianSide)
  const recipe = size < 64 && grey ? forDigits(photos) : forPhotos(photos)
  return {
    settings: { ...recipe, ...fitOf(square), size, channels: grey ? 1 : 3, seed: 1 },
    reasons: [
      presetReason(recipe.preset, classes),
      sizeReason(facts, size),
      ...fitReasons(square),
      colourReason(grey),
      epochsReason(photos, recipe.epochs),
    ],
  }
}

/** Where the net for photos would take too long: a small net on small photos, so that it ends in minutes. */
function forProcessor(facts: LibraryFacts, cores: number): Suggestion {
  const { photos, medianSide, grey, square } = facts
  const digits = grey && medianSide > 0 && medianSide <= 32
  const size = Math.min(32, usualNetSize(medianSide))
  const epochs = digits ? epochsFor(photos, 60_000, 2, 20) : epochsFor(photos, 15_000, 3, 14)
  const preset = digits ? 'simple-conv' : 'photo-convnet'
  const settings = {
    preset,
    epochs,
    batch: batchFor(photos),
    rate: 1e-3,
    augment: !digits,
    ...fitOf(square),
    size,
    channels: grey ? 1 : 3,
    seed: 1,
  } as const
  return {
    settings,
    reasons: [
      {
        code: 'processor',
        text: `${preset} at ${size} pixels: on the processor a small net and small photos, so that training ends in minutes.`,
        values: { preset, size },
      },
      ...fitReasons(square),
      colourReason(grey),
      {
        code: 'epochs-few',
        text: `${epochs} epochs: each photo is shown ${epochs} times. More of them would bring a little more.`,
        values: { epochs, photos },
      },
      timeReason(processorSeconds(settings, facts, cores), cores),
    ],
  }
}

/** Squashed, a long dress looks like a short one. */
function fitOf(square: boolean): Pick<RunSettings, 'fit'> {
  return square ? {} : { fit: 'letterbox' }
}

function fitReasons(square: boolean): Suggestion['reasons'] {
  return square
    ? []
    : [
        {
          code: 'letterbox',
          text: 'Photos keep their shape, between grey bars: squashed to squares they tell less.',
          values: {},
        },
      ]
}

type Recipe = Omit<RunSettings, 'size' | 'channels' | 'seed'>

/** Small grey pictures are digits and letters as a rule: a mirror would make others of them. */
function forDigits(photos: number): Recipe {
  return {
    preset: 'simple-conv',
    epochs: epochsFor(photos, 50_000, 5, 40),
    batch: batchFor(photos),
    rate: 1e-3,
    augment: false,
  }
}

function forPhotos(photos: number): Recipe {
  return {
    preset: 'resnet9',
    epochs: epochsFor(photos, 120_000, 10, 100),
    batch: batchFor(photos),
    rate: 2e-3,
    optimizer: 'adamw',
    decay: 0.05,
    schedule: 'one-cycle',
    labelSmoothing: 0.1,
    average: 0.99,
    augment: true,
    augmentation: readyRecipe('medium', { mirrors: true }),
  }
}

/** So many that about `shown` photos are shown in all. */
function epochsFor(photos: number, shown: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Math.round(shown / Math.max(photos, 1))))
}

function presetReason(preset: string, classes: number): Suggestion['reasons'][number] {
  return preset === 'simple-conv'
    ? {
        code: 'preset-small-grey',
        text: `simple-conv: small grey pictures in ${classes} classes need no larger net.`,
        values: { preset, classes },
      }
    : {
        code: 'preset-photos',
        text: `resnet9: made for photos, learns ${classes} classes from scratch, with random changes of the photos.`,
        values: { preset, classes },
      }
}

function sizeReason({ medianSide }: LibraryFacts, size: number): Suggestion['reasons'][number] {
  return size < 64
    ? {
        code: 'size-of-photos',
        text: `Size ${size}: most photos are no larger than ${medianSide} pixels.`,
        values: { size, medianSide },
      }
    : {
        code: 'size-default',
        text: `Size ${size}: enough to tell most things apart, and quick to train.`,
        values: { size },
      }
}

function colourReason(grey: boolean): Suggestion['reasons'][number] {
  return grey
    ? { code: 'grey', text: 'One channel: every photo is grey.', values: {} }
    : { code: 'colour', text: 'Three channels: the photos have colour.', values: {} }
}

function epochsReason(photos: number, epochs: number): Suggestion['reasons'][number] {
  return {
    code: 'epochs',
    text: `${epochs} epochs: with ${photos} photos each is shown ${epochs} times, which is about where learning levels off.`,
    values: { epochs, photos },
  }
}

/** Small sets need many steps an epoch, large ones full use of the GPU. */
function batchFor(photos: number): number {
  if (photos < 500) return 16
  return photos < 10_000 ? 32 : 128
}
