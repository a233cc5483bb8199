// What a net costs before anything is allocated: shapes, parameters, operations and memory of every layer, from the
// description alone.

import { CoreError } from '../error.ts'
import { shapeText } from '../tensor/shape.ts'
import type { LayerDescription, ModelDescription, OwnOps } from './description.ts'
import { ownShape } from './own-ops.ts'

/** What one layer makes and costs, for one photo. */
export interface LayerSummary {
  /** The layer's name, or its type where it has none; layers of a residual or concat stand one after the other. */
  readonly name: string
  readonly type: LayerDescription['type']
  /** [H W C] or [F] after the layer, for one photo. */
  readonly shape: readonly number[]
  readonly parameters: number
  /** Multiplications with addition of a forward pass of one photo; a training step takes about three times as many. What
   *  an own op does is not counted. */
  readonly multiplyAdds: number
}

/** What a net makes and costs, layer by layer and in all, for one photo. */
export interface ModelSummary {
  readonly layers: readonly LayerSummary[]
  readonly parameters: number
  readonly multiplyAdds: number
  /** Bytes of the parameters in f32. */
  readonly parameterBytes: number
  /** Bytes of all layers' outputs for one photo in f32: what training keeps, about, times the photos of a batch. */
  readonly activationBytes: number
}

/** Throws CoreError 'shape-mismatch' naming the layer and the shape that reaches it. */
export function summarise(description: ModelDescription): ModelSummary {
  const layers: LayerSummary[] = []
  const { height, width, channels } = description.input
  walk(description.layers, [height, width, channels], { layers, marks: new Map(), ops: description.ops })
  const sum = (value: (layer: LayerSummary) => number) => layers.reduce((total, layer) => total + value(layer), 0)
  const parameters = sum(layer => layer.parameters)
  return {
    layers,
    parameters,
    multiplyAdds: sum(layer => layer.multiplyAdds),
    parameterBytes: parameters * 4,
    activationBytes: sum(layer => elements(layer.shape)) * 4,
  }
}

type LayerShape = readonly number[]

/** What the walk has come to know: the layers so far, and the shape at each mark; and what layers of own ops are. */
interface FoundLayers {
  readonly layers: LayerSummary[]
  readonly marks: Map<string, LayerShape>
  readonly ops: OwnOps | undefined
}

function walk(layers: readonly LayerDescription[], from: LayerShape, found: FoundLayers): LayerShape {
  return layers.reduce((shape, layer) => after(layer, shape, found), from)
}

function after(layer: LayerDescription, x: LayerShape, found: FoundLayers): LayerShape {
  if (layer.type === 'residual') return afterResidual(layer.body, layer.shortcut, x, found)
  if (layer.type === 'concat') return afterConcat(layer.branches, x, found)
  if (layer.type === 'multiply') return afterMultiply(layer.body, x, found)
  if (layer.type === 'mark') found.marks.set(layer.mark, x)
  if (layer.type === 'own') {
    const { shape, parameters } = ownShape(layer, x, found.ops)
    found.layers.push({ name: layer.name, type: layer.type, shape, parameters, multiplyAdds: 0 })
    return shape
  }
  const name = 'name' in layer ? layer.name : layer.type
  const shape = layer.type === 'pooled-marks' ? pooledShape(layer.marks, found) : shapeAfter(layer, x, name)
  const parameters = parametersOf(layer, x)
  found.layers.push({ name, type: layer.type, shape, parameters, multiplyAdds: multiplyAddsOf(layer, x, shape) })
  return shape
}

function afterResidual(
  body: readonly LayerDescription[],
  shortcut: readonly LayerDescription[],
  x: LayerShape,
  found: FoundLayers,
): LayerShape {
  const [long, short] = [walk(body, x, found), walk(shortcut, x, found)]
  if (shapeText(long) !== shapeText(short))
    throw doesNotFit('A residual', `body gives ${shapeText(long)} but shortcut ${shapeText(short)}`)
  found.layers.push({ name: 'residual', type: 'residual', shape: long, parameters: 0, multiplyAdds: 0 })
  return long
}

/** The body gives one value a channel, or one for each of x. */
function afterMultiply(body: readonly LayerDescription[], x: LayerShape, found: FoundLayers): LayerShape {
  const factors = walk(body, x, found)
  const perChannel = [...x.slice(0, -1).map(() => 1), x.at(-1)!]
  if (shapeText(factors) !== shapeText(x) && shapeText(factors) !== shapeText(perChannel))
    throw doesNotFit('A multiply', `has ${shapeText(x)} but its body gives ${shapeText(factors)}`)
  found.layers.push({ name: 'multiply', type: 'multiply', shape: x, parameters: 0, multiplyAdds: 0 })
  return x
}

function pooledShape(marks: readonly string[], found: FoundLayers): LayerShape {
  return [marks.reduce((sum, mark) => sum + found.marks.get(mark)!.at(-1)!, 0)]
}

function afterConcat(
  branches: readonly (readonly LayerDescription[])[],
  x: LayerShape,
  found: FoundLayers,
): LayerShape {
  const ends = branches.map(branch => walk(branch, x, found))
  if (ends.length === 0) throw doesNotFit('A concat', 'has no branches')
  const shape = [...ends[0]!.slice(0, -1), ends.reduce((sum, end) => sum + end.at(-1)!, 0)]
  found.layers.push({ name: 'concat', type: 'concat', shape, parameters: 0, multiplyAdds: 0 })
  return shape
}

function shapeAfter(layer: LayerDescription, x: LayerShape, name: string): LayerShape {
  switch (layer.type) {
    case 'conv2d':
      return window(name, x, layer.kernel, layer, layer.dilation, layer.filters)
    case 'max-pool':
    case 'average-pool':
      return window(name, x, layer.size, layer, [1, 1], x[2]!)
    case 'adaptive-average-pool':
      if (x.length !== 3) throw doesNotFit(name, `takes an image but gets ${shapeText(x)}`)
      return [...layer.size, x[2]!]
    case 'global-average-pool':
      return [x.at(-1)!]
    case 'flatten':
      return [elements(x)]
    case 'dense':
      if (x.length !== 1) throw doesNotFit(name, `takes values in a row but gets ${shapeText(x)}`)
      return [layer.units]
    default:
      return x
  }
}

type DownAcross = readonly [number, number]

function window(
  name: string,
  x: LayerShape,
  size: DownAcross,
  { stride, padding }: { readonly stride: DownAcross; readonly padding: readonly number[] },
  dilation: DownAcross,
  channels: number,
): LayerShape {
  if (x.length !== 3) throw doesNotFit(name, `takes an image but gets ${shapeText(x)}`)
  const length = (axis: 0 | 1) =>
    Math.floor(
      (x[axis]! + padding[axis]! + padding[axis + 2]! - dilation[axis] * (size[axis] - 1) - 1) / stride[axis],
    ) + 1
  if (length(0) < 1 || length(1) < 1)
    throw doesNotFit(name, `has a window of ${size.join(' x ')}, which does not fit ${shapeText(x)}`)
  return [length(0), length(1), channels]
}

function parametersOf(layer: LayerDescription, x: LayerShape): number {
  switch (layer.type) {
    case 'conv2d':
      return layer.filters * ((x[2]! / layer.groups) * layer.kernel[0] * layer.kernel[1] + (layer.bias ? 1 : 0))
    case 'dense':
      return layer.units * (x[0]! + (layer.bias ? 1 : 0))
    case 'batch-norm':
    case 'group-norm':
    case 'layer-norm':
      return 2 * x.at(-1)!
    default:
      return 0
  }
}

function multiplyAddsOf(layer: LayerDescription, x: LayerShape, y: LayerShape): number {
  if (layer.type === 'conv2d') return elements(y) * (x[2]! / layer.groups) * layer.kernel[0] * layer.kernel[1]
  return layer.type === 'dense' ? x[0]! * y[0]! : 0
}

function elements(shape: LayerShape): number {
  return shape.reduce((product, length) => product * length, 1)
}

function doesNotFit(name: string, why: string): CoreError {
  return new CoreError(
    'shape-mismatch',
    `${name} does not fit: it ${why}.`,
    'Use larger photos, more padding, or a layer that fits.',
  )
}
