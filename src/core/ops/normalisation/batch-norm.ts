// Batch normalisation over all dimensions but the last. x [... C], gamma [C], beta [C] -> y [... C], then ReLU and the
// maximum of 2 x 2 windows if asked: x [N H W C] -> y [N H/2 W/2 C]. Training uses the statistics of the batch and
// moves the running ones (unbiased variance, as PyTorch does); evaluation and frozen layers use those.

import { sizeOf, type Shape } from '../../tensor/shape.ts'
import type { Tensor } from '../../tensor/trace.ts'
import {
  batchNormBackwardApply,
  batchNormBackwardPartial,
  batchNormInfer,
  batchNormNormalise,
  batchNormPartial,
} from '../../kernels/normalisation/batch-norm.ts'
import { float } from '../../kernels/kernel.ts'
import { CoreError } from '../../error.ts'
import { maxPool } from '../pooling/max-pool.ts'
import { poolShape } from '../pooling/pool.ts'
import { reluGradient } from '../relu.ts'

export interface BatchNormOptions {
  readonly gamma: Tensor
  readonly beta: Tensor
  readonly runningMean: Tensor
  readonly runningVar: Tensor
  readonly epsilon: number
  /** running = (1 - momentum) running + momentum batch */
  readonly momentum: number
  readonly relu?: boolean
  /** The maximum of 2 x 2 windows side by side, after the ReLU. */
  readonly pool?: boolean
}

const halving = { size: [2, 2] } as const

export function batchNorm(x: Tensor, options: BatchNormOptions): Tensor {
  return x.trace.training && !x.trace.isFrozen(options.gamma)
    ? batchNormTraining(x, options)
    : batchNormEvaluation(x, options)
}

function batchNormEvaluation(
  x: Tensor,
  { gamma, beta, runningMean, runningVar, epsilon, relu = false, pool = false }: BatchNormOptions,
): Tensor {
  const { trace } = x
  const C = gamma.size
  const constants = { M: x.size / C, C, EPSILON: float(epsilon) }
  const y = trace.tensor(x.shape)
  trace.call(
    batchNormInfer,
    { x, mean: runningMean, variance: runningVar, gamma, beta, y },
    { ...constants, RELU: relu ? 1 : 0 },
  )
  if (relu) trace.markRectified(y)
  trace.onBackward(y, dy => {
    const [dz, dx] = [relu ? reluGradient(y, dy) : dy, trace.tensor(x.shape)]
    const none = trace.state(`zeros.${C}`, [C], 'f32')
    trace.call(
      batchNormInfer,
      { x: dz, mean: none, variance: runningVar, gamma, beta: none, y: dx },
      { ...constants, RELU: 0 },
    ) // the slope alone
    return [[x, dx]]
  })
  return pool ? maxPool(y, halving) : y
}

function batchNormTraining(x: Tensor, options: BatchNormOptions): Tensor {
  const { gamma, beta, runningMean, runningVar, relu = false } = options
  const { trace } = x
  const shape = shapeOf(x, options)
  const { M, C, PLACES } = shape
  if (M < 2)
    throw new CoreError(
      'bad-data',
      `${gamma.name.replace('.weight', '')} sees one value a channel, which has no variance.`,
      'Use a batch of at least two photos.',
    )
  const parts = partsOf(M, C)
  const [partial, statistics, y] = [
    trace.tensor([parts.SPLITS, 2, C]),
    trace.tensor([2, C]),
    trace.tensor(yShape(x, options)),
  ]
  trace.call(batchNormPartial, { x, partial }, { M, C, ...parts })
  const constants = {
    ...shape,
    ...parts,
    EPSILON: float(options.epsilon),
    MOMENTUM: float(options.momentum),
    RELU: relu ? 1 : 0,
  }
  trace.call(
    batchNormNormalise,
    { x, partial, gamma, beta, y, statistics, running_mean: runningMean, running_var: runningVar },
    constants,
  )
  if (relu) trace.markRectified(y)
  trace.onBackward(y, dy => {
    const dz = relu ? reluGradient(y, dy) : dy
    const pieces = partsOf(PLACES, C)
    const sums = trace.tensor([pieces.SPLITS, 2, C])
    const [dbeta, dgamma, dx] = [trace.gradient(beta), trace.gradient(gamma), trace.tensor(x.shape)]
    trace.call(batchNormBackwardPartial, { x, dy: dz, statistics, gamma, sums }, { ...shape, ...pieces })
    trace.call(
      batchNormBackwardApply,
      { x, dy: dz, statistics, gamma, sums, dx, dbeta, dgamma },
      { ...shape, ...pieces },
    )
    return [
      [x, dx],
      [gamma, dgamma],
      [beta, dbeta],
    ]
  })
  return y
}

function yShape(x: Tensor, { pool = false }: BatchNormOptions): Shape {
  if (!pool) return x.shape
  const { N, P, Q, C } = poolShape(x, halving)
  return [N, P, Q, C]
}

/** M rows of x, PLACES rows of y. */
function shapeOf(x: Tensor, options: BatchNormOptions) {
  const C = options.gamma.size
  const [H, W] = options.pool ? (x.shape.slice(1) as [number, number, number]) : [1, 1]
  return { M: x.size / C, C, H, W, POOL: options.pool ? 1 : 0, PLACES: sizeOf(yShape(x, options)) / C }
}

/** Slices of rows whose sums are merged later: few, because every workgroup that needs them merges all, and of a
 *  multiple of 128 rows, so that they can be made of whole tiles of a product (gemm/product.ts). */
function partsOf(rows: number, C: number): { readonly SPLITS: number; readonly ROWS: number } {
  const wanted = Math.max(16, Math.min(256, Math.ceil(8_192 / C)))
  const ROWS = 128 * Math.ceil(rows / 128 / wanted)
  return { SPLITS: Math.ceil(rows / ROWS), ROWS }
}
