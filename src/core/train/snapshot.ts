// A snapshot is all that a training needs to go on: the weights in PyTorch's layout, the optimizer's moments, the
// number of updates and the progress. Random numbers and the order of photos follow from the seed and the step, so they
// are not kept.

import type { ModelDescription, StateDict } from '../nn/description.ts'
import { readStateDict, writeStateDict } from '../nn/state-dict.ts'
import { CoreError } from '../error.ts'
import { lossScaleState } from '../ops/loss-scale.ts'
import { isAverage } from '../optim/ema.ts'
import type { Store } from '../tensor/store.ts'
import type { Score } from './evaluation/score.ts'

/** What a run has come to besides its numbers: the rate that is left, and its best evaluation. */
export interface Progress {
  /** What roll-backs have left of the rate: 1, 1/2, 1/4, ... */
  readonly rateFactor: number
  /** The step at which the optimizer's moments were zero: 0, or later where the run went on from weights alone. */
  readonly momentsFrom: number
  /** The best evaluation so far. */
  readonly best: (Score & { readonly epoch: number }) | null
  /** Stopped within the evaluation of an epoch that is done: whoever goes on begins with it. */
  readonly unmeasured: boolean
}

/** The whole state of a training after a step: `train({ from })` goes on from it bit for bit on the same device,
 *  `encodeSnapshot` makes a file of it. */
export interface Snapshot {
  readonly model: ModelDescription
  readonly state: StateDict
  /** The averaged weights, where the optimizer keeps them: these are for use, `state` is for going on. */
  readonly average?: StateDict
  /** By state name, in core's layout: the optimizer's moments, and averages of running statistics; in half precision
   *  the loss scale. */
  readonly moments: ReadonlyMap<string, Float32Array<ArrayBuffer>>
  /** Updates done since the run began. */
  readonly step: number
  readonly progress: Progress
}

/** The weights to predict with and to export: the averaged ones where the optimizer averages (`withEma`), else those
 *  of the last step. */
export function usableWeights({ state, average }: Pick<Snapshot, 'state' | 'average'>): StateDict {
  return average ?? state
}

/** Everything but the averaged weights, which need the device (weights.ts). */
export async function takeSnapshot(
  store: Store,
  model: ModelDescription,
  moments: readonly string[],
  step: number,
  progress: Progress,
): Promise<Snapshot> {
  const [state, ...held] = await Promise.all([
    readStateDict(store, model),
    ...moments.map(async name => [name, await store.read(name)] as const),
  ])
  return { model, state, moments: new Map(held), step, progress }
}

/** Throws CoreError 'bad-checkpoint' where the snapshot is of another model or optimizer. Without moments the optimizer
 *  starts afresh, unless it averages weights, which after the first step have nothing to begin with; a loss scale is
 *  left out where this training has none, and starts afresh where the snapshot has none. */
export function restoreSnapshot(
  store: Store,
  model: ModelDescription,
  snapshot: Snapshot,
  moments: readonly string[],
): void {
  writeStateDict(store, model, snapshot.state)
  const missing = moments.find(
    name =>
      name !== lossScaleState &&
      !snapshot.moments.has(name) &&
      (snapshot.moments.size > 0 || (isAverage(name) && snapshot.step > 0)),
  )
  if (missing) throw otherOptimizer(`The checkpoint holds no ${missing}.`)
  for (const [name, values] of snapshot.moments) {
    if (name === lossScaleState && !store.has(name)) continue
    const size = store.names().get(name)?.size
    const wrong = values.findIndex(value => !Number.isFinite(value))
    if (wrong >= 0) throw otherOptimizer(`Value ${wrong} of the checkpoint's ${name} is ${values[wrong]}.`)
    if (size !== values.length)
      throw otherOptimizer(
        `The checkpoint's ${name} has ${values.length} values but the model needs ${size ?? 'none'}.`,
      )
    store.write(name, values)
  }
}

function otherOptimizer(message: string): CoreError {
  return new CoreError('bad-checkpoint', message, 'Go on with the optimizer the checkpoint was made with.')
}
