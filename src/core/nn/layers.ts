// The layers of a description, one way for all: `layers.conv2d(...)`, `layers.relu()`. What an option leaves out has the
// usual value. Activations are N H W C, filters R S C K; a description holds no shapes but those of its windows.

import type {
  ActivationDescription,
  AdaptivePoolDescription,
  BatchNormDescription,
  Conv2dDescription,
  DenseDescription,
  DropoutDescription,
  GroupNormDescription,
  LayerDescription,
  LayerNormDescription,
  OwnDescription,
  PoolDescription,
  ResidualDescription,
  WeightsBegin,
} from './description.ts'
import { refuseOthers } from '../options.ts'

/** Layers one after the other; what `layers.conv2d` and `layers.dense` make with an activation may stand among them. */
export type LayerList = readonly (LayerDescription | readonly LayerDescription[])[]

/** The same as one flat list, which is what ModelDescription holds. */
export function flatLayers(list: LayerList): readonly LayerDescription[] {
  return list.flat()
}

/** Options of `layers.conv2d`; strides, padding and dilation are the same down and across, in pixels. */
export interface ConvOptions {
  readonly stride?: number
  /** The same on every side, or [top, left, bottom, right]; default: what keeps the size at stride 1. */
  readonly pad?: number | readonly [number, number, number, number]
  readonly bias?: boolean
  readonly groups?: number
  readonly dilation?: number
  readonly initial?: WeightsBegin
}

type WithActivation = { readonly activation: ActivationDescription['type'] }

/** `filters` square filters of `size`. x [N H W C] -> y [N P Q filters]. With `activation` two layers, the convolution
 *  and what follows it, as a list that stands in the list of layers. */
function conv2d(name: string, filters: number, size: number, options?: ConvOptions): Conv2dDescription
function conv2d(
  name: string,
  filters: number,
  size: number,
  options: ConvOptions & WithActivation,
): readonly [Conv2dDescription, ActivationDescription]
function conv2d(name: string, filters: number, size: number, options: ConvOptions & Partial<WithActivation> = {}) {
  const { stride = 1, bias = true, groups = 1, dilation = 1, initial, activation: follows, ...rest } = options
  const { pad = dilation * Math.floor(size / 2), ...others } = rest
  const known = ['stride', 'pad', 'bias', 'groups', 'dilation', 'initial', 'activation']
  refuseOthers(`layers.conv2d of ${name}`, others, known)
  const layer: Conv2dDescription = {
    type: 'conv2d',
    name,
    filters,
    kernel: [size, size],
    stride: [stride, stride],
    padding: typeof pad === 'number' ? [pad, pad, pad, pad] : pad,
    dilation: [dilation, dilation],
    groups,
    bias,
    ...(initial !== undefined && { initial }),
  }
  return follows === undefined ? layer : ([layer, activation(follows)] as const)
}

type DenseOptions = Pick<ConvOptions, 'bias' | 'initial'>

/** x [N F] -> y [N units]. With `activation` two layers, as `layers.conv2d` makes them. */
function dense(name: string, units: number, options?: DenseOptions): DenseDescription
function dense(
  name: string,
  units: number,
  options: DenseOptions & WithActivation,
): readonly [DenseDescription, ActivationDescription]
function dense(
  name: string,
  units: number,
  { bias = true, initial, activation: follows, ...others }: DenseOptions & Partial<WithActivation> = {},
) {
  refuseOthers(`layers.dense of ${name}`, others, ['bias', 'initial', 'activation'])
  const layer: DenseDescription = { type: 'dense', name, units, bias, ...(initial !== undefined && { initial }) }
  return follows === undefined ? layer : ([layer, activation(follows)] as const)
}

/** Over all dims but the last (Ioffe and Szegedy 2015), with the statistics of PyTorch. */
function batchNorm(name: string): BatchNormDescription {
  return { type: 'batch-norm', name, epsilon: 1e-5, momentum: 0.1 }
}

interface WindowOptions {
  readonly stride?: number
  readonly pad?: number
}

/** A square window; default: windows side by side, no padding. */
function maxPool(size: number, options: WindowOptions = {}): PoolDescription {
  const { stride = size, pad = 0, ...others } = options
  refuseOthers('layers.maxPool', others, ['stride', 'pad'])
  return { type: 'max-pool', size: [size, size], stride: [stride, stride], padding: [pad, pad, pad, pad] }
}

/** The mean of a square window; default: windows side by side, no padding. */
function averagePool(size: number, options: WindowOptions = {}): PoolDescription {
  return { ...maxPool(size, options), type: 'average-pool' }
}

/** The mean of windows that share the photo out evenly. x [N H W C] -> y [N size size C]. */
function adaptiveAveragePool(size: number): AdaptivePoolDescription {
  return { type: 'adaptive-average-pool', size: [size, size] }
}

/** x times body(x), one value a channel or one a value: squeeze and excitation (Hu et al. 2018). */
function multiply(body: LayerList): LayerDescription {
  return { type: 'multiply', body: flatLayers(body) }
}

/** Each photo's channels in `groups` (Wu and He 2018). */
function groupNorm(name: string, groups: number): GroupNormDescription {
  return { type: 'group-norm', name, groups, epsilon: 1e-5 }
}

/** Over all values of a photo (Ba et al. 2016). */
function layerNorm(name: string): LayerNormDescription {
  return { type: 'layer-norm', name, epsilon: 1e-5 }
}

/** body(x) + shortcut(x); without a shortcut x itself. */
function residual(body: LayerList, shortcut: LayerList = []): ResidualDescription {
  return { type: 'residual', body: flatLayers(body), shortcut: flatLayers(shortcut) }
}

/** The branches' results side by side along the channels. */
function concat(...branches: readonly LayerList[]): LayerDescription {
  return { type: 'concat', branches: branches.map(flatLayers) }
}

/** An op that core does not know: `op` is its name in the model's `ops` (`fit` and ModelDescription take them), `name`
 *  the prefix of its parameters, and `options` are values of JSON that it is given. */
function own(op: string, name: string, options: Readonly<Record<string, unknown>> = {}): OwnDescription {
  return { type: 'own', name, op, options }
}

/** An activation by its name; `layers.relu()` is the one that others fuse. */
function activation(type: ActivationDescription['type']): ActivationDescription {
  return { type }
}

/** Zeroes each value with probability `rate` while training (Srivastava et al. 2014). */
function dropout(rate: number): DropoutDescription {
  return { type: 'dropout', rate }
}

/** The layers that there are, each as a function that answers its description. Shapes are worked out when the net is
 *  built: CoreError 'shape-mismatch' names the layer that does not fit. */
export const layers = {
  conv2d,
  dense,
  batchNorm,
  groupNorm,
  layerNorm,
  maxPool,
  averagePool,
  adaptiveAveragePool,
  /** The mean over all pixels of each channel. x [N H W C] -> y [N C]. */
  globalAveragePool: (): LayerDescription => ({ type: 'global-average-pool' }),
  residual,
  concat,
  multiply,
  /** y = max(x, 0). */
  relu: (): LayerDescription => ({ type: 'relu' }),
  activation,
  own,
  dropout,
  /** Names what flows here, for `pooledMarks`. */
  mark: (mark: string): LayerDescription => ({ type: 'mark', mark }),
  /** The means over H W of what flowed at these marks, side by side. -> y [N sum of C]. */
  pooledMarks: (...marks: readonly string[]): LayerDescription => ({ type: 'pooled-marks', marks }),
  /** x [N H W C] -> y [N H W C as one]. */
  flatten: (): LayerDescription => ({ type: 'flatten' }),
} as const
