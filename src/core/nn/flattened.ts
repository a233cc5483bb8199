// Finds the layers that read a flattened photo, and the shape that the photo had before, from the description alone.

import { CoreError } from '../error.ts'
import type { LayerDescription, ModelDescription, OwnDescription, OwnOps } from './description.ts'
import { ownShape } from './own-ops.ts'

/** Values in a row as pieces one after the other, each [pixels, channels] of a photo that was flattened; of one pixel
 *  where it never was one. */
export type FlattenedRow = readonly (readonly [pixels: number, channels: number])[]

/** What stands between two layers: a photo, or values in a row. */
type Extent =
  | { readonly h: number; readonly w: number; readonly c: number; readonly row?: undefined }
  | { readonly row: FlattenedRow }

/** Tensor name -> its row, for the weight of every dense layer and all tensors of every norm whose input was flattened
 *  from [H W C]. Throws CoreError 'bad-model' where a layer hangs on the order of the row itself, which is another in
 *  PyTorch. */
export function flattenedInputs(description: ModelDescription): ReadonlyMap<string, FlattenedRow> {
  const found: FoundRows = { rows: new Map(), marks: new Map(), ops: description.ops }
  const { height, width, channels } = description.input
  walk(description.layers, { h: height, w: width, c: channels }, found)
  return found.rows
}

/** What the walk has come to know: rows by tensor, and what flowed at each mark; and what layers of own ops are. */
interface FoundRows {
  readonly rows: Map<string, FlattenedRow>
  readonly marks: Map<string, Extent>
  readonly ops: OwnOps | undefined
}

function walk(layers: readonly LayerDescription[], from: Extent, found: FoundRows): Extent {
  return layers.reduce((extent, layer) => after(layer, extent, found), from)
}

function after(layer: LayerDescription, x: Extent, found: FoundRows): Extent {
  switch (layer.type) {
    case 'conv2d':
      return { ...window(x, layer.kernel, layer.stride, layer.padding, layer.dilation), c: layer.filters }
    case 'max-pool':
    case 'average-pool':
      return window(x, layer.size, layer.stride, layer.padding, [1, 1])
    case 'adaptive-average-pool':
      return x.row ? x : { ...x, h: layer.size[0], w: layer.size[1] }
    case 'mark':
      found.marks.set(layer.mark, x)
      return x
    case 'pooled-marks':
      return { row: layer.marks.map(mark => [1, channelsOf(found.marks.get(mark)!)] as const) }
    case 'multiply':
      walk(layer.body, x, found)
      return x
    case 'global-average-pool':
      return { row: x.row ?? [[1, x.c]] }
    case 'flatten':
      return { row: x.row ?? [[x.h * x.w, x.c]] }
    case 'dense':
      if (isFlattened(x)) found.rows.set(`${layer.name}.weight`, x.row)
      return { row: [[1, layer.units]] }
    case 'group-norm':
      if (isFlattened(x) && layer.groups > 1)
        throw otherOrder(
          `${layer.name} splits a flattened photo into ${layer.groups} groups`,
          'Put the group norm before the flatten.',
        )
      return afterNorm(layer.name, x, found)
    case 'batch-norm':
    case 'layer-norm':
      return afterNorm(layer.name, x, found)
    case 'residual':
      return afterResidual(walk(layer.body, x, found), walk(layer.shortcut, x, found))
    case 'concat':
      return sideBySide(layer.branches.map(branch => walk(branch, x, found)))
    case 'own':
      return afterOwn(layer, x, found.ops)
    default:
      return x
  }
}

function channelsOf(x: Extent): number {
  return x.row ? x.row.reduce((sum, [pixels, channels]) => sum + pixels * channels, 0) : x.c
}

/** A row as long as before is taken to be in the same order. */
function afterOwn(layer: OwnDescription, x: Extent, ops: OwnOps | undefined): Extent {
  const length = channelsOf(x)
  const { shape } = ownShape(layer, x.row ? [length] : [x.h, x.w, x.c], ops)
  if (shape.length === 3) return { h: shape[0]!, w: shape[1]!, c: shape[2]! }
  return x.row && shape[0] === length ? x : { row: [[1, shape[0]!]] }
}

function isFlattened(x: Extent): x is { readonly row: FlattenedRow } {
  return x.row !== undefined && x.row.some(([pixels]) => pixels > 1)
}

function afterNorm(name: string, x: Extent, found: FoundRows): Extent {
  if (isFlattened(x))
    for (const part of ['weight', 'bias', 'running_mean', 'running_var']) found.rows.set(`${name}.${part}`, x.row)
  return x
}

function afterResidual(body: Extent, shortcut: Extent): Extent {
  if ((isFlattened(body) || isFlattened(shortcut)) && String(body.row) !== String(shortcut.row)) {
    throw otherOrder(
      'A residual adds a flattened photo to values that were flattened otherwise',
      'Put a dense layer into its shortcut, or the flatten after it.',
    )
  }
  return body
}

function sideBySide(ends: readonly Extent[]): Extent {
  const [first] = ends
  if (first && first.row === undefined)
    return { ...first, c: ends.reduce((sum, end) => sum + (end.row ? 0 : end.c), 0) }
  return { row: ends.flatMap(end => end.row ?? []) }
}

type SizePair = readonly [number, number]

function window(
  x: Extent,
  size: SizePair,
  stride: SizePair,
  padding: readonly [number, number, number, number],
  dilation: SizePair,
): Extent & { readonly row?: undefined } {
  if (x.row)
    throw new CoreError(
      'bad-model',
      `A window of ${size.join(' x ')} stands after the photo was flattened.`,
      'Put it before the flatten.',
    )
  const length = (from: number, axis: 0 | 1) =>
    Math.floor(
      (from + padding[axis] + padding[axis === 0 ? 2 : 3] - dilation[axis] * (size[axis] - 1) - 1) / stride[axis],
    ) + 1
  return { ...x, h: length(x.h, 0), w: length(x.w, 1) }
}

function otherOrder(what: string, fix: string): CoreError {
  return new CoreError(
    'bad-model',
    `${what}, which PyTorch counts in another order, so its weights would fit nowhere else.`,
    fix,
  )
}
