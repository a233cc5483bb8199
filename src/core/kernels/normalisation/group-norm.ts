// The kernels of group and layer norm and their references. Sums run in a fixed order, so results are the same from run
// to run.

import applyWgsl from '../../../../shaders/normalisation/group-norm-apply.wgsl?raw'
import inputGradientWgsl from '../../../../shaders/normalisation/group-norm-input-gradient.wgsl?raw'
import parameterGradientsWgsl from '../../../../shaders/normalisation/group-norm-parameter-gradients.wgsl?raw'
import statisticsWgsl from '../../../../shaders/normalisation/group-norm-statistics.wgsl?raw'
import { type Dims, elementKernel, groupKernel } from '../kernel.ts'
import { itemPass } from '../wasm-form.ts'

/** N photos of AREA pixels of C channels in GROUPS groups. */
const groupConstants = ['N', 'AREA', 'C', 'GROUPS'] as const
export type GroupNormDims = Dims<(typeof groupConstants)[number]>

export const groupNormStatistics = groupKernel({
  name: 'group-norm-statistics',
  source: statisticsWgsl,
  bindings: { x: 'read', statistics: 'write' },
  constants: [...groupConstants, 'EPSILON'],
  half: ['x'],
  items: c => c.N * c.GROUPS,
  wasm: c => [itemPass('groupNormStatistics', c.N * c.GROUPS, (c.AREA * c.C) / c.GROUPS)],
  reference: ({ x, statistics }, dims) => {
    const count = (dims.AREA * dims.C) / dims.GROUPS
    for (let item = 0; item < dims.N * dims.GROUPS; item++) {
      let [mean, variance] = [0, 0]
      eachInGroup(dims, item, at => (mean += x[at]! / count))
      eachInGroup(dims, item, at => (variance += (x[at]! - mean) ** 2 / count))
      statistics[item * 2] = mean
      statistics[item * 2 + 1] = 1 / Math.sqrt(variance + dims.EPSILON)
    }
  },
})

export const groupNormApply = elementKernel({
  name: 'group-norm-apply',
  source: applyWgsl,
  bindings: { x: 'read', statistics: 'read', gamma: 'read', beta: 'read', y: 'write' },
  constants: groupConstants,
  half: ['x', 'y'],
  elements: c => c.N * c.AREA * c.C,
  wasm: c => [itemPass('groupNormApply', c.N * c.AREA, c.C)],
  reference: ({ x, statistics, gamma, beta, y }, dims) => {
    for (let i = 0; i < x.length; i++) {
      const [item, c] = [itemOf(dims, i) * 2, i % dims.C]
      y[i] = (x[i]! - statistics[item]!) * statistics[item + 1]! * gamma[c]! + beta[c]!
    }
  },
})

export const groupNormInputGradient = groupKernel({
  name: 'group-norm-input-gradient',
  source: inputGradientWgsl,
  bindings: { x: 'read', dy: 'read', statistics: 'read', gamma: 'read', dx: 'write' },
  constants: groupConstants,
  half: ['x', 'dy', 'dx'],
  items: c => c.N * c.GROUPS,
  wasm: c => [itemPass('groupNormInputGradient', c.N * c.GROUPS, (4 * c.AREA * c.C) / c.GROUPS)],
  reference: ({ x, dy, statistics, gamma, dx }, dims) => {
    const count = (dims.AREA * dims.C) / dims.GROUPS
    for (let item = 0; item < dims.N * dims.GROUPS; item++) {
      const [mean, scale] = [statistics[item * 2]!, statistics[item * 2 + 1]!]
      let [sum, product] = [0, 0]
      eachInGroup(dims, item, (at, c) => {
        sum += (dy[at]! * gamma[c]!) / count
        product += (dy[at]! * gamma[c]! * (x[at]! - mean) * scale) / count
      })
      eachInGroup(
        dims,
        item,
        (at, c) => (dx[at] = scale * (dy[at]! * gamma[c]! - sum - (x[at]! - mean) * scale * product)),
      )
    }
  },
})

export const groupNormParameterGradients = elementKernel({
  name: 'group-norm-parameter-gradients',
  source: parameterGradientsWgsl,
  bindings: { x: 'read', dy: 'read', statistics: 'read', dgamma: 'write', dbeta: 'write' },
  constants: [...groupConstants, 'SPLITS', 'ROWS', 'STRIDE'],
  half: ['x', 'dy'],
  elements: c => c.SPLITS * c.C,
  wasm: c => [itemPass('groupNormParameterGradients', c.SPLITS, c.ROWS * c.C)],
  reference: ({ x, dy, statistics, dgamma, dbeta }, dims) => {
    const { C, ROWS, STRIDE } = dims
    dgamma.fill(0)
    dbeta.fill(0)
    for (let i = 0; i < x.length; i++) {
      const item = itemOf(dims, i) * 2
      const to = Math.floor(i / C / ROWS) * STRIDE + (i % C)
      dgamma[to]! += dy[i]! * (x[i]! - statistics[item]!) * statistics[item + 1]!
      dbeta[to]! += dy[i]!
    }
  },
})

/** The group that element i of x belongs to, counted through all photos. */
function itemOf({ AREA, C, GROUPS }: GroupNormDims, i: number): number {
  return Math.floor(i / (AREA * C)) * GROUPS + Math.floor((i % C) / (C / GROUPS))
}

/** Visits the elements of one group with their channel. */
function eachInGroup({ AREA, C, GROUPS }: GroupNormDims, item: number, visit: (at: number, c: number) => void): void {
  const width = C / GROUPS
  const channel = (item % GROUPS) * width
  for (let pixel = 0; pixel < AREA; pixel++) {
    const row = (Math.floor(item / GROUPS) * AREA + pixel) * C
    for (let c = channel; c < channel + width; c++) visit(row + c, c)
  }
}
