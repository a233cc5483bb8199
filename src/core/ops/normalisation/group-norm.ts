// Group norm (Wu and He 2018): each photo's channels in groups, normalised over the group's pixels. Layer norm is the
// same over the channels of one place alone. x [N ... C], gamma [C], beta [C] -> y [N ... C]. Nothing depends on the
// rest of the batch.

import { CoreError } from '../../error.ts'
import { float } from '../../kernels/kernel.ts'
import type { Tensor } from '../../tensor/trace.ts'
import {
  groupNormApply,
  groupNormInputGradient,
  groupNormParameterGradients,
  groupNormStatistics,
  type GroupNormDims,
} from '../../kernels/normalisation/group-norm.ts'

export interface GroupNormOptions {
  readonly gamma: Tensor
  readonly beta: Tensor
  readonly epsilon: number
}

export function groupNorm(x: Tensor, options: GroupNormOptions & { readonly groups: number }): Tensor {
  const [N, C] = [x.shape[0]!, x.shape.at(-1)!]
  if (C % options.groups !== 0) {
    throw new CoreError(
      'shape-mismatch',
      `${options.gamma.name.replace('.weight', '')} splits ${C} channels into ${options.groups} groups, which leaves a rest.`,
      'Use a number of groups that divides the channels.',
    )
  }
  return normalised(x, options, { N, AREA: x.size / N / C, C, GROUPS: options.groups })
}

/** Over the last dimension alone (Ba et al. 2016). */
export function layerNorm(x: Tensor, options: GroupNormOptions): Tensor {
  const C = x.shape.at(-1)!
  return normalised(x, options, { N: x.size / C, AREA: 1, C, GROUPS: 1 })
}

function normalised(x: Tensor, { gamma, beta, epsilon }: GroupNormOptions, dims: GroupNormDims): Tensor {
  const { trace } = x
  const statistics = trace.tensor([dims.N, dims.GROUPS, 2])
  const y = trace.tensor(x.shape)
  trace.call(groupNormStatistics, { x, statistics }, { ...dims, EPSILON: float(epsilon) })
  trace.call(groupNormApply, { x, statistics, gamma, beta, y }, dims)
  trace.onBackward(y, dy => {
    const rows = dims.N * dims.AREA
    const splits = Math.max(1, Math.min(64, Math.ceil(rows / 64)))
    const [dgamma, dbeta, dx] = [trace.gradient(gamma, splits), trace.gradient(beta, splits), trace.tensor(x.shape)]
    trace.call(
      groupNormParameterGradients,
      { x, dy, statistics, dgamma, dbeta },
      { ...dims, SPLITS: splits, ROWS: Math.ceil(rows / splits), STRIDE: dgamma.shape[1]! },
    )
    trace.call(groupNormInputGradient, { x, dy, statistics, gamma, dx }, dims)
    return [
      [x, dx],
      [gamma, dgamma],
      [beta, dbeta],
    ]
  })
  return y
}
