// Which dense layers read a flattened photo, and what it looked like before: the shapes of a description without building it.

import type { LayerDescription, ModelDescription } from './description.ts'

type Extent = { readonly h: number; readonly w: number; readonly c: number; readonly flat: boolean }

/** Weight name -> [pixels, channels] for every dense layer whose input was flattened from [H W C]. */
export function flattenedInputs(description: ModelDescription): ReadonlyMap<string, readonly [number, number]> {
  const found = new Map<string, readonly [number, number]>()
  const { height, width, channels } = description.input
  walk(description.layers, { h: height, w: width, c: channels, flat: false }, found)
  return found
}

function walk(layers: readonly LayerDescription[], from: Extent, found: Map<string, readonly [number, number]>): Extent {
  return layers.reduce((extent, layer) => after(layer, extent, found), from)
}

function after(layer: LayerDescription, x: Extent, found: Map<string, readonly [number, number]>): Extent {
  switch (layer.type) {
    case 'conv2d': return { ...window(x, layer.kernel, layer.stride, layer.padding, layer.dilation), c: layer.filters }
    case 'max-pool':
    case 'average-pool': return window(x, layer.size, layer.stride, layer.padding, [1, 1])
    case 'global-average-pool': return { h: 1, w: 1, c: x.c, flat: false }
    case 'flatten': return { ...x, flat: true }
    case 'dense':
      if (x.flat) found.set(`${layer.name}.weight`, [x.h * x.w, x.c])
      return { h: 1, w: 1, c: layer.units, flat: false }
    case 'residual': return walk(layer.body, x, found)
    case 'concat': {
      const ends = layer.branches.map(branch => walk(branch, x, found))
      return { ...ends[0]!, c: ends.reduce((sum, end) => sum + end.c, 0) }
    }
    default: return x
  }
}

type Pair = readonly [number, number]

function window(x: Extent, size: Pair, stride: Pair, padding: readonly [number, number, number, number], dilation: Pair): Extent {
  const length = (from: number, axis: 0 | 1) => Math.floor((from + padding[axis] + padding[axis === 0 ? 2 : 3] - dilation[axis] * (size[axis] - 1) - 1) / stride[axis]) + 1
  return { ...x, h: length(x.h, 0), w: length(x.w, 1) }
}
