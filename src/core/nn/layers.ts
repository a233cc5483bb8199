// Short ways to write the layers of a description; what they leave out has the usual value.

import type { BatchNormDescription, Conv2dDescription, DenseDescription, DropoutDescription, LayerDescription, PoolDescription } from './description.ts'

/** A square filter. `pad` is the same on every side; default: what keeps the size at stride 1. */
export function conv(name: string, filters: number, size: number, options: { readonly stride?: number; readonly pad?: number; readonly bias?: boolean; readonly groups?: number } = {}): Conv2dDescription {
  const { stride = 1, pad = Math.floor(size / 2), bias = true, groups = 1 } = options
  return { type: 'conv2d', name, filters, kernel: [size, size], stride: [stride, stride], padding: [pad, pad, pad, pad], dilation: [1, 1], groups, bias }
}

export function denseLayer(name: string, units: number): DenseDescription {
  return { type: 'dense', name, units, bias: true }
}

export function batchNormLayer(name: string): BatchNormDescription {
  return { type: 'batch-norm', name, epsilon: 1e-5, momentum: 0.1 }
}

/** A square window; default: windows side by side, no padding. */
export function maxPoolLayer(size: number, options: { readonly stride?: number; readonly pad?: number } = {}): PoolDescription {
  const { stride = size, pad = 0 } = options
  return { type: 'max-pool', size: [size, size], stride: [stride, stride], padding: [pad, pad, pad, pad] }
}

export function dropoutLayer(rate: number): DropoutDescription {
  return { type: 'dropout', rate }
}

export const reluLayer: LayerDescription = { type: 'relu' }
export const flattenLayer: LayerDescription = { type: 'flatten' }
export const globalAveragePoolLayer: LayerDescription = { type: 'global-average-pool' }
