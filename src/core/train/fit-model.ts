// Training in one call, as Keras's `fit`: takes layers or a whole description, pixels as bytes or floats, and answers with
// the history and the best weights. It folds the events of `train`, which it hands on, and has no loop of its own.

import { photoSet, type Photos } from '../data/make-photo-set.ts'
import { pixelStatistics, type PhotoSet } from '../data/photo-set.ts'
import { CoreError } from '../error.ts'
import { refuseOthers } from '../options.ts'
import type { Device } from '../device.ts'
import type { ModelDescription, OwnOps, StateDict } from '../nn/description.ts'
import { flatLayers, type LayerList } from '../nn/layers.ts'
import { summarise } from '../nn/summary.ts'
import { permutation, streams } from '../kernels/philox.ts'
import type { TrainEvent } from './events.ts'
import { HistoryFold, type HistoryEntry } from './fold-history.ts'
import { trainingOptionNames, type TrainingOptions } from './settings.ts'
import { usableWeights, type Snapshot } from './snapshot.ts'
import { train } from './train.ts'

type Given = 'device' | 'model' | 'photos' | 'trainRows' | 'validationRows' | 'epochs'

/** The options of `train` that are left when `fit` has made device, model, photos and rows of its arguments, and its
 *  own. One that `fit` does not have is refused by name. */
export interface FitOptions extends Omit<TrainingOptions, Given> {
  /** Default 10. */
  readonly epochs?: number
  /** What to measure on after each epoch: a share of the photos, drawn by the seed and not learnt from, or photos of
   *  their own. Default 0: nothing is measured, and the last weights count as the best. */
  readonly validation?: number | Photos
  /** Names of the classes in the order of the logits, where layers are given. Default: '0', '1', ... */
  readonly classes?: readonly string[]
  /** What the layers of type 'own' are, where layers are given. */
  readonly ops?: OwnOps
  /** Called with every event of the training, in order. */
  readonly onEvent?: (event: TrainEvent) => void
  /** Stops the training within a submit; what was learnt until then is answered. */
  readonly signal?: AbortSignal
}

/** What `fit` answers: the history, the weights to use with the model they belong to, and what it takes to go on. */
export interface Fit {
  /** One entry an epoch. */
  readonly history: readonly HistoryEntry[]
  /** Of the best epoch by validation, else of the last (also where none was better than the best of `from`); averaged
   *  where the optimizer averages. */
  readonly weights: StateDict
  /** What the weights belong to: `predict`, `encodeOnnx` and `encodeSnapshot` take both. */
  readonly model: ModelDescription
  /** The whole state after the last step, to go on from (`from`). */
  readonly last: Snapshot
  /** stopped: the signal was aborted. */
  readonly state: 'done' | 'stopped'
}

/** Trains `net` on `photos`. Layers become a model whose input is the photos' size, normalised by the mean and deviation
 *  of the photos learnt from. Throws CoreError as `photoSet` and `train` do, and 'bad-model' where the layers do not end
 *  in [F]. */
export async function fit(
  device: Device,
  net: ModelDescription | LayerList,
  photos: Photos,
  options: FitOptions = {},
): Promise<Fit> {
  checkFitOptions(options)
  const { epochs = 10, validation = 0, classes, ops, onEvent, signal, ...rest } = options
  const split = splitPhotos(photos, validation, rest.seed)
  const model = 'layers' in net ? net : modelOf(net, split, { classes, ops })
  const fold = new HistoryFold(rest.from?.step)
  const kept: { best?: Snapshot; last?: Snapshot; state: Fit['state'] } = { state: 'done' }
  for await (const event of train({ ...rest, ...split, device, model, epochs }, signal)) {
    fold.add(event)
    if (event.type === 'checkpoint') kept[event.kind] = event.snapshot
    if (event.type === 'ended') kept.state = event.state
    onEvent?.(event)
  }
  const { best, last = rest.from, state } = kept
  if (!last) throw new CoreError('bad-argument', 'The training was stopped before it began.', 'Stop it later.')
  return { history: fold.entries, weights: usableWeights(best ?? last), model, last, state }
}

/** Throws CoreError 'bad-argument' naming the first option that `fit` does not have. */
function checkFitOptions(options: FitOptions): void {
  const made: readonly string[] = ['device', 'model', 'photos', 'trainRows', 'validationRows']
  const known = [...trainingOptionNames.filter(name => !made.includes(name)), ...ownOptions]
  refuseOthers('fit', options, known)
}

const ownOptions: readonly (keyof FitOptions)[] = ['validation', 'classes', 'ops', 'onEvent', 'signal']

type Split = Pick<TrainingOptions, 'photos' | 'trainRows' | 'validationRows'>

function splitPhotos(photos: Photos, validation: number | Photos, seed = 1): Split {
  const set = photoSet(photos)
  const count = set.labels.length
  if (typeof validation !== 'number') return joined(set, photoSet(validation))
  if (!(validation >= 0 && validation < 1)) {
    throw new CoreError(
      'bad-argument',
      `validation is ${validation}.`,
      'Give a share from 0 to below 1, such as 0.2, or photos to measure on.',
    )
  }
  const order = permutation(count, seed, streams.shuffle, splitEpoch)
  const measured = Math.floor(count * validation)
  return { photos: set, validationRows: order.slice(0, measured).sort(), trainRows: order.slice(measured).sort() }
}

/** The permutation of an epoch that no run reaches draws the split. */
const splitEpoch = 0xffffffff

function joined(learnt: PhotoSet, measured: PhotoSet): Split {
  const size = ({ height, width, channels }: PhotoSet) => `${height} x ${width} x ${channels}`
  if (size(learnt) !== size(measured)) {
    throw new CoreError(
      'bad-data',
      `The photos to learn from are ${size(learnt)} but those to measure on are ${size(measured)}.`,
      'Give all of them in one size.',
    )
  }
  const images = new Uint8Array(learnt.images.length + measured.images.length)
  images.set(learnt.images)
  images.set(measured.images, learnt.images.length)
  const count = learnt.labels.length
  const labels = new Uint32Array(count + measured.labels.length)
  labels.set(learnt.labels)
  labels.set(measured.labels, count)
  const rows = labels.map((_, row) => row)
  return { photos: { ...learnt, images, labels }, trainRows: rows.slice(0, count), validationRows: rows.slice(count) }
}

function modelOf(
  net: LayerList,
  { photos, trainRows }: Split,
  { classes, ops }: Pick<FitOptions, 'classes' | 'ops'>,
): ModelDescription {
  const { height, width, channels } = photos
  const described = {
    format: 'winnow-model',
    version: 1,
    preset: 'own layers',
    input: { height, width, channels },
    normalise: pixelStatistics(photos, trainRows),
    layers: flatLayers(net),
    ...(ops && { ops }),
  } as const
  const outputs = summarise({ ...described, classes: classes ?? [] }).layers.at(-1)?.shape ?? []
  const wanted = classes ? `[${classes.length}], one logit a class` : 'a row of logits, one a class'
  if (outputs.length !== 1 || (classes && classes.length !== outputs[0])) {
    throw new CoreError(
      'bad-model',
      `The layers make [${outputs.join(', ')}] of a photo and not ${wanted}.`,
      'End with a dense layer of one unit a class.',
    )
  }
  return { ...described, classes: classes ?? Array.from({ length: outputs[0]! }, (_, k) => String(k)) }
}
