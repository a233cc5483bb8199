// Short ways to write the layers of a description; what they leave out has the usual value.

import type {
  ActivationDescription,
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
  /** The same on every side; default: what keeps the size at stride 1. */
  readonly pad?: number
  readonly bias?: boolean
  readonly groups?: number
  readonly dilation?: number
  readonly initial?: WeightsBegin
}

/** A square filter. */
export function conv(name: string, filters: number, size: number, options: ConvOptions = {}): Conv2dDescription {
  const { stride = 1, bias = true, groups = 1, dilation = 1, initial } = options
  const { pad = dilation * Math.floor(size / 2) } = options
  return {
    type: 'conv2d',
    name,
    filters,
    kernel: [size, size],
    stride: [stride, stride],
    padding: [pad, pad, pad, pad],
    dilation: [dilation, dilation],
    groups,
    bias,
    ...(initial !== undefined && { initial }),
  }
}

export function denseLayer(
  name: string,
  units: number,
  { initial }: Pick<ConvOptions, 'initial'> = {},
): DenseDescription {
  return { type: 'dense', name, units, bias: true, ...(initial !== undefined && { initial }) }
}

export function batchNormLayer(name: string): BatchNormDescription {
  return { type: 'batch-norm', name, epsilon: 1e-5, momentum: 0.1 }
}

/** A square window; default: windows side by side, no padding. */
export function maxPoolLayer(
  size: number,
  options: { readonly stride?: number; readonly pad?: number } = {},
): PoolDescription {
  const { stride = size, pad = 0 } = options
  return { type: 'max-pool', size: [size, size], stride: [stride, stride], padding: [pad, pad, pad, pad] }
}

/** The mean of a square window; default: windows side by side, no padding. */
export function averagePoolLayer(
  size: number,
  options: { readonly stride?: number; readonly pad?: number } = {},
): PoolDescription {
  return { ...maxPoolLayer(size, options), type: 'average-pool' }
}

export function groupNormLayer(name: string, groups: number): GroupNormDescription {
  return { type: 'group-norm', name, groups, epsilon: 1e-5 }
}

export function layerNormLayer(name: string): LayerNormDescription {
  return { type: 'layer-norm', name, epsilon: 1e-5 }
}

/** body(x) + shortcut(x); without a shortcut x itself. */
export function residualLayer(
  body: readonly LayerDescription[],
  shortcut: readonly LayerDescription[] = [],
): ResidualDescription {
  return { type: 'residual', body, shortcut }
}

export function concatLayer(...branches: readonly (readonly LayerDescription[])[]): LayerDescription {
  return { type: 'concat', branches }
}

export function activationLayer(type: ActivationDescription['type']): ActivationDescription {
  return { type }
}

export function dropoutLayer(rate: number): DropoutDescription {
  return { type: 'dropout', rate }
}

export const reluLayer: LayerDescription = { type: 'relu' }
export const flattenLayer: LayerDescription = { type: 'flatten' }
export const globalAveragePoolLayer: LayerDescription = { type: 'global-average-pool' }
