// A checkpoint is one safetensors file: the weights under their PyTorch names (so other tools load it as it is),
// optimizer moments under `optimizer/`, averaged weights under `average/`, and everything else in the metadata. A file
// of a newer format is refused with a sentence; whatever is damaged ends as CoreError 'bad-checkpoint'.

import { CoreError } from '../error.ts'
import type { ModelDescription, StateDict } from '../nn/description.ts'
import type { Progress } from '../train/snapshot.ts'
import { isRecord } from '../json.ts'
import { fileParts } from '../nn/check-layers.ts'
import { tidyWeights } from './tidy-weights.ts'
import { decodePth, isPth } from './pth.ts'
import { parseModelDescription } from '../nn/model-json.ts'
import type { NamedTensor } from './safetensors.ts'
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts'

export interface Checkpoint {
  readonly model: ModelDescription
  readonly weights: StateDict
  /** Epochs finished and steps taken when the weights were read. */
  readonly epoch: number
  readonly step: number
  /** The optimizer's name and moments (`m/conv1.weight`, ...), enough to go on training; null in a checkpoint for use
   *  only. */
  readonly optimizer: { readonly name: string; readonly state: StateDict } | null
  /** Averaged weights (EMA), under the names of the weights; null when the run keeps none. */
  readonly average: StateDict | null
  /** How the run went so far: what roll-backs left of its rate, and its best evaluation. */
  readonly progress: Progress
  /** The run's settings as JSON values: kept, not interpreted. */
  readonly settings: Readonly<Record<string, unknown>>
}

const formatVersion = 1
const fresh: Progress = { rateFactor: 1, momentsFrom: 0, best: null, unmeasured: false }
const [optimizerPrefix, averagePrefix] = fileParts

/** The checkpoint as bytes of a safetensors file; without a progress it is that of a fresh run. */
export function encodeCheckpoint(
  checkpoint: Omit<Checkpoint, 'progress'> & { readonly progress?: Progress },
): Uint8Array<ArrayBuffer> {
  const { weights, optimizer, average } = checkpoint
  const tensors = new Map(weights)
  for (const [name, tensor] of optimizer?.state ?? []) tensors.set(optimizerPrefix + name, tensor)
  for (const [name, tensor] of average ?? []) tensors.set(averagePrefix + name, tensor)
  return encodeSafetensors(
    tensors,
    new Map([
      ['format', 'winnow-checkpoint'],
      ['version', String(formatVersion)],
      ['model', JSON.stringify({ ...checkpoint.model, ops: undefined })],
      ['epoch', String(checkpoint.epoch)],
      ['step', String(checkpoint.step)],
      ['progress', JSON.stringify(checkpoint.progress ?? fresh)],
      ['settings', JSON.stringify(checkpoint.settings)],
      ...(optimizer ? [['optimizer', optimizer.name] as const] : []),
    ]),
  )
}

/** The checkpoint in `file`. Throws CoreError 'bad-checkpoint' with a sentence. */
export function decodeCheckpoint(file: Uint8Array): Checkpoint {
  const { tensors, metadata } = decodeSafetensors(file)
  checkFormat(metadata)
  const { weights, state, average } = sortTensors(tensors)
  const optimizer = metadata.get('optimizer')
  return {
    model: parseModelDescription(need(metadata, 'model')),
    weights,
    epoch: readCount(metadata, 'epoch'),
    step: readCount(metadata, 'step'),
    optimizer: optimizer === undefined ? null : { name: optimizer, state },
    average: average.size > 0 ? average : null,
    progress: readProgress(metadata.get('progress')),
    settings: readObject(need(metadata, 'settings'), 'settings'),
  }
}

/** Weights that were read from a file, and the net they are of where it is known. */
export interface ReadWeights {
  readonly weights: StateDict
  /** Of a checkpoint of Winnow; null where other software wrote the file. */
  readonly model: ModelDescription | null
  /** The preset that the file says; null where it says none (known-weights.ts recognises it). */
  readonly preset: string | null
  /** What was changed of names, in sentences. */
  readonly notes: readonly string[]
}

/** The weights of any file of tensors: a checkpoint or a backbone of Winnow, a safetensors file of any other software, or
 *  PyTorch's own (pth.ts). Names of timm and torchvision fit the presets. Of a run that averages weights they are the averaged
 *  ones, which were measured. Throws CoreError 'bad-checkpoint' with a
 *  sentence. */
export function decodeWeights(file: Uint8Array): ReadWeights {
  if (isPth(file)) return ofOthers(decodePth(file), null)
  const { tensors, metadata } = decodeSafetensors(file)
  if (metadata.get('format') === 'winnow-checkpoint') {
    const { weights, average, model } = decodeCheckpoint(file)
    return { weights: average ?? weights, model, preset: model.preset, notes: [] }
  }
  return ofOthers(tensors, metadata.get('format') === 'winnow-backbone' ? (metadata.get('preset') ?? null) : null)
}

function ofOthers(tensors: StateDict, known: string | null): ReadWeights {
  const { weights, notes } = tidyWeights(tensors)
  for (const [name, { data }] of weights) {
    const wrong = data.findIndex(value => !Number.isFinite(value))
    if (wrong >= 0)
      throw bad(
        `Value ${wrong} of ${name} is ${data[wrong]}, which is not a number to compute with.`,
        'Use another file.',
      )
  }
  return { weights, model: null, preset: known, notes }
}

function checkFormat(metadata: ReadonlyMap<string, string>): void {
  if (metadata.get('format') !== 'winnow-checkpoint')
    throw bad('The file is not a Winnow checkpoint.', 'Choose a checkpoint that Winnow wrote.')
  const version = readCount(metadata, 'version')
  if (version > formatVersion)
    throw bad(`The checkpoint has format ${version}; this Winnow reads format ${formatVersion}.`, 'Update Winnow.')
}

function sortTensors(tensors: ReadonlyMap<string, NamedTensor>) {
  const weights = new Map<string, NamedTensor>()
  const state = new Map<string, NamedTensor>()
  const average = new Map<string, NamedTensor>()
  for (const [name, tensor] of tensors) {
    if (name.startsWith(optimizerPrefix)) state.set(name.slice(optimizerPrefix.length), tensor)
    else if (name.startsWith(averagePrefix)) average.set(name.slice(averagePrefix.length), tensor)
    else weights.set(name, tensor)
  }
  return { weights, state, average }
}

function need(metadata: ReadonlyMap<string, string>, key: string): string {
  const text = metadata.get(key)
  if (text === undefined) throw bad(`The checkpoint has no ${key} in its metadata.`)
  return text
}

function readCount(metadata: ReadonlyMap<string, string>, key: string): number {
  const text = need(metadata, key)
  if (!/^\d{1,15}$/.test(text))
    throw bad(`The checkpoint's ${key} is ${JSON.stringify(text.slice(0, 40))}, not a count.`)
  return Number(text)
}

/** Checkpoints of earlier versions have none: such a run had its full rate. */
function readProgress(text: string | undefined): Progress {
  if (text === undefined) return fresh
  const { rateFactor, momentsFrom = 0, best, unmeasured = false } = readObject(text, 'progress')
  const isRate = typeof rateFactor === 'number' && rateFactor > 0 && rateFactor <= 1
  if (isRate && isCount(momentsFrom) && (best === null || isBest(best)))
    return { rateFactor, momentsFrom, best, unmeasured: unmeasured === true }
  throw bad(
    `The checkpoint's progress is ${JSON.stringify(text.slice(0, 80))}, which is no rate, step and best evaluation.`,
  )
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0
}

function isBest(value: unknown): value is NonNullable<Progress['best']> {
  return isRecord(value) && ['epoch', 'loss', 'accuracy'].every(name => typeof value[name] === 'number')
}

function readObject(text: string, name: 'progress' | 'settings'): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (isRecord(value)) return value
  } catch {
    // Said below.
  }
  throw bad(`The checkpoint's ${name} ${name === 'settings' ? 'are' : 'is'} not a JSON object.`)
}

function bad(
  message: string,
  fix = 'Use another checkpoint: the other one of the run, or one of another run.',
): CoreError {
  return new CoreError('bad-checkpoint', message, fix)
}
