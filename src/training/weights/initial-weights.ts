// The weights a run begins with: the best of an earlier run, or those of a file that came with the run.

import type { Run } from '../../contract/records.ts'
import type { Client } from '../../contract/table.ts'
import {
  decodeSnapshot,
  decodeWeights,
  describePreset,
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
}

/** Undefined where the run starts afresh. ServiceError 'no-checkpoint', CoreError 'bad-checkpoint'. */
export async function loadInitialWeights(
  client: Client,
  { id, settings: { fromRunId, fromFile } }: Run,
): Promise<InitialWeights | undefined> {
  if (fromFile !== undefined) {
    const { weights, model } = decodeWeights(await client.getBytes('beginning', { runId: id }))
    return { state: weights, model }
  }
  if (fromRunId === undefined) return undefined
  const snapshot = decodeSnapshot(await client.getBytes('checkpoint', { runId: fromRunId, kind: 'best' }))
  return { state: usableWeights(snapshot), model: snapshot.model }
}

/** What torchvision's weights expect of colour photos: the statistics of ImageNet. */
const imageNet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }

/** The normalisation these weights were learnt with; undefined where it is not known for so many channels. */
export function normalisationOf({ model }: InitialWeights, channels: number) {
  const known = model === null ? imageNet : model.normalise
  return known.mean.length === channels ? known : undefined
}

/** Which stages stay as they begin and which learn, for the run log. */
export function frozenText({ settings: { preset, size, channels, freeze }, classes }: Run): string {
  const model = describePreset(preset, {
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
