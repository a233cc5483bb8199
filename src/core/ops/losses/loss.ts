// A loss: what a training makes smaller. It records its kernels after the logits and leaves the gradient of the logits on
// the tape. `lossOf` makes one of a kernel that knows a photo's logits and goals alone; labels, smoothing, mixed photos,
// class weights, metrics and margins are the same for all.

import { CoreError } from '../../error.ts'
import { float } from '../../kernels/kernel.ts'
import { lossGoals, lossMetrics } from '../../kernels/losses/loss-frame.ts'
import { shapeText } from '../../tensor/shape.ts'
import type { Tensor, Trace } from '../../tensor/trace.ts'
import { scaledLoss } from '../loss-scale.ts'

/** Steps whose metrics are held on the device: row (step mod ring) is mean loss, share right, 0, 0. */
export const metricsRing = 256

/** What a step tells its loss besides logits and labels. */
export interface LossOptions {
  /** Share of the goal that is spread over all classes (Szegedy et al. 2016). Default 0. */
  readonly smoothing?: number
  /** Weight of each class; the loss is the mean weighted by those of the labels (PyTorch's definition). Default: equal. */
  readonly classWeights?: readonly number[]
  /** Photos that are mixed (mixup, cutmix): `shares` [N] of the own label, the rest is of `others` [N]. */
  readonly mixed?: { readonly others: Tensor; readonly shares: Tensor } | undefined
  /** Positions of an epoch, for the margins; default: one batch. */
  readonly positions?: number
}

/** What a training makes smaller, as kernels after the logits; `lossOf` makes one of a kernel of your own. */
export interface Loss {
  readonly name: string
  /** Records the loss of logits [N K] and labels [N] (u32) and answers a scalar on the tape, from which `Trace.backward`
   *  walks. It writes the row of the step in the state `metrics` and the margins of the batch in the state `margins`. */
  record(logits: Tensor, labels: Tensor, options: LossOptions): Tensor
}

/** What the kernel of a loss reads (logits, goals, counts) and writes (losses, dlogits), all f32. */
export interface LossTensors {
  /** [N K] */
  readonly logits: Tensor
  /** [N K]: how much each class is the right answer; a row sums to 1. One-hot where nothing is smoothed or mixed. */
  readonly goals: Tensor
  /** [N]: how much each photo counts; they sum to 1. Losses and gradients are multiplied by them. */
  readonly counts: Tensor
  /** [N], to be written: each photo's loss times its count. */
  readonly losses: Tensor
  /** [N K], to be written: the gradient of the sum of `losses` by the logits. */
  readonly dlogits: Tensor
}

/** A loss whose `record` calls a kernel of your own: it writes `losses` and `dlogits` of every photo from the rest. */
export function lossOf(name: string, record: (tensors: LossTensors) => void): Loss {
  return {
    name,
    record: (logits, labels, options) => {
      const { trace } = logits
      const [N, K] = expectLabels(logits, labels)
      const { metrics, margins, weights } = lossStates(trace, N, K, options)
      const { others = labels, shares = weights } = options.mixed ?? {} // read only where MIXED is 1
      const [goals, counts] = [trace.tensor([N, K]), trace.tensor([N])]
      const [losses, dlogits] = [trace.tensor([N]), trace.tensor([N, K])]
      const goalConstants = { N, K, MIXED: options.mixed ? 1 : 0, SMOOTHING: float(options.smoothing ?? 0) }
      trace.call(lossGoals, { labels, others, shares, weights, goals, counts }, goalConstants)
      record({ logits, goals, counts, losses, dlogits })
      trace.call(lossMetrics, { losses, logits, labels, metrics, margins }, { N, K, RING: metricsRing })
      return scalarOf(logits, dlogits)
    },
  }
}

/** [N, K]. Throws CoreError 'shape-mismatch' unless there is one label a photo. */
export function expectLabels(logits: Tensor, labels: Tensor): readonly [number, number] {
  const [N, K] = logits.shape as [number, number]
  if (labels.size === N) return [N, K]
  throw new CoreError(
    'shape-mismatch',
    `The logits are ${shapeText(logits.shape)} but there are ${labels.size} labels.`,
    'Give one label a photo.',
  )
}

/** Where the metrics and margins of a step go, and the weights of the classes. */
export function lossStates(trace: Trace, N: number, K: number, { classWeights, positions = N }: LossOptions) {
  return {
    weights: weightsOf(trace, K, classWeights),
    metrics: trace.state('metrics', [metricsRing, 4], 'f32'),
    margins: trace.state('margins', [positions], 'f32'),
  }
}

/** A scalar on the tape whose backward is the gradient of the logits. */
export function scalarOf(logits: Tensor, dlogits: Tensor): Tensor {
  const { trace } = logits
  const loss = trace.tensor([1])
  trace.onBackward(loss, () => [[logits, trace.half ? scaledLoss(dlogits) : dlogits]])
  return loss
}

function weightsOf(trace: Trace, classes: number, weights: readonly number[] = Array<number>(classes).fill(1)): Tensor {
  if (weights.length !== classes || !weights.every(weight => weight >= 0 && Number.isFinite(weight))) {
    throw new CoreError(
      'bad-argument',
      `There are ${classes} classes but the class weights are [${weights.join(', ')}].`,
      'Give each class one weight that is not negative.',
    )
  }
  return trace.state('loss.weights', [classes], 'f32', values => values.set(weights))
}
