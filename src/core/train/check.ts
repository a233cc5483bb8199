// Checks what a training is asked to do before anything is allocated. A number that cannot be, a row that does not
// exist or photos of the wrong size are refused by name.

import { checkPhotoSet, checkRows } from '../data/photo-set.ts'
import { CoreError } from '../error.ts'
import { checkModel } from '../nn/model-json.ts'
import type { ModelDescription } from '../nn/description.ts'
import { checkAugmentation } from '../ops/batch/augmentation.ts'
import type { NoteEvent } from './events.ts'
import { hasBatchNorm } from './steps/batch-fitting.ts'
import type { Settings } from './settings.ts'

/** Throws CoreError 'bad-argument', 'bad-data' or 'bad-model' with the first thing that is wrong. */
export function checkSettings(settings: Settings): void {
  const { photos, model, trainRows, validationRows, watchedRows, batchSize } = settings
  checkPhotoSet(photos, model.classes.length)
  checkNormalisation(model)
  checkModel(model)
  if (trainRows.length === 0)
    throw new CoreError(
      'bad-data',
      'There are no photos to learn from.',
      'Label some photos, or put some into the training split.',
    )
  for (const [name, rows] of Object.entries({ trainRows, validationRows, watchedRows }))
    checkSomeRows(name, rows, photos.labels.length)
  checkNumbers(settings)
  checkFrom(settings)
  if (settings.augmentation) checkAugmentation(settings.augmentation)
  if (batchSize < 2 && hasBatchNorm(model.layers)) {
    throw new CoreError(
      'bad-argument',
      `${model.preset} has batch norm, which needs at least two photos at a time, but batchSize is ${batchSize}.`,
      'Take a batch of two or more, or a net without batch norm.',
    )
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
    throw new CoreError(
      'bad-model',
      `The normalisation of ${preset} is mean [${mean.join(', ')}] and deviation [${std.join(', ')}] but photos have ${channels} channels.`,
      'Give one of each a channel.',
    )
  }
  if ([...mean, ...std].every(Number.isFinite) && std.every(value => value > 0)) return
  throw new CoreError(
    'bad-model',
    `The normalisation of ${preset} is mean [${mean.join(', ')}] and deviation [${std.join(', ')}], which are not all numbers above 0.`,
    'Measure it anew with pixelStatistics.',
  )
}

function checkSomeRows(name: string, rows: Uint32Array, count: number): void {
  if (rows.length > count)
    throw new CoreError(
      'bad-data',
      `${name} holds ${rows.length} rows but there are only ${count} photos.`,
      'Give no more rows than there are photos.',
    )
  checkRows(name, rows, count)
}

/** Weights of as many other classes would fit, and be wrong. */
function checkFrom({ from, model }: Settings): void {
  if (!from || from.model.classes.join('\0') === model.classes.join('\0')) return
  throw new CoreError(
    'bad-checkpoint',
    `The checkpoint tells ${from.model.classes.join(', ')} apart but the model ${model.classes.join(', ')}.`,
    'Go on with the same classes in the same order, or begin with these weights (initial).',
  )
}

/** In the words of TrainingOptions. */
function checkNumbers({
  epochs,
  steps,
  batchSize,
  learningRate,
  seed,
  labelSmoothing,
  patience,
  validationSample,
}: Settings): void {
  const atLeast1 = {
    epochs,
    batchSize,
    validationSample,
    ...(steps !== undefined && { steps }),
    ...(patience !== Infinity && { patience }),
  }
  for (const [name, value] of Object.entries(atLeast1)) {
    if (!Number.isInteger(value) || value < 1)
      throw new CoreError('bad-argument', `${name} is ${value}.`, 'Give a whole number of 1 or more.')
  }
  if (!(learningRate >= 0 && learningRate < Infinity))
    throw new CoreError(
      'bad-argument',
      `learningRate is ${learningRate}.`,
      'Give a number of 0 or more, such as 0.001.',
    )
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff)
    throw new CoreError('bad-argument', `The seed is ${seed}.`, 'Give a whole number from 0 to 4294967295.')
  if (!(labelSmoothing >= 0 && labelSmoothing < 1))
    throw new CoreError(
      'bad-argument',
      `labelSmoothing is ${labelSmoothing}.`,
      'Give a number from 0 to below 1, such as 0.1.',
    )
}
