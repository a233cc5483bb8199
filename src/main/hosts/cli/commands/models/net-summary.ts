// winnow train --summary: what the chosen net looks like and costs before anything is trained.

import { describeModel, summarise, type LayerSummary, type ModelSummary } from '../../../../../core/index.ts'
import type { RunSettings } from '../../../../../contract/records.ts'
import type { Output } from '../../output.ts'
import { fileSize, table } from '../../texts.ts'

/** One line a layer, then the sums. Throws CoreError 'shape-mismatch' where the photos are too small for the net. */
export function describeNet(output: Output, settings: RunSettings, classes: readonly string[]): void {
  const { preset, size, channels, batch } = settings
  const summary = summarise(describeModel(settings, { height: size, width: size, channels, classes }))
  const rows = summary.layers.filter(({ type }) => type !== 'relu').map(rowOf)
  const text = [
    `${preset} for photos of ${size} x ${size} x ${channels} in ${classes.length} classes:`,
    ...table([['layer', 'kind', 'shape after it', 'parameters', 'FLOPs'], ...rows]),
    ...sums(summary, batch),
  ]
  output.result(text, { type: 'net', settings, classes, summary })
}

function rowOf({ name, type, shape, parameters, multiplyAdds }: LayerSummary): string[] {
  return [
    name,
    name === type ? '' : type,
    shape.join(' x '),
    parameters === 0 ? '' : parameters.toLocaleString('en'),
    multiplyAdds === 0 ? '' : large(2 * multiplyAdds),
  ]
}

/** A training step goes forward once and backward for about twice as much. */
function sums({ parameters, multiplyAdds, parameterBytes, activationBytes }: ModelSummary, batch: number): string[] {
  return [
    `${parameters.toLocaleString('en')} parameters (${fileSize(parameterBytes)}); ${large(2 * multiplyAdds)}FLOPs to look at a photo, about ${large(6 * multiplyAdds)}FLOPs to learn from it.`,
    `A batch of ${batch} keeps about ${fileSize(activationBytes * batch)} of layers' outputs for the way back; weights, gradients and two moments take ${fileSize(4 * parameterBytes)}.`,
  ]
}

function large(value: number): string {
  const [unit, name] = (
    [
      [1e9, 'G'],
      [1e6, 'M'],
      [1e3, 'k'],
    ] as const
  ).find(([unit]) => value >= unit) ?? [1, '']
  return `${(value / unit).toFixed(unit === 1 ? 0 : 1)} ${name}`
}
