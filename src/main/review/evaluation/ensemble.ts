// Several runs as one: the mean of their probabilities on the photos that all of them hold in the same split, evaluated
// by the labels of the last run.

import { ServiceError } from '../../../contract/errors.ts'
import type { Ensemble, Run, SplitName } from '../../../contract/records.ts'
import { meanProbabilities } from '../../../core/train/evaluation/ensemble.ts'
import type { LibraryContext } from '../../library/context.ts'
import { largestIndex, readPredictions } from '../../runs/files/predictions.ts'
import { getRun, readRows, splitNumbers } from '../../runs/rows.ts'
import { wilson } from './metrics.ts'

/** ServiceError 'other-classes' where the runs tell different classes apart, 'no-common-photos', 'no-predictions',
 *  'no-run'. */
export async function evaluateEnsemble(
  context: LibraryContext,
  runIds: readonly number[],
  split: SplitName,
): Promise<Ensemble> {
  const runs = runIds.map(runId => getRun(context.library.db, runId))
  checkClasses(runs)
  const photos = commonPhotos(context, runs, split)
  const members = await Promise.all(
    runs.map(async run => ({ run, probabilities: await probabilitiesOf(context, run, photos) })),
  )
  const classes = runs[0]!.classes.length
  const labels = [...photos.values()]
  const right = (probabilities: Float32Array) =>
    labels.filter((label, i) => largestIndex(probabilities.subarray(i * classes, (i + 1) * classes)) === label).length
  const together = meanProbabilities(members.map(({ probabilities }) => probabilities))
  return {
    split,
    photos: labels.length,
    accuracy: wilson(right(together), labels.length),
    runs: members.map(({ run, probabilities }) => ({
      runId: run.id,
      name: run.name,
      accuracy: wilson(right(probabilities), labels.length),
    })),
  }
}

function checkClasses(runs: readonly Run[]): void {
  const namesOf = ({ classes }: Run) => classes.map(({ id }) => id).join()
  const other = runs.find(run => namesOf(run) !== namesOf(runs[0]!))
  if (!other) return
  throw new ServiceError(
    'other-classes',
    `${runs[0]!.name} tells ${runs[0]!.classes.length} classes apart and ${other.name} ${other.classes.length} others, so their answers cannot be averaged.`,
    'Choose runs of the same classes.',
  )
}

/** Photo ids with their label in the last run, of photos that every run holds in this split. */
function commonPhotos(
  { library: { db } }: LibraryContext,
  runs: readonly Run[],
  split: SplitName,
): ReadonlyMap<number, number> {
  const held = runs.map(
    run =>
      new Map(
        readRows(db, run.id)
          .filter(row => row.split === splitNumbers[split])
          .map(({ photoId, label }) => [photoId, label]),
      ),
  )
  const photos = new Map([...held.at(-1)!].filter(([photoId]) => held.every(own => own.has(photoId))))
  if (photos.size > 0) return photos
  throw new ServiceError(
    'no-common-photos',
    `${runs.map(({ name }) => name).join(', ')} have no ${split} photos in common.`,
    'Choose another split, or runs of the same photos.',
  )
}

/** [photos, classes], in the order of `photos`. */
async function probabilitiesOf(
  context: LibraryContext,
  run: Run,
  photos: ReadonlyMap<number, number>,
): Promise<Float32Array> {
  const { probabilities, classes } = await readPredictions(context, run.id)
  const rowOf = new Map(readRows(context.library.db, run.id).map(({ photoId }, row) => [photoId, row]))
  const own = new Float32Array(photos.size * classes)
  ;[...photos.keys()].forEach((photoId, i) => {
    const row = rowOf.get(photoId)!
    own.set(probabilities.subarray(row * classes, (row + 1) * classes), i * classes)
  })
  return own
}
