// What `winnow train --from` names: a run of the library, or a safetensors file of Winnow or of torchvision's names.
// The net is that of the weights unless the person says another.

import { existsSync, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { ServiceError } from '../../../../../contract/errors.ts'
import type { RunSettings } from '../../../../../contract/records.ts'
import type { Client } from '../../../../../contract/table.ts'
import { readWeights } from '../../../../../core/index.ts'
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
  { host }: CommandContext,
  client: Client,
  from: string,
  given: GivenNet,
): Promise<NamedWeights> {
  const file = resolve(host.cwd, from)
  if (existsSync(file)) return ofFile(file, given)
  if (from.endsWith('.safetensors'))
    throw new ServiceError('no-file', `There is no file ${file}.`, 'Name a safetensors file, or a run by its number.')
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
  if (preset === null)
    throw new ServiceError(
      'unknown-net',
      `The ${weights.size} tensors of ${fromFile} are those of no preset.`,
      'Say with --preset which net should take what fits of them.',
    )
  return { settings: { preset, channels: 3, fromFile }, bytes }
}

function channelsOf(channels: number): Partial<RunSettings> {
  return channels === 1 || channels === 3 ? { channels } : {}
}
