// Work that no given layer can do: an op with its own shader (PReLU, a slope below zero that each channel learns), a loss
// and a metric of your own. WGSL runs on a GPU, the reference in plain TypeScript anywhere and as the shader's judge.

import {
  binaryCrossEntropy,
  createReferenceDevice,
  elementKernel,
  fit,
  layers,
  type Initial,
  type Metric,
  type OwnOp,
} from '@winnow/core'
import { drawShapes } from './shapes.ts'

// #region elementKernel
/** y = x where x > 0, else slope[c] x.  x [... C], slope [C] */
const forward = elementKernel({
  name: 'prelu-forward',
  source: `#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> slope: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i < LENGTH) { y[i] = select(slope[i % C], 1.0, x[i] > 0.0) * x[i]; }
}`,
  bindings: { x: 'read', slope: 'read', y: 'write' },
  constants: ['LENGTH', 'C'],
  elements: c => c.LENGTH,
  reference: ({ x, slope, y }, { C }) => {
    for (let i = 0; i < x.length; i++) y[i] = (x[i]! > 0 ? 1 : slope[i % C]!) * x[i]!
  },
})
// #endregion

const inputGradient = elementKernel({
  name: 'prelu-input-gradient',
  source: `#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read> slope: array<f32>;
@group(0) @binding(3) var<storage, read_write> dx: array<f32>;
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i < LENGTH) { dx[i] = select(slope[i % C], 1.0, x[i] > 0.0) * dy[i]; }
}`,
  bindings: { x: 'read', dy: 'read', slope: 'read', dx: 'write' },
  constants: ['LENGTH', 'C'],
  elements: c => c.LENGTH,
  reference: ({ x, dy, slope, dx }, { C }) => {
    for (let i = 0; i < x.length; i++) dx[i] = (x[i]! > 0 ? 1 : slope[i % C]!) * dy[i]!
  },
})

/** dslope [C]: one invocation a channel adds up x dy where x is below zero. */
const slopeGradient = elementKernel({
  name: 'prelu-slope-gradient',
  source: `#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read_write> dslope: array<f32>;
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let c = flat_index(id, groups);
  if (c >= C) { return; }
  var sum = 0.0;
  for (var i = c; i < LENGTH; i += C) { sum += min(x[i], 0.0) * dy[i]; }
  dslope[c] = sum;
}`,
  bindings: { x: 'read', dy: 'read', dslope: 'write' },
  constants: ['LENGTH', 'C'],
  elements: c => c.C,
  reference: ({ x, dy, dslope }, { C }) => {
    dslope.fill(0)
    for (let i = 0; i < x.length; i++) dslope[i % C]! += Math.min(x[i]!, 0) * dy[i]!
  },
})

// #region OwnOp
/** What torch.nn.PReLU does and how it begins. Its weight is `<layer>.weight`, as there. */
const prelu: OwnOp = (x, { name }) => {
  const { trace } = x
  const constants = { LENGTH: x.size, C: x.shape.at(-1)! }
  const quarter: Initial = values => void values.fill(0.25)
  const slope = trace.parameter(`${name}.weight`, [constants.C], quarter, { decay: false })
  const y = trace.tensor(x.shape)
  trace.call(forward, { x, slope, y }, constants)
  trace.onBackward(y, dy => {
    const [dx, dslope] = [trace.tensor(x.shape), trace.gradient(slope)]
    trace.call(inputGradient, { x, dy, slope, dx }, constants)
    trace.call(slopeGradient, { x, dy, dslope }, constants)
    return [
      [x, dx],
      [slope, dslope],
    ]
  })
  return y
}
// #endregion

// #region Metric
/** The worst class: the share of its photos that are right. */
const worstClass: Metric = (probabilities, labels) => {
  const classes = probabilities.length / labels.length
  const right = Array.from({ length: classes }, (_, k) => {
    const own = [...labels.keys()].filter(row => labels[row] === k)
    const hits = own.filter(row => {
      const answer = probabilities.subarray(row * classes, (row + 1) * classes)
      return answer.indexOf(Math.max(...answer)) === k
    })
    return own.length === 0 ? 1 : hits.length / own.length
  })
  return Math.min(...right)
}
// #endregion

const { history, weights, model } = await fit(
  createReferenceDevice(),
  [
    layers.conv2d('conv1', 8, 3),
    layers.own('prelu', 'act1'),
    layers.maxPool(2),
    layers.conv2d('conv2', 16, 3, { activation: 'silu' }),
    layers.globalAveragePool(),
    layers.dense('fc', 3),
  ],
  drawShapes(120),
  {
    ops: { prelu },
    loss: binaryCrossEntropy(),
    metrics: { worstClass },
    validation: 0.25,
    epochs: 14,
    batchSize: 8,
    learningRate: 0.01,
  },
)
for (const { epoch, loss, validation } of history)
  console.log(
    `Epoch ${epoch}: loss ${loss.toFixed(3)}, worst class ${(100 * validation!.metrics!.worstClass!).toFixed(0)} %`,
  )

export { history, model, prelu, weights }
