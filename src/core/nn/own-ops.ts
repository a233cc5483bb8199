// Ops that core does not know: a layer of type 'own' names one, and the model carries the functions beside its layers.
// They are not data, so a file holds the layer without its function, and whoever reads the file gives it again.

import { CoreError } from '../error.ts'
import { shapeText } from '../tensor/shape.ts'
import { Trace, type Tensor } from '../tensor/trace.ts'
import type { OwnDescription, OwnOps } from './description.ts'

/** Throws CoreError 'bad-model' naming the layer where its op is not there or breaks its promises. */
export function buildOwn(layer: OwnDescription, x: Tensor, ops: OwnOps = {}): Tensor {
  const op = Object.hasOwn(ops, layer.op) ? ops[layer.op] : undefined
  if (!op) {
    throw new CoreError(
      'bad-model',
      `The layer ${layer.name} is the op "${layer.op}", which the model's ops (${Object.keys(ops).join(', ') || 'none'}) do not have.`,
      'Give the model its ops, which no file holds: { ...model, ops: { name: function } }.',
    )
  }
  const before = new Set(x.trace.parameters.keys())
  const y = op(x, layer)
  const added = [...x.trace.parameters.keys()].filter(name => !before.has(name))
  const astray = added.find(name => !name.startsWith(`${layer.name}.`) || !/\.(weight|bias)$/.test(name))
  if (astray !== undefined) {
    throw new CoreError(
      'bad-model',
      `The op "${layer.op}" of the layer ${layer.name} has a parameter ${astray}, which no file would hold.`,
      `Begin its name with ${layer.name}. and end it with .weight or .bias.`,
    )
  }
  if (y.shape[0] !== x.shape[0]) {
    throw new CoreError(
      'shape-mismatch',
      `The op "${layer.op}" of the layer ${layer.name} makes ${shapeText(y.shape)} of ${shapeText(x.shape)}.`,
      'Keep the first dim: a row a photo.',
    )
  }
  return y
}

/** [H W C] or [F] after the layer, for one photo, and its parameters. */
export function ownShape(
  layer: OwnDescription,
  x: readonly number[],
  ops: OwnOps | undefined,
): { readonly shape: readonly number[]; readonly parameters: number } {
  const trace = new Trace({ training: false })
  const y = buildOwn(layer, trace.tensor([1, ...x]), ops)
  const parameters = [...trace.parameters.values()].reduce((sum, { tensor }) => sum + tensor.size, 0)
  return { shape: y.shape.slice(1), parameters }
}
