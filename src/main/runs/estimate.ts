// About how long a run will take, before it begins: the multiplications of all its steps over how many a second the device did in earlier
// runs of this library. Where it never ran here, a guess for its kind stands in, and the answer says so.

import type { Run, RunSettings } from '../../contract/records.ts'
import type { RequestParams, RequestResult } from '../../contract/table.ts'
import type { ReadDb } from '../db/database.ts'
import { describePreset } from '../../core/nn/presets.ts'
import { summarise } from '../../core/nn/summary.ts'
import { photosForRun } from '../library/splits.ts'
import { listRuns } from './rows.ts'

type EstimatedDevice = RequestParams<'runs.estimate'>['device']

/** Multiply-adds a second while training, with evaluation, reading and writing in them. Low, so that the surprise is a pleasant one. */
const guesses: Readonly<Record<EstimatedDevice['kind'], number>> = { gpu: 2e11, software: 1.2e10, cpu: 6e8 }
/** A run shorter than this was mostly starting up. */
const leastSeconds = 3
const perPhotoMs = 0.02

export function estimateRun(db: ReadDb, settings: RunSettings, device: EstimatedDevice): RequestResult<'runs.estimate'> {
  const splits = photosForRun(db).map(photo => photo.split)
  const photos = { train: splits.filter(split => split === 'train').length, validation: splits.filter(split => split === 'validation').length, test: 0 }
  const classes = db.value<number>('SELECT count(DISTINCT class_id) FROM photo WHERE class_id IS NOT NULL')!
  const earlier = listRuns(db).filter(run => run.summary !== null && run.summary.seconds >= leastSeconds && run.summary.adapter === device.name)
  const rates = earlier.slice(0, 5).map(run => workOf(run.settings, run.photos, run.classes.length, run.summary!.epochs) / run.summary!.seconds).sort((a, b) => a - b)
  const rate = rates[rates.length >> 1] ?? guesses[device.kind]
  const seconds = workOf(settings, photos, classes, settings.epochs) / rate + (splits.length * perPhotoMs) / 1000
  return { seconds, measured: rates.length > 0 }
}

/** Multiply-adds of a run: forward, and twice that backward, of every training photo; forward of the validation photos. */
function workOf({ preset, size, channels }: RunSettings, photos: Run['photos'], classes: number, epochs: number): number {
  const names = Array.from({ length: Math.max(2, classes) }, (_, k) => String(k))
  const { multiplyAdds } = summarise(describePreset(preset, { height: size, width: size, channels, classes: names }))
  return multiplyAdds * epochs * (3 * photos.train + photos.validation)
}
