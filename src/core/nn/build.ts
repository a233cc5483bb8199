// From a model description to the ops of one trace. The same walk serves training and evaluation: `trace.training`
// decides what dropout and batch norm do. A ReLU right after a convolution, dense layer or norm is done inside it, and
// so is, in training, a halving pool after a norm.

import { CoreError } from '../error.ts'
import { activation } from '../ops/activation.ts'
import { adaptiveAveragePool } from '../ops/pooling/adaptive-average-pool.ts'
import { add } from '../ops/add.ts'
import { averagePool } from '../ops/pooling/average-pool.ts'
import { batchNorm } from '../ops/normalisation/batch-norm.ts'
import { concat } from '../ops/concat.ts'
import { conv2d } from '../ops/products/conv2d.ts'
import { dense } from '../ops/products/dense.ts'
import { dropout } from '../ops/dropout.ts'
import { globalAveragePool } from '../ops/pooling/global-average-pool.ts'
import { groupNorm, layerNorm } from '../ops/normalisation/group-norm.ts'
import { maxPool } from '../ops/pooling/max-pool.ts'
import { meanOfHalves, withMirrored } from '../ops/batch/mirrored.ts'
import { multiply } from '../ops/multiply.ts'
import { relu } from '../ops/relu.ts'
import { reshape } from '../ops/reshape.ts'
import { shapeText } from '../tensor/shape.ts'
import type { Tensor, Initial } from '../tensor/trace.ts'
import { checkLayers } from './check-layers.ts'
import type {
  BatchNormDescription,
  Conv2dDescription,
  DenseDescription,
  LayerDescription,
  ModelDescription,
  OwnOps,
} from './description.ts'
import { he, normal, ones, uniform, xavier, zeros } from './initialisers.ts'
import { buildOwn } from './own-ops.ts'
import { namesIn } from './stages.ts'
import { featureLayer, maxFeatures } from './feature-layers.ts'

/** Told of each of the net's own layers (not those inside a block) before it is built: its index, and what flows into
 *  it. */
export type ForwardHook = (index: number, x: Tensor) => void

/** x [N H W C] -> logits [N classes]. Throws CoreError naming the layer and both shapes where they do not fit. */
export function forward(description: ModelDescription, x: Tensor, hook?: ForwardHook): Tensor {
  checkLayers(description)
  const { height, width, channels } = description.input
  if (shapeText(x.shape.slice(1)) !== shapeText([height, width, channels])) {
    throw new CoreError(
      'shape-mismatch',
      `The model ${description.preset} takes photos of ${height} x ${width} x ${channels} but got ${shapeText(x.shape.slice(1))}.`,
      'Prepare the photos at the size of the model.',
    )
  }
  const logits = mirrors(description, x)
    ? meanOfHalves(sequence(description.layers, withMirrored(x), new Walk(description), hook))
    : sequence(description.layers, x, new Walk(description), hook)
  if (logits.shape.length !== 2 || logits.shape[1] !== description.classes.length) {
    throw new CoreError(
      'bad-model',
      `The model ${description.preset} ends in ${shapeText(logits.shape)} but there are ${description.classes.length} classes.`,
      'End the layers with a dense layer of one unit a class.',
    )
  }
  return logits
}

/** Whether the net is asked about mirror images as well: never while it learns. */
function mirrors({ mirrored = false }: ModelDescription, { trace }: Tensor): boolean {
  return mirrored && !trace.training
}

/** The same with the features of each photo [N D] (nn/feature-layers.ts). */
export function forwardWithFeatures(
  description: ModelDescription,
  x: Tensor,
): { readonly logits: Tensor; readonly features: Tensor } {
  const at = featureLayer(description.layers)
  let found: Tensor | undefined
  const logits = forward(description, x, (index, input) => {
    if (index === at) found = mirrors(description, x) ? meanOfHalves(input) : input
  })
  return { logits, features: found && found.size / x.shape[0]! <= maxFeatures ? found : logits }
}

/** What one walk through a net knows: its own ops, its dropouts, told apart by their order, and what flowed at its
 *  marks. */
class Walk {
  readonly ops: OwnOps | undefined
  #count = 0
  readonly marks = new Map<string, Tensor>()

  constructor({ ops }: ModelDescription) {
    this.ops = ops
  }

  nextDropout(): number {
    return this.#count++
  }
}

function sequence(layers: readonly LayerDescription[], x: Tensor, walk: Walk, hook?: ForwardHook): Tensor {
  let y = x
  for (let i = 0; i < layers.length; i++) {
    hook?.(i, y)
    const fused = layers[i + 1]?.type === 'relu' && takesRelu(layers[i]!)
    const pool =
      x.trace.training && layers[i]!.type === 'batch-norm' && isHalving(layers[i + (fused ? 2 : 1)]) && holdsAWindow(y)
    y = layer(layers[i]!, y, { fused, pool, next: layers[i + 1]?.type, walk })
    i += Number(fused) + Number(pool)
  }
  return y
}

/** 2 x 2 windows side by side. */
function isHalving(description: LayerDescription | undefined): boolean {
  return (
    description?.type === 'max-pool' &&
    [...description.size, ...description.stride].every(side => side === 2) &&
    description.padding.every(side => side === 0)
  )
}

function holdsAWindow({ shape }: Tensor): boolean {
  return shape.length === 4 && shape[1]! >= 2 && shape[2]! >= 2
}

function takesRelu(description: LayerDescription): boolean {
  return (
    description.type === 'batch-norm' ||
    ((description.type === 'conv2d' || description.type === 'dense') && description.bias)
  )
}

/** Where a layer stands: what follows it, and whether a ReLU that does is done inside it. */
interface BuildPosition {
  readonly fused: boolean
  /** Whether a pool that follows is done inside it. */
  readonly pool: boolean
  readonly next: LayerDescription['type'] | undefined
  readonly walk: Walk
}

function layer(description: LayerDescription, x: Tensor, place: BuildPosition): Tensor {
  const { walk } = place
  switch (description.type) {
    case 'conv2d':
      return convLayer(description, x, place)
    case 'dense':
      return denseLayer(description, x, place)
    case 'batch-norm':
      return batchNormLayer(description, x, place)
    case 'group-norm':
      return groupNorm(x, { ...scaleAndShift(description.name, x), ...description })
    case 'layer-norm':
      return layerNorm(x, { ...scaleAndShift(description.name, x), ...description })
    case 'relu':
      return relu(x)
    case 'leaky-relu':
    case 'gelu':
    case 'silu':
    case 'sigmoid':
    case 'tanh':
    case 'relu6':
    case 'hard-swish':
    case 'hard-sigmoid':
      return activation(x, description.type)
    case 'max-pool':
      return inLayer(description, () => maxPool(x, description))
    case 'average-pool':
      return inLayer(description, () => averagePool(x, description))
    case 'adaptive-average-pool':
      return inLayer(description, () => adaptiveAveragePool(x, description.size))
    case 'multiply': {
      const factors = sequence(description.body, x, walk)
      return inLayer(description, () => multiply(x, factors))
    }
    case 'mark':
      walk.marks.set(description.mark, x)
      return x
    case 'pooled-marks': {
      const means = description.marks.map(mark => globalAveragePool(walk.marks.get(mark)!))
      return means.length === 1 ? means[0]! : concat(means)
    }
    case 'global-average-pool':
      return globalAveragePool(x)
    case 'flatten':
      return reshape(x, [x.shape[0]!, x.size / x.shape[0]!])
    case 'dropout':
      return dropout(x, { rate: description.rate, layer: walk.nextDropout() })
    case 'residual': {
      const [body, shortcut] = [sequence(description.body, x, walk), sequence(description.shortcut, x, walk)]
      return inLayer(description, () => add(body, shortcut))
    }
    case 'concat': {
      const branches = description.branches.map(branch => sequence(branch, x, walk))
      return inLayer(description, () => concat(branches))
    }
    case 'own':
      return buildOwn(description, x, walk.ops)
  }
}

/** An op without parameters knows no layer by name: where its shapes do not fit, the layer is named here, a block by
 *  what lies in it. */
function inLayer(description: LayerDescription, build: () => Tensor): Tensor {
  try {
    return build()
  } catch (error) {
    if (!(error instanceof CoreError) || error.code !== 'shape-mismatch') throw error
    const names = namesIn(description)
    const which = names.length > 0 ? `${description.type} of ${names.join(', ')}` : description.type
    throw new CoreError(error.code, `Layer ${which}: ${error.message}`, error.fix)
  }
}

/**
 * As the description says; where it says nothing, what follows decides: a norm takes any scale and learns faster from
 * small weights, the logits begin near zero so that no class is favoured, and before a ReLU the variance is kept.
 */
function weights(
  { type, initial }: Conv2dDescription | DenseDescription,
  fanIn: number,
  fanOut: number,
  { next }: BuildPosition,
): Initial {
  if (typeof initial === 'number') return normal(initial)
  if (initial !== undefined) return initial === 'he' ? he(fanIn) : xavier(fanIn, fanOut)
  if (next === 'batch-norm' || next === 'group-norm' || next === 'layer-norm') return uniform(fanIn)
  return type === 'dense' && (next === undefined || next === 'dropout') ? normal(0.01) : he(fanIn)
}

function convLayer(description: Conv2dDescription, x: Tensor, place: BuildPosition): Tensor {
  const {
    name,
    filters,
    kernel: [R, S],
    stride,
    padding,
    dilation,
    groups,
  } = description
  const perGroup = Math.floor(x.shape[3]! / groups)
  const w = x.trace.parameter(
    `${name}.weight`,
    [R, S, perGroup, filters],
    weights(description, R * S * perGroup, R * S * Math.floor(filters / groups), place),
    { decay: true },
  )
  const bias = description.bias ? x.trace.parameter(`${name}.bias`, [filters], zeros, { decay: false }) : undefined
  return conv2d(x, w, { stride, padding, dilation, groups, relu: place.fused, ...(bias && { bias }) })
}

function denseLayer(description: DenseDescription, x: Tensor, place: BuildPosition): Tensor {
  const w = x.trace.parameter(
    `${description.name}.weight`,
    [x.shape[1]!, description.units],
    weights(description, x.shape[1]!, description.units, place),
    { decay: true },
  )
  const bias = description.bias
    ? x.trace.parameter(`${description.name}.bias`, [description.units], zeros, { decay: false })
    : undefined
  return dense(x, w, { relu: place.fused, ...(bias && { bias }) })
}

function batchNormLayer(
  { name, epsilon, momentum }: BatchNormDescription,
  x: Tensor,
  { fused, pool }: BuildPosition,
): Tensor {
  const { trace } = x
  const channels = [x.shape.at(-1)!]
  return batchNorm(x, {
    ...scaleAndShift(name, x),
    runningMean: trace.state(`${name}.running_mean`, channels, 'f32', zeros),
    runningVar: trace.state(`${name}.running_var`, channels, 'f32', ones),
    epsilon,
    momentum,
    relu: fused,
    pool,
  })
}

/** The parameters of a norm: one of each a channel. */
function scaleAndShift(name: string, x: Tensor): { readonly gamma: Tensor; readonly beta: Tensor } {
  const channels = [x.shape.at(-1)!]
  return {
    gamma: x.trace.parameter(`${name}.weight`, channels, ones, { decay: false }),
    beta: x.trace.parameter(`${name}.bias`, channels, zeros, { decay: false }),
  }
}
