// About how long a run will take, before it begins: the multiplications of all its steps over how many a second the
// device did in earlier runs of this library. Where it never ran here, a guess for its kind stands in, and the answer
// says so.

import type { RunSettings, SplitName } from '../../../contract/records.ts'
import type { RequestParams, RequestResult } from '../../../contract/table.ts'
import type { ReadDb } from '../../db/database.ts'
import { describeModel } from '../../../core/nn/feature-head.ts'
import { summarise } from '../../../core/nn/summary.ts'
import { photosForRun } from '../../library/photos/splits.ts'
import { listRuns } from '../rows.ts'

type EstimatedDevice = RequestParams<'runs.estimate'>['device']

/** Multiply-adds a second while training, with evaluation, reading and writing in them. Low, so that the surprise is a
 *  pleasant one. */
const guesses: Readonly<Record<EstimatedDevice['kind'], number>> = { gpu: 2e11, software: 4e9, cpu: 6e9 }
/** A run shorter than this was mostly starting up. */
const leastSeconds = 3
/** A net of less than this share of the work a photo spent its time on other things, and tells nothing of this one. */
const leastShare = 0.1
const perPhotoMs = 0.02

export function estimateRun(
  db: ReadDb,
  settings: RunSettings,
  device: EstimatedDevice,
): RequestResult<'runs.estimate'> {
  const splits = photosForRun(db).map(photo => photo.split)
  const count = (wanted: SplitName) => splits.filter(split => split === wanted).length
  const classes = db.value<number>('SELECT count(DISTINCT class_id) FROM photo WHERE class_id IS NOT NULL')!
  const rates = earlierRates(db, device.name, leastShare * perPhoto(settings, classes))
  const work = workOf(settings, classes, {
    learnt: learntPhotos(settings, count('train')),
    looked: settings.epochs * count('validation'),
  })
  const seconds = work / (rates[rates.length >> 1] ?? guesses[device.kind]) + (splits.length * perPhotoMs) / 1000
  return { seconds, measured: rates.length > 0 }
}

/** Multiply-adds a second of the newest five runs on the device that took long enough to tell, with nets of at least so
 *  much work a photo, by size. */
function earlierRates(db: ReadDb, adapter: string, leastWork: number): number[] {
  const told = listRuns(db).filter(
    ({ summary, settings, classes }) =>
      summary !== null &&
      summary.seconds >= leastSeconds &&
      summary.adapter === adapter &&
      perPhoto(settings, classes.length) >= leastWork,
  )
  return told
    .slice(0, 5)
    .map(({ settings, classes, photos, summary }) => {
      const seen = { learnt: summary!.steps * settings.batch, looked: summary!.epochs * photos.validation }
      return workOf(settings, classes.length, seen) / summary!.seconds
    })
    .sort((a, b) => a - b)
}

function learntPhotos({ epochs, iterations, batch, trainShare = 1 }: RunSettings, train: number): number {
  return iterations === undefined ? epochs * train * trainShare : iterations * batch
}

/** Multiply-adds of a run: forward, and twice that backward, of every photo learnt from; forward of those looked at. */
function workOf(
  settings: RunSettings,
  classes: number,
  { learnt, looked }: { readonly learnt: number; readonly looked: number },
): number {
  return perPhoto(settings, classes) * (3 * learnt + looked)
}

function perPhoto(settings: RunSettings, classes: number): number {
  const { size, channels } = settings
  const names = Array.from({ length: Math.max(2, classes) }, (_, k) => String(k))
  return summarise(describeModel(settings, { height: size, width: size, channels, classes: names })).multiplyAdds
}
