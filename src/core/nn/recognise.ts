// Which preset a set of weights was made with, by the names and shapes of its tensors.

import { shapeText } from '../tensor/shape.ts'
import type { ModelDescription, StateDict } from './description.ts'
import { withFoldedBiases } from './folded-biases.ts'
import { describePreset, presetNames } from './presets.ts'
import { stateShapes } from './shapes.ts'
import { isHead } from './stages.ts'

/** The preset whose tensors are most nearly these, at this size of photos; undefined where fewer than half of all are
 *  in both. */
export function recognisePreset(
  state: StateDict,
  input: { readonly height: number; readonly width: number; readonly channels: number },
): string | undefined {
  const scores = presetNames().map(
    preset => [preset, likeness(describePreset(preset, { ...input, classes: ['any'] }), state)] as const,
  )
  const [preset, score] = scores.reduce((best, each) => (each[1] > best[1] ? each : best))
  return score >= 0.5 ? preset : undefined
}

/** Tensors in both by name and shape, as a share of those in either; heads count by name alone. */
function likeness(model: ModelDescription, state: StateDict): number {
  const given = [...withFoldedBiases(model.layers, state).keys()].filter(isParameter)
  const head = isHead(model)
  const shapes = new Map([...stateShapes(model)].filter(([name]) => isParameter(name)))
  const shared = given.filter(
    name => shapes.has(name) && (head(name) || shapeText(shapes.get(name)!) === shapeText(state.get(name)!.shape)),
  )
  return shared.length / (given.length + shapes.size - shared.length)
}

function isParameter(name: string): boolean {
  return name.endsWith('.weight') || name.endsWith('.bias')
}
