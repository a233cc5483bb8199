// What a run would begin with, looked at before it is made: the stages of its net, and which of the weights of an
// earlier run or of a file fit it.

import type { RunSettings } from '../contract/records.ts'
import { tooSmallPhotos } from '../contract/settings/photo-size.ts'
import { settingTable } from '../contract/settings/table.ts'
import type { Client } from '../contract/table.ts'
import {
  compareWeights,
  decodeSnapshot,
  readWeights,
  describeModel,
  fits,
  smallestSide,
  stagesOf,
  usableWeights,
  type ModelDescription,
  type TransferReport,
} from '../core/index.ts'
import type { InitialWeights } from './weights/initial-weights.ts'

export interface PreviewRequest {
  readonly settings: Pick<RunSettings, 'preset' | 'head' | 'size' | 'channels'>
  /** Names of the classes to be told apart. */
  readonly classes: readonly string[]
  /** A safetensors file, a run whose best weights are meant, or null: none. */
  readonly weights: { readonly file: Uint8Array<ArrayBuffer> } | { readonly runId: number } | null
}

export interface Preview {
  /** The net that the weights are of, where they say or show it; null where they do not. */
  readonly net: Partial<PreviewRequest['settings']> | null
  /** From the input to the head. */
  readonly stages: readonly string[]
  /** How the weights fit the net asked about; null without weights. */
  readonly fit: TransferReport | null
}

/** ServiceError 'shape-mismatch', 'net-too-large', 'no-checkpoint'; CoreError 'bad-checkpoint' where the file is none. */
export async function previewInitialWeights(
  client: Client,
  { settings, classes, weights }: PreviewRequest,
): Promise<Preview> {
  const { preset, size, channels } = settings
  if (!fits(preset, channels, size))
    throw tooSmallPhotos(preset, size, smallestSide(preset, channels, settingTable.size.max))
  const first = weights && (await weightsOf(client, weights))
  const model = describe(settings, classes)
  const stages = stagesOf(model).map(({ name }) => name)
  if (!first) return { net: null, stages, fit: null }
  return {
    net: netOf(first),
    stages,
    fit: compareWeights(model, { state: first.state, ...(first.model && { classes: first.model.classes }) }),
  }
}

function describe(settings: PreviewRequest['settings'], classes: readonly string[]): ModelDescription {
  const { size, channels } = settings
  return describeModel(settings, {
    height: size,
    width: size,
    channels,
    classes: classes.length > 0 ? classes : ['any'],
  })
}

async function weightsOf(client: Client, weights: NonNullable<PreviewRequest['weights']>): Promise<InitialWeights> {
  if ('file' in weights) {
    const { weights: state, ...rest } = readWeights(weights.file)
    return { state, ...rest }
  }
  const snapshot = decodeSnapshot(await client.getBytes('checkpoint', { runId: weights.runId, kind: 'best' }))
  return { state: usableWeights(snapshot), model: snapshot.model, preset: snapshot.model.preset, notes: [] }
}

function netOf({ model, preset }: InitialWeights): Preview['net'] {
  if (model) {
    const { height, channels: own } = model.input
    return { preset: model.preset, size: height, ...((own === 1 || own === 3) && { channels: own }) }
  }
  return preset === null ? null : { preset, channels: 3 }
}
