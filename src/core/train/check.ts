// What a training is asked to do, looked at before anything is allocated: whatever is no number, no row or no photo is refused by name.

import { checkPhotoSet } from '../data/photo-set.ts'
import { CoreError } from '../error.ts'
import type { ModelDescription } from '../nn/description.ts'
import type { NoteEvent } from './events.ts'
import { hasBatchNorm } from './fit.ts'
import type { Settings } from './settings.ts'

/** Throws CoreError 'bad-argument', 'bad-data' or 'bad-model' with the first thing that is wrong. */
export function checkSettings(settings: Settings): void {
  const { photos, model, trainRows, validationRows, watchedRows, batch } = settings
  checkPhotoSet(photos, model.classes.length)
  checkNormalisation(model)
  if (trainRows.length === 0) throw new CoreError('bad-data', 'There are no photos to learn from.', 'Label some photos, or put some into the training split.')
  for (const [name, rows] of Object.entries({ trainRows, validationRows, watchedRows })) checkRows(name, rows, photos.labels.length)
  checkNumbers(settings)
  if (batch < 2 && hasBatchNorm(model.layers)) {
    throw new CoreError('bad-argument', `${model.preset} has batch norm, which needs at least two photos at a time, but the batch is ${batch}.`, 'Take a batch of two or more, or a net without batch norm.')
  }
}

/** A note that names the classes of which there is no photo to learn from. */
export function untaughtClasses({ model, photos, trainRows }: Settings): NoteEvent[] {
  const taught = new Set(Array.from(trainRows, row => photos.labels[row]!))
  const untaught = model.classes.filter((_, k) => !taught.has(k))
  if (untaught.length === 0) return []
  const message = `There is no photo to learn from of: ${untaught.join(', ')}. The net cannot learn them.`
  return [{ type: 'note', code: 'untaught-classes', warning: true, step: 0, message }]
}

function checkNormalisation({ preset, input: { channels }, normalise: { mean, std } }: ModelDescription): void {
  if (mean.length !== channels || std.length !== channels) {
    throw new CoreError('bad-model', `The normalisation of ${preset} is mean [${mean.join(', ')}] and deviation [${std.join(', ')}] but photos have ${channels} channels.`, 'Give one of each a channel.')
  }
  if ([...mean, ...std].every(Number.isFinite) && std.every(value => value > 0)) return
  throw new CoreError('bad-model', `The normalisation of ${preset} is mean [${mean.join(', ')}] and deviation [${std.join(', ')}], which are not all numbers above 0.`, 'Measure it anew with pixelStatistics.')
}

function checkRows(name: string, rows: Uint32Array, count: number): void {
  if (rows.length > count) throw new CoreError('bad-data', `${name} holds ${rows.length} rows but there are only ${count} photos.`, 'Give no more rows than there are photos.')
  const wrong = rows.find(row => row >= count)
  if (wrong === undefined) return
  throw new CoreError('bad-data', `${name} holds row ${wrong} but there are only ${count} photos.`, `Give rows from 0 to ${count - 1}.`)
}

/** In the words of TrainingOptions. */
function checkNumbers({ epochs, steps, batch, rate, labelSmoothing, patience, validationSample }: Settings): void {
  const atLeast1 = { epochs, batch, validationSample, ...(steps !== undefined && { steps }), ...(patience !== Infinity && { patience }) }
  for (const [name, value] of Object.entries(atLeast1)) {
    if (!Number.isInteger(value) || value < 1) throw new CoreError('bad-argument', `${name} is ${value}.`, 'Give a whole number of 1 or more.')
  }
  if (!(rate >= 0 && rate < Infinity)) throw new CoreError('bad-argument', `The rate is ${rate}.`, 'Give a number of 0 or more, such as 0.001.')
  if (!(labelSmoothing >= 0 && labelSmoothing < 1)) throw new CoreError('bad-argument', `labelSmoothing is ${labelSmoothing}.`, 'Give a number from 0 to below 1, such as 0.1.')
}
