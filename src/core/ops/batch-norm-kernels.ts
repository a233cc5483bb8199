// The kernels of batch normalisation and their twins. Statistics are gathered in a fixed number of pieces and merged in order,
// so the result is the same from run to run.

import applyWgsl from '../../../shaders/batch-norm-apply.wgsl?raw'
import backwardApplyWgsl from '../../../shaders/batch-norm-backward-apply.wgsl?raw'
import backwardFinaliseWgsl from '../../../shaders/batch-norm-backward-finalise.wgsl?raw'
import backwardPartialWgsl from '../../../shaders/batch-norm-backward-partial.wgsl?raw'
import finaliseWgsl from '../../../shaders/batch-norm-finalise.wgsl?raw'
import inferWgsl from '../../../shaders/batch-norm-infer.wgsl?raw'
import partialWgsl from '../../../shaders/batch-norm-partial.wgsl?raw'
import { kernel, perElement } from '../gpu/kernel.ts'

export const batchNormPartial = kernel({
  name: 'batch-norm-partial',
  source: partialWgsl,
  bindings: { x: 'read', partial: 'write' },
  grid: c => perElement(c.SPLITS! * c.C!),
  twin: ({ x, partial }, { M, C, SPLITS, ROWS }) => {
    for (let split = 0; split < SPLITS!; split++) {
      const [first, end] = [split * ROWS!, Math.min(M!, (split + 1) * ROWS!)]
      for (let c = 0; c < C!; c++) {
        let mean = 0
        for (let m = first; m < end; m++) mean += x[m * C! + c] / (end - first)
        let squares = 0
        for (let m = first; m < end; m++) squares += (x[m * C! + c] - mean) ** 2
        partial[split * 2 * C! + c] = mean
        partial[(split * 2 + 1) * C! + c] = squares
      }
    }
  },
})

export const batchNormFinalise = kernel({
  name: 'batch-norm-finalise',
  source: finaliseWgsl,
  bindings: { partial: 'read', statistics: 'write', running_mean: 'update', running_var: 'update' },
  grid: c => [Math.ceil(c.C! / 64), 1, 1],
  twin: ({ partial, statistics, running_mean, running_var }, { M, C, SPLITS, ROWS, EPSILON, MOMENTUM }) => {
    for (let c = 0; c < C!; c++) {
      let [mean, squares, count] = [0, 0, 0]
      for (let split = 0; split < SPLITS!; split++) {
        const rows = Math.min(ROWS!, M! - split * ROWS!)
        const delta = partial[split * 2 * C! + c] - mean
        mean += (delta * rows) / (count + rows)
        squares += partial[(split * 2 + 1) * C! + c] + (delta * delta * count * rows) / (count + rows)
        count += rows
      }
      statistics[c] = mean
      statistics[C! + c] = 1 / Math.sqrt(Math.max(squares / M!, 0) + EPSILON!)
      running_mean[c] += (mean - running_mean[c]) * MOMENTUM!
      running_var[c] += (squares / (M! - 1) - running_var[c]) * MOMENTUM!
    }
  },
})

export const batchNormApply = kernel({
  name: 'batch-norm-apply',
  source: applyWgsl,
  bindings: { x: 'read', statistics: 'read', gamma: 'read', beta: 'read', y: 'write' },
  grid: c => perElement(c.M! * c.C!),
  twin: ({ x, statistics, gamma, beta, y }, { C, RELU }) => {
    for (let i = 0; i < x.length; i++) {
      const c = i % C!
      const value = (x[i] - statistics[c]) * statistics[C! + c] * gamma[c] + beta[c]
      y[i] = RELU === 1 ? Math.max(value, 0) : value
    }
  },
})

export const batchNormInfer = kernel({
  name: 'batch-norm-infer',
  source: inferWgsl,
  bindings: { x: 'read', mean: 'read', variance: 'read', gamma: 'read', beta: 'read', y: 'write' },
  grid: c => perElement(c.M! * c.C!),
  twin: ({ x, mean, variance, gamma, beta, y }, { C, EPSILON, RELU }) => {
    for (let i = 0; i < x.length; i++) {
      const c = i % C!
      const value = ((x[i] - mean[c]) / Math.sqrt(variance[c] + EPSILON!)) * gamma[c] + beta[c]
      y[i] = RELU === 1 ? Math.max(value, 0) : value
    }
  },
})

export const batchNormBackwardPartial = kernel({
  name: 'batch-norm-backward-partial',
  source: backwardPartialWgsl,
  bindings: { x: 'read', dy: 'read', statistics: 'read', sums: 'write' },
  grid: c => perElement(c.SPLITS! * c.C!),
  twin: ({ x, dy, statistics, sums }, { M, C, ROWS }) => {
    sums.fill(0)
    for (let m = 0; m < M!; m++) {
      const at = Math.floor(m / ROWS!) * 2 * C!
      for (let c = 0; c < C!; c++) {
        const gradient = dy[m * C! + c]
        sums[at + c] += gradient
        sums[at + C! + c] += gradient * (x[m * C! + c] - statistics[c]) * statistics[C! + c]
      }
    }
  },
})

export const batchNormBackwardFinalise = kernel({
  name: 'batch-norm-backward-finalise',
  source: backwardFinaliseWgsl,
  bindings: { sums: 'read', dbeta: 'write', dgamma: 'write' },
  grid: c => [Math.ceil(c.C! / 64), 1, 1],
  twin: ({ sums, dbeta, dgamma }, { C, SPLITS }) => {
    dbeta.fill(0)
    dgamma.fill(0)
    for (let split = 0; split < SPLITS!; split++) {
      for (let c = 0; c < C!; c++) {
        dbeta[c] += sums[split * 2 * C! + c]
        dgamma[c] += sums[(split * 2 + 1) * C! + c]
      }
    }
  },
})

export const batchNormBackwardApply = kernel({
  name: 'batch-norm-backward-apply',
  source: backwardApplyWgsl,
  bindings: { x: 'read', dy: 'read', statistics: 'read', gamma: 'read', dbeta: 'read', dgamma: 'read', dx: 'write' },
  grid: c => perElement(c.M! * c.C!),
  twin: ({ x, dy, statistics, gamma, dbeta, dgamma, dx }, { M, C }) => {
    for (let i = 0; i < x.length; i++) {
      const c = i % C!
      const normal = (x[i] - statistics[c]) * statistics[C! + c]
      dx[i] = gamma[c] * statistics[C! + c] * (dy[i] - (dbeta[c] + normal * dgamma[c]) / M!)
    }
  },
})
