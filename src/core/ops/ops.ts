// The ops that own ops and losses may be made of: each records its kernels, its shapes are checked, and its gradient
// stands on the tape.

import { activation } from './activation.ts'
import { add } from './add.ts'
import { concat } from './concat.ts'
import { dropout } from './dropout.ts'
import { averagePool } from './pooling/average-pool.ts'
import { globalAveragePool } from './pooling/global-average-pool.ts'
import { maxPool } from './pooling/max-pool.ts'
import { conv2d } from './products/conv2d.ts'
import { dense } from './products/dense.ts'
import { relu } from './relu.ts'
import { reshape } from './reshape.ts'

/** Ops on tensors for own ops and losses: each checks its shapes (CoreError 'shape-mismatch'), records its kernels
 *  in the trace of its first argument, and leaves its gradient on the tape. Dims: x [N H W C], w [R S C K] or [F U]. */
export const ops = {
  activation,
  add,
  averagePool,
  concat,
  conv2d,
  dense,
  dropout,
  globalAveragePool,
  maxPool,
  relu,
  reshape,
} as const
