// Linear heads on features that a backbone made: softmax regression, learnt by L-BFGS with L2. Features are standardised
// first, so that one strength of L2 means the same for all; the head that comes out takes them as they are. Several heads
// learn at once (joint-products.ts): one a strength of L2 to choose among, or one a fold to judge photos by.

import { CoreError } from '../error.ts'
import type { Device } from '../device.ts'
import { createFeatureProducts, type FeatureProducts } from './feature-products.ts'
import { JointProducts } from './joint-products.ts'
import { minimise } from './lbfgs.ts'
import { softmaxLoss, softmaxRow } from './softmax-loss.ts'

/** Features of photos, a row each. */
export interface FeatureTable {
  /** [rows size] */
  readonly values: Float32Array
  readonly size: number
}

/** A head as a dense layer of the net takes it: weight [classes size], bias [classes]. */
export interface LinearHead {
  readonly weight: Float32Array<ArrayBuffer>
  readonly bias: Float32Array<ArrayBuffer>
}

/** What one head is to learn. */
export interface HeadTask {
  readonly l2: number
  /** [rows]: 1 for those it learns from. */
  readonly learns: Uint8Array
  /** Standardised weights to begin with: those of an earlier head of the same task. Default: zeros. */
  readonly from?: Float64Array | undefined
}

/** A head, what it says of every row, and what it takes to go on from it. */
export interface LearntHead {
  readonly head: LinearHead
  /** [rows classes], of every row. */
  readonly probabilities: Float32Array<ArrayBuffer>
  /** Standardised, to go on from. */
  readonly weights: Float64Array
  readonly evaluations: number
}

/** What all heads that learn together share. */
export interface HeadOptions {
  /** [rows]; of a row that nothing learns from anything. */
  readonly labels: ArrayLike<number>
  readonly classes: number
  readonly signal?: AbortSignal | undefined
}

/** Standardised features beside a column of ones, for the bias, filled up to a multiple of four. */
interface Standardised {
  readonly x: Float32Array<ArrayBuffer>
  readonly size: number
  readonly mean: Float64Array
  readonly scale: Float64Array
}

const tolerance = 1e-3
const mostEvaluations = 60
/** Features that hardly vary, beside their mean or at all, are not blown up: what varies then is mostly rounding. */
const [leastShare, leastDeviation] = [0.02, 1e-3]

/** Linear heads on the features of a backbone: softmax regression with L2, learnt by L-BFGS (Liu and Nocedal 1989)
 *  on standardised features. */
export class LinearHeads {
  readonly #device: Device
  readonly #table: FeatureTable
  readonly #standard: Standardised
  /** Ready for the last number of columns. */
  #products: FeatureProducts | undefined

  /** Throws CoreError 'bad-data' where a feature is no number. */
  constructor(device: Device, table: FeatureTable) {
    this.#device = device
    this.#table = table
    this.#standard = standardise(table)
  }

  /** One head a task, in their order. Rejects with the signal's reason when aborted. */
  async learn(tasks: readonly HeadTask[], options: HeadOptions): Promise<LearntHead[]> {
    const products = await this.#productsOf(Math.ceil((tasks.length * options.classes) / 4) * 4)
    const joint = new JointProducts(products, tasks.length, options.classes)
    const learnt = await Promise.all(tasks.map((task, head) => this.#learnOne(task, head, joint, options)))
    return this.#answers(products, learnt, options.classes)
  }

  /** Frees what it holds on the device, not the device. */
  dispose(): void {
    this.#products?.dispose()
    this.#products = undefined
  }

  async #productsOf(columns: number): Promise<FeatureProducts> {
    if (this.#products?.columns === columns) return this.#products
    this.dispose()
    const { x, size } = this.#standard
    return (this.#products = await createFeatureProducts(this.#device, x, size, columns))
  }

  async #learnOne(
    task: HeadTask,
    head: number,
    joint: JointProducts,
    { labels, classes, signal }: HeadOptions,
  ): Promise<{ readonly w: Float64Array; readonly evaluations: number }> {
    const w = task.from?.slice() ?? new Float64Array(this.#standard.size * classes)
    const rows = { labels, counts: task.learns, classes }
    const penalised = this.#table.size * classes // the bias is not
    try {
      const { evaluations } = await minimise(
        async (at, gradient) => {
          const z = await joint.ask(head, 'logits', at)
          let loss = softmaxLoss(z, rows)
          gradient.set(await joint.ask(head, 'gradient', z))
          for (let i = 0; i < penalised; i++) {
            loss += (task.l2 / 2) * at[i]! * at[i]!
            gradient[i]! += task.l2 * at[i]!
          }
          return loss
        },
        w,
        { tolerance, evaluations: mostEvaluations, signal },
      )
      return { w, evaluations }
    } finally {
      joint.leave()
    }
  }

  /** What the heads say of every row, in one product. */
  async #answers(
    products: FeatureProducts,
    learnt: readonly { readonly w: Float64Array; readonly evaluations: number }[],
    classes: number,
  ): Promise<LearntHead[]> {
    const logits = await logitsOf(
      products,
      learnt.map(({ w }) => w),
      classes,
    )
    return learnt.map(({ w, evaluations }, i) => {
      const probabilities = logits[i]!
      for (let at = 0; at < probabilities.length; at += classes) softmaxRow(probabilities, at, classes)
      return { head: this.#unstandardised(w, classes), probabilities, weights: w, evaluations }
    })
  }

  /** The same head for features as they are: z = sum w (x - mean) / scale + b. */
  #unstandardised(w: Float64Array, classes: number): LinearHead {
    const { mean, scale } = this.#standard
    const { size } = this.#table
    const weight = new Float32Array(classes * size)
    const bias = new Float32Array(classes)
    for (let k = 0; k < classes; k++) {
      let shift = w[size * classes + k]!
      for (let d = 0; d < size; d++) {
        const own = w[d * classes + k]! / scale[d]!
        weight[k * size + d] = own
        shift -= own * mean[d]!
      }
      bias[k] = shift
    }
    return { weight, bias }
  }
}

async function logitsOf(
  products: FeatureProducts,
  weights: readonly Float64Array[],
  classes: number,
): Promise<Float32Array<ArrayBuffer>[]> {
  const { rows } = products
  const joint = new JointProducts(products, weights.length, classes)
  const logits = await Promise.all(weights.map((w, head) => joint.ask(head, 'logits', w)))
  return logits.map(z => Float32Array.from(z.subarray(0, rows * classes)))
}

function standardise({ values, size: D }: FeatureTable): Standardised {
  const rows = values.length / D
  const wrong = values.findIndex(value => !Number.isFinite(value))
  if (wrong >= 0)
    throw new CoreError(
      'bad-data',
      `Feature ${wrong % D} of row ${Math.floor(wrong / D)} is ${values[wrong]}, which is no number to learn from.`,
      'Make the features anew.',
    )
  const [mean, squares] = [new Float64Array(D), new Float64Array(D)]
  for (let i = 0; i < values.length; i++) mean[i % D]! += values[i]! / rows
  for (let i = 0; i < values.length; i++) squares[i % D]! += (values[i]! - mean[i % D]!) ** 2 / rows
  const scale = squares.map((square, d) => Math.sqrt(square) + leastShare * Math.abs(mean[d]!) + leastDeviation)
  const size = Math.ceil((D + 1) / 4) * 4
  const x = new Float32Array(rows * size)
  for (let n = 0; n < rows; n++) {
    for (let d = 0; d < D; d++) x[n * size + d] = (values[n * D + d]! - mean[d]!) / scale[d]!
    x[n * size + D] = 1
  }
  return { x, size, mean, scale }
}
