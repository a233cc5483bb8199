// Batch normalisation over all dimensions but the last.  x [... C], gamma [C], beta [C] -> y [... C], then ReLU if asked.
// Training uses the statistics of the batch and moves the running ones (unbiased variance, as PyTorch does); evaluation and frozen layers use those.

import type { Tensor } from '../tensor/tensor.ts'
import {
  batchNormApply, batchNormBackwardApply, batchNormBackwardFinalise, batchNormBackwardPartial, batchNormFinalise, batchNormInfer,
  batchNormPartial,
} from './batch-norm-kernels.ts'
import { float } from '../gpu/kernel.ts'
import { CoreError } from '../error.ts'
import { reluGradient } from './relu.ts'

export interface BatchNormOptions {
  readonly gamma: Tensor
  readonly beta: Tensor
  readonly runningMean: Tensor
  readonly runningVar: Tensor
  readonly epsilon: number
  /** running = (1 - momentum) running + momentum batch */
  readonly momentum: number
  readonly relu?: boolean
}

export function batchNorm(x: Tensor, options: BatchNormOptions): Tensor {
  return x.trace.training && !x.trace.isFrozen(options.gamma) ? batchNormTraining(x, options) : batchNormEvaluation(x, options)
}

function batchNormEvaluation(x: Tensor, { gamma, beta, runningMean, runningVar, epsilon, relu = false }: BatchNormOptions): Tensor {
  const y = x.trace.tensor(x.shape)
  const C = gamma.size
  x.trace.call(batchNormInfer, { x, mean: runningMean, variance: runningVar, gamma, beta, y }, { M: x.size / C, C, EPSILON: float(epsilon), RELU: relu ? 1 : 0 })
  return y
}

function batchNormTraining(x: Tensor, options: BatchNormOptions): Tensor {
  const { gamma, beta, runningMean, runningVar, relu = false } = options
  const { trace } = x
  const C = gamma.size
  const M = x.size / C
  if (M < 2) throw new CoreError('bad-data', `${gamma.name.replace('.weight', '')} sees one value a channel, which has no variance.`, 'Use a batch of at least two photos.')
  const parts = partsOf(M, C)
  const partial = trace.tensor([parts.SPLITS, 2, C])
  const statistics = trace.tensor([2, C])
  const y = trace.tensor(x.shape)
  trace.call(batchNormPartial, { x, partial }, { M, C, ...parts })
  const finalise = { M, C, ...parts, EPSILON: float(options.epsilon), MOMENTUM: float(options.momentum) }
  trace.call(batchNormFinalise, { partial, statistics, running_mean: runningMean, running_var: runningVar }, finalise)
  trace.call(batchNormApply, { x, statistics, gamma, beta, y }, { M, C, RELU: relu ? 1 : 0 })
  trace.onBackward(y, dy => batchNormBackward(x, statistics, gamma, beta, relu ? reluGradient(y, dy) : dy))
  return y
}

function batchNormBackward(x: Tensor, statistics: Tensor, gamma: Tensor, beta: Tensor, dy: Tensor): [Tensor, Tensor][] {
  const { trace } = x
  const C = gamma.size
  const M = x.size / C
  const parts = partsOf(M, C)
  const sums = trace.tensor([parts.SPLITS, 2, C])
  const [dbeta, dgamma, dx] = [trace.gradient(beta), trace.gradient(gamma), trace.tensor(x.shape)]
  trace.call(batchNormBackwardPartial, { x, dy, statistics, sums }, { M, C, ...parts })
  trace.call(batchNormBackwardFinalise, { sums, dbeta, dgamma }, { C, ...parts })
  trace.call(batchNormBackwardApply, { x, dy, statistics, gamma, dbeta, dgamma, dx }, { M, C })
  return [[x, dx], [gamma, dgamma], [beta, dbeta]]
}

/** Enough pieces to keep a GPU busy, none of them empty. */
function partsOf(M: number, C: number): { readonly SPLITS: number; readonly ROWS: number } {
  const wanted = Math.max(1, Math.min(Math.ceil(M / 32), Math.ceil(16_384 / C)))
  const ROWS = Math.ceil(M / wanted)
  return { SPLITS: Math.ceil(M / ROWS), ROWS }
}
