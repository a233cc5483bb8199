// The kernels of batch normalisation and their references. Statistics are gathered in a fixed number of pieces and
// merged in order, so the result is the same from run to run. After a convolution the pieces come from its epilogue
// (gemm/epilogues.ts).
//
// With POOL = 1 the 2 x 2 maximum after the norm is done here: a norm rises or falls, so the winner of a window can be
// found in x. Where gamma is zero all of a window are equal and the largest x counts as the winner.

import backwardApplyWgsl from '../../../../shaders/normalisation/batch-norm-backward-apply.wgsl?raw'
import backwardPartialWgsl from '../../../../shaders/normalisation/batch-norm-backward-partial.wgsl?raw'
import inferWgsl from '../../../../shaders/normalisation/batch-norm-infer.wgsl?raw'
import normaliseWgsl from '../../../../shaders/normalisation/batch-norm-normalise.wgsl?raw'
import partialWgsl from '../../../../shaders/normalisation/batch-norm-partial.wgsl?raw'
import { type Dims, elementKernel, groupKernel } from '../kernel.ts'
import { itemPass } from '../wasm-form.ts'

/** M rows of C channels, of H x W pixels a photo where POOL is 1; PLACES rows of the result; slices of ROWS rows. */
const normConstants = ['M', 'C', 'H', 'W', 'POOL', 'PLACES', 'SPLITS', 'ROWS'] as const
export type NormDims = Dims<(typeof normConstants)[number]>

export const batchNormPartial = elementKernel({
  name: 'batch-norm-partial',
  source: partialWgsl,
  bindings: { x: 'read', partial: 'write' },
  constants: ['M', 'C', 'SPLITS', 'ROWS'],
  half: ['x'],
  elements: c => c.SPLITS * c.C,
  wasm: c => [{ entry: 'batchNormPartial', items: c.M, grain: c.ROWS, from: { binding: 'x', bytes: c.C * 4 } }],
  reference: ({ x, partial }, { M, C, SPLITS, ROWS }) => {
    for (let split = 0; split < SPLITS; split++) {
      const [first, end] = [split * ROWS, Math.min(M, (split + 1) * ROWS)]
      for (let c = 0; c < C; c++) {
        let mean = 0
        for (let m = first; m < end; m++) mean += x[m * C + c]! / (end - first)
        let squares = 0
        for (let m = first; m < end; m++) squares += (x[m * C + c]! - mean) ** 2
        partial[split * 2 * C + c] = mean
        partial[(split * 2 + 1) * C + c] = squares
      }
    }
  },
})

export const batchNormNormalise = groupKernel({
  name: 'batch-norm-normalise',
  source: normaliseWgsl,
  bindings: {
    x: 'read',
    partial: 'read',
    gamma: 'read',
    beta: 'read',
    y: 'write',
    statistics: 'write',
    running_mean: 'update',
    running_var: 'update',
  },
  constants: [...normConstants, 'EPSILON', 'MOMENTUM', 'RELU'],
  half: ['x', 'y'],
  items: c => tiles(c.PLACES, c.C),
  wasm: c => [itemPass('batchNormMerge', c.C, 256), itemPass('batchNormNormalise', c.PLACES, c.C)],
  reference: ({ x, partial, gamma, beta, y, statistics, running_mean, running_var }, dims) => {
    const { M, C, PLACES, EPSILON, MOMENTUM, RELU } = dims
    for (let c = 0; c < C; c++) {
      const { mean, squares } = mergedMoments(partial, c, dims)
      statistics[c] = mean
      statistics[C + c] = 1 / Math.sqrt(Math.max(squares / M, 0) + EPSILON)
      running_mean[c]! += (mean - running_mean[c]!) * MOMENTUM
      running_var[c]! += (squares / (M - 1) - running_var[c]!) * MOMENTUM
      for (let place = 0; place < PLACES; place++) {
        const normal = (x[sourceOf(x, place, c, dims, gamma[c]! < 0)]! - statistics[c]!) * statistics[C + c]!
        const value = normal * gamma[c]! + beta[c]!
        y[place * C + c] = RELU === 1 ? Math.max(value, 0) : value
      }
    }
  },
})

/** Of 256 rows of 16 channels. */
function tiles(rows: number, channels: number): number {
  return Math.ceil(rows / 256) * Math.ceil(channels / 16)
}

function mergedMoments(
  partial: ArrayLike<number>,
  c: number,
  { M, C, SPLITS, ROWS }: NormDims,
): { readonly mean: number; readonly squares: number } {
  let [mean, squares, count] = [0, 0, 0]
  for (let split = 0; split < SPLITS; split++) {
    const rows = Math.min(ROWS, M - split * ROWS)
    const delta = partial[split * 2 * C + c]! - mean
    mean += (delta * rows) / (count + rows)
    squares += partial[(split * 2 + 1) * C + c]! + (delta * delta * count * rows) / (count + rows)
    count += rows
  }
  return { mean, squares }
}

/** Where the value lies in x that row `place` of y was made from: the same place, or the winner of its window. */
function sourceOf(
  x: ArrayLike<number>,
  place: number,
  c: number,
  { H, W, C, POOL }: NormDims,
  falling: boolean,
): number {
  if (POOL !== 1) return place * C + c
  const [rows, columns] = [Math.floor(H / 2), Math.floor(W / 2)]
  const corner =
    ((Math.floor(place / (rows * columns)) * H + (Math.floor(place / columns) % rows) * 2) * W +
      (place % columns) * 2) *
      C +
    c
  return [0, C, W * C, (W + 1) * C]
    .map(tap => corner + tap)
    .reduce((best, at) => ((falling ? x[at]! < x[best]! : x[at]! > x[best]!) ? at : best))
}

export const batchNormInfer = elementKernel({
  name: 'batch-norm-infer',
  source: inferWgsl,
  bindings: { x: 'read', mean: 'read', variance: 'read', gamma: 'read', beta: 'read', y: 'write' },
  constants: ['M', 'C', 'EPSILON', 'RELU'],
  half: ['x', 'y'],
  elements: c => c.M * c.C,
  wasm: c => {
    const places = { from: { binding: 'x', bytes: c.C * 4 }, to: { binding: 'y', bytes: c.C * 4 } }
    return [itemPass('batchNormInfer', c.M, c.C, places)]
  },
  reference: ({ x, mean, variance, gamma, beta, y }, { C, EPSILON, RELU }) => {
    for (let i = 0; i < x.length; i++) {
      const c = i % C
      const value = ((x[i]! - mean[c]!) / Math.sqrt(variance[c]! + EPSILON)) * gamma[c]! + beta[c]!
      y[i] = RELU === 1 ? Math.max(value, 0) : value
    }
  },
})

export const batchNormBackwardPartial = elementKernel({
  name: 'batch-norm-backward-partial',
  source: backwardPartialWgsl,
  bindings: { x: 'read', dy: 'read', statistics: 'read', gamma: 'read', sums: 'write' },
  constants: normConstants,
  half: ['x', 'dy'],
  elements: c => c.SPLITS * c.C,
  wasm: c => [
    { entry: 'batchNormBackwardPartial', items: c.PLACES, grain: c.ROWS, from: { binding: 'dy', bytes: c.C * 4 } },
  ],
  reference: ({ x, dy, statistics, gamma, sums }, dims) => {
    const { C, PLACES, ROWS, SPLITS } = dims
    for (let split = 0; split < SPLITS; split++) {
      for (let c = 0; c < C; c++) {
        let [beta, normal] = [0, 0]
        for (let place = split * ROWS; place < Math.min(PLACES, (split + 1) * ROWS); place++) {
          const gradient = dy[place * C + c]!
          beta += gradient
          const value = x[sourceOf(x, place, c, dims, gamma[c]! < 0)]!
          normal += gradient * (value - statistics[c]!) * statistics[C + c]!
        }
        sums[split * 2 * C + c] = beta
        sums[(split * 2 + 1) * C + c] = normal
      }
    }
  },
})

export const batchNormBackwardApply = groupKernel({
  name: 'batch-norm-backward-apply',
  source: backwardApplyWgsl,
  bindings: {
    x: 'read',
    dy: 'read',
    statistics: 'read',
    gamma: 'read',
    sums: 'read',
    dx: 'write',
    dbeta: 'write',
    dgamma: 'write',
  },
  constants: normConstants,
  half: ['x', 'dy', 'dx'],
  items: c => tiles(c.POOL ? (c.M / (c.H * c.W)) * Math.ceil(c.H / 2) * Math.ceil(c.W / 2) : c.M, c.C),
  wasm: c => [
    itemPass('batchNormMergeSums', c.C, 256),
    c.POOL === 1
      ? itemPass('batchNormBackwardApply', (c.M / (c.H * c.W)) * Math.ceil(c.H / 2), 2 * c.W * c.C)
      : itemPass('batchNormBackwardApply', c.M, c.C),
  ],
  reference: ({ x, dy, statistics, gamma, sums, dx, dbeta, dgamma }, dims) => {
    const { M, C, PLACES, SPLITS } = dims
    dx.fill(0)
    for (let c = 0; c < C; c++) {
      let [beta, normals] = [0, 0]
      for (let split = 0; split < SPLITS; split++) {
        beta += sums[split * 2 * C + c]!
        normals += sums[(split * 2 + 1) * C + c]!
      }
      ;[dbeta[c], dgamma[c]] = [beta, normals]
      for (let place = 0; place < PLACES; place++) dx[sourceOf(x, place, c, dims, gamma[c]! < 0)] = dy[place * C + c]!
      for (let at = c; at < M * C; at += C) {
        const normal = (x[at]! - statistics[c]!) * statistics[C + c]!
        dx[at] = gamma[c]! * statistics[C + c]! * (dx[at]! - (beta + normal * normals) / M)
      }
    }
  },
})
