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
  PoolDescription,
  ResidualDescription,
  WeightsBegin,
} from './description.ts'

export interface ConvOptions {
  readonly stride?: number
  /** The same on every side, or [top, left, bottom, right]; default: what keeps the size at stride 1. */
  readonly pad?: number | readonly [number, number, number, number]
  readonly bias?: boolean
  readonly groups?: number
  readonly dilation?: number
  readonly initial?: WeightsBegin
}

/** `filters` square filters of `size`. x [N H W C] -> y [N P Q filters]. */
function conv2d(name: string, filters: number, size: number, options: ConvOptions = {}): Conv2dDescription {
  const { stride = 1, bias = true, groups = 1, dilation = 1, initial } = options
  const { pad = dilation * Math.floor(size / 2) } = options
  return {
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
}

/** x [N F] -> y [N units]. */
function dense(
  name: string,
  units: number,
  { bias = true, initial }: Pick<ConvOptions, 'bias' | 'initial'> = {},
): DenseDescription {
  return { type: 'dense', name, units, bias, ...(initial !== undefined && { initial }) }
}

/** Over all dims but the last (Ioffe and Szegedy 2015), with the statistics of PyTorch. */
function batchNorm(name: string): BatchNormDescription {
  return { type: 'batch-norm', name, epsilon: 1e-5, momentum: 0.1 }
}

/** A square window; default: windows side by side, no padding. */
function maxPool(size: number, options: { readonly stride?: number; readonly pad?: number } = {}): PoolDescription {
  const { stride = size, pad = 0 } = options
  return { type: 'max-pool', size: [size, size], stride: [stride, stride], padding: [pad, pad, pad, pad] }
}

/** The mean of a square window; default: windows side by side, no padding. */
function averagePool(size: number, options: { readonly stride?: number; readonly pad?: number } = {}): PoolDescription {
  return { ...maxPool(size, options), type: 'average-pool' }
}

/** The mean of windows that share the photo out evenly. x [N H W C] -> y [N size size C]. */
function adaptiveAveragePool(size: number): AdaptivePoolDescription {
  return { type: 'adaptive-average-pool', size: [size, size] }
}

/** x times body(x), one value a channel or one a value: squeeze and excitation (Hu et al. 2018). */
function multiply(body: readonly LayerDescription[]): LayerDescription {
  return { type: 'multiply', body }
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
function residual(body: readonly LayerDescription[], shortcut: readonly LayerDescription[] = []): ResidualDescription {
  return { type: 'residual', body, shortcut }
}

/** The branches' results side by side along the channels. */
function concat(...branches: readonly (readonly LayerDescription[])[]): LayerDescription {
  return { type: 'concat', branches }
}

/** An activation by its name; `layers.relu()` is the one that others fuse. */
function activation(type: ActivationDescription['type']): ActivationDescription {
  return { type }
}

/** Zeroes each value with probability `rate` while training (Srivastava et al. 2014). */
function dropout(rate: number): DropoutDescription {
  return { type: 'dropout', rate }
}

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
  dropout,
  /** Names what flows here, for `pooledMarks`. */
  mark: (mark: string): LayerDescription => ({ type: 'mark', mark }),
  /** The means over H W of what flowed at these marks, side by side. -> y [N sum of C]. */
  pooledMarks: (...marks: readonly string[]): LayerDescription => ({ type: 'pooled-marks', marks }),
  /** x [N H W C] -> y [N H W C as one]. */
  flatten: (): LayerDescription => ({ type: 'flatten' }),
} as const
