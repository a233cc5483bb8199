// What `winnow train --from` names: a run of the library, a backbone of this machine, or a file of Winnow, of timm or of
// torchvision. The net is that of the weights unless the person says another; of a backbone it gets a head on its features,
// and the whole net is trained by the recipe that was measured (docs/backbones.md).

import { existsSync, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { ServiceError } from '../../../../../contract/errors.ts'
import type { RunSettings } from '../../../../../contract/records.ts'
import type { Client } from '../../../../../contract/table.ts'
import { backbonePresets, describePreset, isHead, readWeights, type StateDict } from '../../../../../core/index.ts'
import { readBackbone } from '../../../../../training/features/backbone.ts'
import { fineTuning } from '../../../../../training/features/fine-tuning.ts'
import { backboneId } from '../../../../backbones/backbone-store.ts'
import { findRun, type CommandContext } from '../../context.ts'

export interface NamedWeights {
  readonly settings: Partial<RunSettings>
  /** Of a file: to be sent once the run is made. */
  readonly bytes: Uint8Array<ArrayBuffer> | null
}

/** What the person said of the net. */
type GivenNet = Partial<Pick<RunSettings, 'preset' | 'size' | 'channels'>>

/** ServiceError 'no-run', 'no-file', 'unknown-net'; CoreError 'bad-checkpoint' where the file is damaged or something
 *  else. */
export async function weightsNamed(
  { host, service }: CommandContext,
  client: Client,
  from: string,
  given: GivenNet,
): Promise<NamedWeights> {
  const file = resolve(host.cwd, from)
  if (existsSync(file)) return ofFile(file, given)
  if (/\.(safetensors|pth|pt)$/i.test(from))
    throw new ServiceError('no-file', `There is no file ${file}.`, 'Name a file of weights, or a run by its number.')
  const { backbones } = service()
  if (backbones.list().some(({ name }) => name === from)) return ofBackbone(from, backbones.read(from))
  const runId = await findRun(client, from)
  const {
    settings: { preset, size, channels, fit = 'squash' },
  } = await client.request('runs.get', { runId })
  return { settings: { preset, size, channels, fit, fromRunId: runId }, bytes: null }
}

function ofFile(file: string, given: GivenNet): NamedWeights {
  const { buffer, byteOffset, length } = readFileSync(file)
  const bytes = new Uint8Array(buffer, byteOffset, length)
  const side = given.size ?? 64
  const { weights, model, ...read } = readWeights(bytes, { height: side, width: side, channels: given.channels ?? 3 })
  const fromFile = basename(file)
  if (model)
    return {
      settings: { preset: model.preset, size: model.input.height, ...channelsOf(model.input.channels), fromFile },
      bytes,
    }
  const preset = given.preset ?? read.preset
  if (preset !== null && given.preset === undefined && isTrunk(preset, weights)) return ofBackbone(fromFile, bytes)
  if (preset === null)
    throw new ServiceError(
      'unknown-net',
      `The ${weights.size} tensors of ${fromFile} are those of no preset.`,
      'Say with --preset which net should take what fits of them.',
    )
  return { settings: { preset, channels: 3, fromFile }, bytes }
}

/** Weights that end before the head of their net: a backbone, and of no use without a head on its features. */
function isTrunk(preset: string, weights: StateDict): boolean {
  if (!backbonePresets().includes(preset)) return false
  const input = { height: 224, width: 224, channels: 3, classes: ['any'] }
  const head = isHead(describePreset(preset, input))
  return ![...weights.keys()].some(head)
}

function ofBackbone(name: string, bytes: Uint8Array<ArrayBuffer>): NamedWeights {
  const { preset } = readBackbone(backboneId(bytes), name, bytes)
  return { settings: fineTuning(preset, name), bytes }
}

function channelsOf(channels: number): Partial<RunSettings> {
  return channels === 1 || channels === 3 ? { channels } : {}
}
