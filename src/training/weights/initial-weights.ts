// The weights a run begins with: the best of an earlier run, or those of a file that came with the run.

import type { Run } from '../../contract/records.ts'
import type { Client } from '../../contract/table.ts'
import {
  decodeSnapshot,
  readWeights,
  describeModel,
  frozenTo,
  stagesOf,
  usableWeights,
  type ModelDescription,
  type StateDict,
} from '../../core/index.ts'

export interface InitialWeights {
  readonly state: StateDict
  /** The model they are of; null where other software wrote them. */
  readonly model: ModelDescription | null
  /** The preset that a file is of; null where it shows none. */
  readonly preset: string | null
  /** What was changed of a file's names. */
  readonly notes: readonly string[]
}

/** Undefined where the run starts afresh. ServiceError 'no-checkpoint', CoreError 'bad-checkpoint'. */
export async function loadInitialWeights(
  client: Client,
  { id, settings: { fromRunId, fromFile } }: Run,
): Promise<InitialWeights | undefined> {
  if (fromFile !== undefined) {
    const { weights, ...rest } = readWeights(await client.getBytes('beginning', { runId: id }))
    return { state: weights, ...rest }
  }
  if (fromRunId === undefined) return undefined
  const snapshot = decodeSnapshot(await client.getBytes('checkpoint', { runId: fromRunId, kind: 'best' }))
  return { state: usableWeights(snapshot), model: snapshot.model, preset: snapshot.model.preset, notes: [] }
}

/** What most weights of colour photos expect: the statistics of ImageNet. */
const imageNet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }
/** Pixels in -1..1: what torchvision's GoogLeNet and MobileNets that were born in TensorFlow expect. */
const symmetric = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] }
const symmetricPresets = ['googlenet', 'mobilenet-v1', 'mobilenet-v1-torch', 'mobilenet-v2-folded']

/** What weights of a preset expect that other software learnt. */
export function presetNormalisation(preset: string) {
  return symmetricPresets.includes(preset) ? symmetric : imageNet
}

/** The normalisation these weights were learnt with; undefined where it is not known for so many channels. Of grey photos
 *  that of colour ones on the average, for then the filters of the colours are summed (nn/transfer.ts). */
export function normalisationOf({ model, preset }: InitialWeights, channels: number) {
  const known = model === null ? presetNormalisation(preset ?? '') : model.normalise
  if (known.mean.length === channels) return known
  if (model !== null || channels !== 1) return undefined
  const average = (values: readonly number[]) => [values.reduce((sum, value) => sum + value, 0) / values.length]
  return { mean: average(known.mean), std: average(known.std) }
}

/** Which stages stay as they begin and which learn, for the run log. */
export function frozenText({ settings, classes }: Run): string {
  const { size, channels, freeze } = settings
  const model = describeModel(settings, {
    height: size,
    width: size,
    channels,
    classes: classes.map(({ name }) => name),
  })
  const stages = stagesOf(model)
  const frozen = frozenTo(model, freeze!)
  const named = (stays: boolean) =>
    stages
      .filter(({ layers }) => frozen(`${layers[0]}.weight`) === stays)
      .map(({ name }) => name)
      .join(', ')
  return `These stages stay as they begin, their batch norms in evaluation mode: ${named(true)}. These learn: ${named(false)}.`
}
