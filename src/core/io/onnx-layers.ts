// One layer of a model description as ONNX nodes. Values flow channels first, as ONNX wants: N C H W, or N F after a
// flatten. Each function takes the value so far with its shape, checks the weights against it, and answers the value
// after the layer.

import { CoreError } from '../error.ts'
import type {
  ActivationDescription,
  AdaptivePoolDescription,
  BatchNormDescription,
  ConcatDescription,
  Conv2dDescription,
  DenseDescription,
  GroupNormDescription,
  LayerDescription,
  LayerNormDescription,
  MultiplyDescription,
  PooledMarksDescription,
  PoolDescription,
  ResidualDescription,
  StateDict,
} from '../nn/description.ts'
import type { GraphBuilder } from './onnx-graph.ts'

/** A value in the graph: its name and its shape without N, either [C, H, W] or [F]. */
export interface Value {
  readonly name: string
  readonly shape: readonly number[]
}

export interface LayerContext {
  readonly graph: GraphBuilder
  readonly weights: StateDict
  /** What flowed at each mark so far. */
  readonly marks: Map<string, Value>
}

/** The value after all `layers`. Throws CoreError 'bad-model' where a weight is missing or a shape does not fit. */
export function addLayers(context: LayerContext, layers: readonly LayerDescription[], value: Value): Value {
  return layers.reduce((before, layer) => addLayer(context, layer, before), value)
}

function addLayer(context: LayerContext, layer: LayerDescription, value: Value): Value {
  switch (layer.type) {
    case 'conv2d':
      return addConv(context, layer, value)
    case 'dense':
      return addDense(context, layer, value)
    case 'batch-norm':
      return addBatchNorm(context, layer, value)
    case 'group-norm':
      return addGroupNorm(context, layer, value)
    case 'layer-norm':
      return addLayerNorm(context, layer, value)
    case 'max-pool':
    case 'average-pool':
      return addPool(context, layer, value)
    case 'global-average-pool':
      return addGlobalPool(context, value)
    case 'adaptive-average-pool':
      return addAdaptivePool(context, layer, value)
    case 'multiply':
      return addMultiply(context, layer, value)
    case 'mark':
      context.marks.set(layer.mark, value)
      return value
    case 'pooled-marks':
      return addPooledMarks(context, layer)
    case 'flatten':
      return addFlatten(context, value)
    case 'dropout':
      return value
    case 'residual':
      return addResidual(context, layer, value)
    case 'concat':
      return addConcat(context, layer, value)
    case 'own':
      throw new CoreError(
        'bad-model',
        `Layer ${layer.name} is the own op "${layer.op}", which ONNX has no operator for.`,
        'Export a net of the given layers, or write the op as some of them.',
      )
    default:
      return { ...value, name: addActivation(context.graph, layer.type, value.name) }
  }
}

function addConv(context: LayerContext, layer: Conv2dDescription, value: Value): Value {
  const [channels, height, width] = image(value, layer.name)
  const { name, filters, groups, kernel, stride, padding, dilation } = layer
  const inputs = [value.name, weight(context, `${name}.weight`, [filters, channels / groups, ...kernel])]
  if (layer.bias) inputs.push(weight(context, `${name}.bias`, [filters]))
  const output = context.graph.node(
    'Conv',
    inputs,
    { kernel_shape: kernel, strides: stride, pads: padding, dilations: dilation, group: groups },
    `${name}/Conv`,
  )
  const spans = [dilation[0] * (kernel[0] - 1) + 1, dilation[1] * (kernel[1] - 1) + 1] as const
  return { name: output, shape: [filters, ...windows(layer.name, [height, width], spans, stride, padding)] }
}

function addDense(context: LayerContext, { name, units, bias }: DenseDescription, value: Value): Value {
  if (value.shape.length !== 1) throw bad(`Layer ${name} needs [N, F] but gets an image of ${value.shape.join(' x ')}.`)
  const inputs = [value.name, weight(context, `${name}.weight`, [units, value.shape[0]!])]
  if (bias) inputs.push(weight(context, `${name}.bias`, [units]))
  return { name: context.graph.node('Gemm', inputs, { transB: 1 }, `${name}/Gemm`), shape: [units] }
}

function addBatchNorm(context: LayerContext, { name, epsilon }: BatchNormDescription, value: Value): Value {
  const channels = value.shape[0]!
  const parts = ['weight', 'bias', 'running_mean', 'running_var'].map(part =>
    weight(context, `${name}.${part}`, [channels]),
  )
  const output = context.graph.node(
    'BatchNormalization',
    [value.name, ...parts],
    { epsilon: { float: epsilon } },
    `${name}/BatchNormalization`,
  )
  return { ...value, name: output }
}

/** Operator set 17 has no group norm: each group becomes a channel of an instance norm, then every channel its scale
 *  and shift. */
function addGroupNorm(context: LayerContext, { name, groups, epsilon }: GroupNormDescription, value: Value): Value {
  const { graph } = context
  const channels = value.shape[0]!
  if (channels % groups !== 0)
    throw bad(`Layer ${name} splits ${channels} channels into ${groups} groups, which leaves a rest.`)
  const perChannel = [channels, ...value.shape.slice(1).map(() => 1)]
  const constant = (part: string, fill: number) =>
    graph.constant(`${name}.group_${part}`, [groups], new Float32Array(groups).fill(fill))
  const grouped = graph.node('Reshape', [value.name, graph.integers(`${name}.groups`, [0, groups, -1])])
  const normal = graph.node('InstanceNormalization', [grouped, constant('scale', 1), constant('shift', 0)], {
    epsilon: { float: epsilon },
  })
  const back = graph.node('Reshape', [normal, graph.integers(`${name}.shape`, [0, ...value.shape])])
  const scaled = graph.node('Mul', [back, weight(context, `${name}.weight`, [channels], perChannel)])
  return {
    ...value,
    name: graph.node(
      'Add',
      [scaled, weight(context, `${name}.bias`, [channels], perChannel)],
      {},
      `${name}/GroupNormalization`,
    ),
  }
}

/** Over the last dimension, so images take their channels there and back. */
function addLayerNorm(context: LayerContext, { name, epsilon }: LayerNormDescription, value: Value): Value {
  const { graph } = context
  const parts = ['weight', 'bias'].map(part => weight(context, `${name}.${part}`, [value.shape[0]!]))
  const norm = (x: string) =>
    graph.node(
      'LayerNormalization',
      [x, ...parts],
      { axis: -1, epsilon: { float: epsilon } },
      `${name}/LayerNormalization`,
    )
  if (value.shape.length === 1) return { ...value, name: norm(value.name) }
  const channelsLast = graph.node('Transpose', [value.name], { perm: [0, 2, 3, 1] })
  return { ...value, name: graph.node('Transpose', [norm(channelsLast)], { perm: [0, 3, 1, 2] }) }
}

function addPool(context: LayerContext, { type, size, stride, padding }: PoolDescription, value: Value): Value {
  const [channels, height, width] = image(value, type)
  const attributes = { kernel_shape: size, strides: stride, pads: padding }
  const output =
    type === 'max-pool'
      ? context.graph.node('MaxPool', [value.name], attributes)
      : context.graph.node('AveragePool', [value.name], { ...attributes, count_include_pad: 0 })
  return { name: output, shape: [channels, ...windows(type, [height, width], size, stride, padding)] }
}

function addGlobalPool({ graph }: LayerContext, value: Value): Value {
  const [channels] = image(value, 'global-average-pool')
  return {
    name: graph.node('Flatten', [graph.node('GlobalAveragePool', [value.name])], { axis: 1 }),
    shape: [channels],
  }
}

/** ONNX has no such pool: windows side by side are an average pool; others are products with the shares that each row
 *  and column has in each window, one from the left and one from the right. */
function addAdaptivePool(context: LayerContext, { type, size: [P, Q] }: AdaptivePoolDescription, value: Value): Value {
  const [channels, height, width] = image(value, type)
  const { graph } = context
  const shape = [channels, P, Q]
  if (height % P === 0 && width % Q === 0) {
    const window = [height / P, width / Q]
    return { name: graph.node('AveragePool', [value.name], { kernel_shape: window, strides: window }), shape }
  }
  const rows = graph.constant(`adaptive_${height}_${P}`, [P, height], sharesOf(height, P))
  const columns = graph.node('Transpose', [graph.constant(`adaptive_${width}_${Q}`, [Q, width], sharesOf(width, Q))], {
    perm: [1, 0],
  })
  return { name: graph.node('MatMul', [graph.node('MatMul', [rows, value.name]), columns]), shape }
}

/** [windows length]: what each place counts for in the mean of each window. */
function sharesOf(length: number, windows: number): Float32Array<ArrayBuffer> {
  const shares = new Float32Array(windows * length)
  for (let w = 0; w < windows; w++) {
    const [from, to] = [Math.floor((w * length) / windows), Math.ceil(((w + 1) * length) / windows)]
    shares.fill(1 / (to - from), w * length + from, w * length + to)
  }
  return shares
}

function addMultiply(context: LayerContext, { body }: MultiplyDescription, value: Value): Value {
  const factors = addLayers(context, body, value)
  return { ...value, name: context.graph.node('Mul', [value.name, factors.name]) }
}

function addPooledMarks(context: LayerContext, { marks }: PooledMarksDescription): Value {
  const means = marks.map(mark => addGlobalPool(context, context.marks.get(mark)!))
  const shape = [means.reduce((sum, mean) => sum + mean.shape[0]!, 0)]
  if (means.length === 1) return means[0]!
  return {
    name: context.graph.node(
      'Concat',
      means.map(({ name }) => name),
      { axis: 1 },
    ),
    shape,
  }
}

function addFlatten({ graph }: LayerContext, value: Value): Value {
  if (value.shape.length === 1) return value
  return {
    name: graph.node('Flatten', [value.name], { axis: 1 }),
    shape: [value.shape.reduce((product, length) => product * length, 1)],
  }
}

function addResidual(context: LayerContext, { body, shortcut }: ResidualDescription, value: Value): Value {
  const long = addLayers(context, body, value)
  const short = addLayers(context, shortcut, value)
  if (long.shape.join() !== short.shape.join()) {
    throw bad(`A residual's body gives ${long.shape.join(' x ')} but its shortcut ${short.shape.join(' x ')}.`)
  }
  return { name: context.graph.node('Add', [long.name, short.name]), shape: long.shape }
}

function addConcat(context: LayerContext, { branches }: ConcatDescription, value: Value): Value {
  const ends = branches.map(branch => addLayers(context, branch, value))
  const first = ends[0]
  if (!first) throw bad('A concat has no branches.')
  const odd = ends.find(
    ({ shape }) => shape.slice(1).join() !== first.shape.slice(1).join() || shape.length !== first.shape.length,
  )
  if (odd)
    throw bad(
      `A concat's branches give ${first.shape.join(' x ')} and ${odd.shape.join(' x ')}, which do not lie side by side.`,
    )
  const channels = ends.reduce((sum, { shape }) => sum + shape[0]!, 0)
  return {
    name: context.graph.node(
      'Concat',
      ends.map(end => end.name),
      { axis: 1 },
    ),
    shape: [channels, ...first.shape.slice(1)],
  }
}

/** GELU is x / 2 (1 + erf(x / sqrt 2)), PyTorch's default; as its own operator it came only with operator set 20. */
function addActivation(graph: GraphBuilder, type: ActivationDescription['type'], x: string): string {
  switch (type) {
    case 'relu':
      return graph.node('Relu', [x])
    case 'leaky-relu':
      return graph.node('LeakyRelu', [x], { alpha: { float: 0.01 } })
    case 'sigmoid':
      return graph.node('Sigmoid', [x])
    case 'tanh':
      return graph.node('Tanh', [x])
    case 'relu6':
      return graph.node('Clip', [x, graph.scalar(0), graph.scalar(6)])
    case 'hard-swish':
      return graph.node('HardSwish', [x])
    case 'hard-sigmoid':
      return graph.node('HardSigmoid', [x], { alpha: { float: 1 / 6 }, beta: { float: 0.5 } })
    case 'silu':
      return graph.node('Mul', [x, graph.node('Sigmoid', [x])], {}, 'Silu')
    case 'gelu': {
      const erf = graph.node('Erf', [graph.node('Mul', [x, graph.scalar(Math.SQRT1_2)])])
      const half = graph.node('Mul', [x, graph.scalar(0.5)])
      return graph.node('Mul', [half, graph.node('Add', [erf, graph.scalar(1)])], {}, 'Gelu')
    }
  }
}

/** The weight `name`, which must have this shape in the state dict, as a constant of that shape or another one. */
function weight({ graph, weights }: LayerContext, name: string, shape: readonly number[], written = shape): string {
  const tensor = weights.get(name)
  if (!tensor) throw bad(`The weights hold no ${name}.`)
  if (tensor.shape.join() !== shape.join())
    throw bad(`${name} has the shape [${tensor.shape.join(', ')}], but the model needs [${shape.join(', ')}].`)
  return graph.constant(name, written, tensor.data)
}

function image({ shape }: Value, layer: string): readonly [number, number, number] {
  if (shape.length !== 3) throw bad(`Layer ${layer} needs an image but gets ${shape[0]} values in a row.`)
  return shape as unknown as readonly [number, number, number]
}

type AxisPair = readonly [number, number]

function windows(
  layer: string,
  extent: AxisPair,
  span: AxisPair,
  stride: AxisPair,
  [top, left, bottom, right]: PoolDescription['padding'],
): [number, number] {
  const rows = Math.floor((extent[0] + top + bottom - span[0]) / stride[0]) + 1
  const columns = Math.floor((extent[1] + left + right - span[1]) / stride[1]) + 1
  if (rows < 1 || columns < 1)
    throw bad(
      `Layer ${layer} has a window of ${span.join(' x ')}, larger than its image of ${extent.join(' x ')} with padding.`,
    )
  return [rows, columns]
}

function bad(message: string): CoreError {
  return new CoreError('bad-model', message, 'Use a checkpoint whose weights belong to its model.')
}
