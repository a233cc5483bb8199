// Sensible settings for a library, each with its reason: what size and kind of net its photos call for, how often to show them.
// Rules of thumb, made to be read and changed by a person; nothing here is measured on the machine.

import type { RequestResult } from '../../contract/table.ts'
import type { ReadDb } from '../db/database.ts'
import { trainable } from './photos.ts'

export type Suggestion = RequestResult<'runs.suggest'>

export interface LibraryFacts {
  /** Photos a run would use. */
  readonly photos: number
  readonly classes: number
  /** Median of the long sides, in pixels; 0 without photos. */
  readonly medianSide: number
  /** Whether every one of these photos is known to be grey. */
  readonly grey: boolean
}

/** What decides the settings. One pass over the photos' rows. */
export function readFacts(db: ReadDb): LibraryFacts {
  const { photos, classes, known, grey } = db.get<{ photos: number; classes: number; known: number; grey: number }>(
    `SELECT count(*) AS photos, count(DISTINCT photo.class_id) AS classes, count(quality.photo_id) AS known, coalesce(sum(quality.grey), 0) AS grey
     FROM photo LEFT JOIN quality ON quality.photo_id = photo.id WHERE ${trainable}`)!
  const medianSide = photos === 0 ? 0 : db.value<number>(
    `SELECT max(width, height) FROM photo WHERE ${trainable} ORDER BY max(width, height) LIMIT 1 OFFSET ?`, photos >> 1) ?? 0
  return { photos, classes, medianSide, grey: photos > 0 && known === photos && grey === photos }
}

/** Settings for such a library, with the reasons in the order of the settings. */
export function suggestSettings(facts: LibraryFacts): Suggestion {
  const { photos, classes, medianSide, grey } = facts
  const small = medianSide > 0 && medianSide <= 32
  const digits = small && grey
  const size = small ? Math.max(8, Math.ceil(medianSide / 4) * 4) : 64
  const epochs = Math.min(40, Math.max(digits ? 5 : 10, Math.round(50_000 / Math.max(photos, 1))))
  return {
    settings: {
      preset: digits ? 'simple-conv' : 'photo-convnet', size, channels: grey ? 1 : 3, epochs, batch: batchFor(photos), rate: 1e-3, seed: 1, augment: !digits,
    },
    reasons: [
      presetReason(digits, classes),
      small
        ? { code: 'size-of-photos', text: `Size ${size}: most photos are no larger than ${medianSide} pixels.`, values: { size, medianSide } }
        : { code: 'size-default', text: `Size ${size}: enough to tell most things apart, and quick to train.`, values: { size } },
      grey
        ? { code: 'grey', text: 'One channel: every photo is grey.', values: {} }
        : { code: 'colour', text: 'Three channels: the photos have colour.', values: {} },
      epochsReason(photos, epochs),
    ],
  }
}

function presetReason(digits: boolean, classes: number): Suggestion['reasons'][number] {
  return digits
    ? { code: 'preset-small-grey', text: `simple-conv: small grey pictures in ${classes} classes need no larger net.`, values: { preset: 'simple-conv', classes } }
    : { code: 'preset-photos', text: `photo-convnet: made for photos, learns ${classes} classes from scratch.`, values: { preset: 'photo-convnet', classes } }
}

function epochsReason(photos: number, epochs: number): Suggestion['reasons'][number] {
  return {
    code: 'epochs', text: `${epochs} epochs: with ${photos} photos each is shown ${epochs} times, which is about where learning levels off.`,
    values: { epochs, photos },
  }
}

/** Small sets need many steps an epoch, large ones full use of the GPU. */
function batchFor(photos: number): number {
  if (photos < 500) return 16
  if (photos < 2000) return 32
  return photos < 20_000 ? 64 : 128
}
