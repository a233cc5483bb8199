// Reads what an exported ONNX file says about itself: labels, input size, how photos are resized. It reads only the
// metadata entries and skips the rest. A damaged file, or one that Winnow did not export, ends as CoreError 'bad-model'
// with a sentence.

import { CoreError } from '../error.ts'
import { resizeRules } from './onnx.ts'
import { readFields } from './protobuf.ts'

export interface OnnxMetadata {
  /** Class names in the order of the probabilities. */
  readonly labels: readonly string[]
  readonly height: number
  readonly width: number
  readonly channels: 1 | 3
  /** How a photo becomes a square. */
  readonly fit: keyof typeof resizeRules
  /** softmax(ln p / temperature) are the probabilities to believe; 1 where none was fitted. */
  readonly temperature: number
  /** Answers whose probability, as the file gives it, is below this are "unknown"; 0 where none was chosen. */
  readonly unknownBelow: number
  /** Whose probabilities are averaged. */
  readonly nets: number
  readonly preset: string
  readonly run: string
  readonly appVersion: string
}

const metadataField = 14

/** The metadata of an ONNX file that Winnow exported. Throws CoreError 'bad-model'. */
export function readOnnxMetadata(file: Uint8Array): OnnxMetadata {
  const entries = readEntries(file)
  const channels = readSize(entries, 'channels', 3)
  if (channels === 2) throw foreign('the number of channels is 2')
  return {
    labels: readLabels(need(entries, 'labels')),
    height: readSize(entries, 'input_height', 16384),
    width: readSize(entries, 'input_width', 16384),
    channels: channels as 1 | 3,
    fit: readFit(need(entries, 'resize')),
    temperature: readTemperature(entries),
    unknownBelow: readThreshold(entries),
    nets: Number(entries.get('nets') ?? '1'),
    preset: entries.get('preset') ?? '',
    run: entries.get('run') ?? '',
    appVersion: entries.get('app_version') ?? '',
  }
}

function readEntries(file: Uint8Array): Map<string, string> {
  const entries = new Map<string, string>()
  for (const { number, value } of readFields(file)) {
    if (number === metadataField && value instanceof Uint8Array) entries.set(...readPair(value))
  }
  return entries
}

function readPair(message: Uint8Array): [string, string] {
  const pair: [string, string] = ['', '']
  for (const { number, value } of readFields(message)) {
    if ((number === 1 || number === 2) && value instanceof Uint8Array)
      pair[number - 1] = new TextDecoder().decode(value)
  }
  return pair
}

function need(entries: ReadonlyMap<string, string>, key: string): string {
  const value = entries.get(key)
  if (value === undefined) throw foreign(`it has no "${key}" in its metadata`)
  return value
}

function readSize(entries: ReadonlyMap<string, string>, key: string, most: number): number {
  const text = need(entries, key)
  const value = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (value < 1 || value > most) throw foreign(`its ${key} is ${JSON.stringify(text.slice(0, 40))}`)
  return value
}

function readFit(words: string): OnnxMetadata['fit'] {
  const found = Object.entries(resizeRules).find(([, rule]) => rule === words)
  if (!found)
    throw foreign(
      `its photos are made by a rule that this version does not know: ${JSON.stringify(words.slice(0, 80))}`,
    )
  return found[0] as OnnxMetadata['fit']
}

function readTemperature(entries: ReadonlyMap<string, string>): number {
  const value = Number(entries.get('temperature') ?? '1')
  if (!(value > 0 && value < 1000))
    throw foreign(`its temperature is ${JSON.stringify(entries.get('temperature')!.slice(0, 40))}`)
  return value
}

function readThreshold(entries: ReadonlyMap<string, string>): number {
  const value = Number(entries.get('unknown_below') ?? '0')
  if (!(value >= 0 && value <= 1))
    throw foreign(`its threshold for "unknown" is ${JSON.stringify(entries.get('unknown_below')!.slice(0, 40))}`)
  return value
}

function readLabels(text: string): string[] {
  try {
    const labels: unknown = JSON.parse(text)
    if (Array.isArray(labels) && labels.length > 0 && labels.every(label => typeof label === 'string')) return labels
  } catch {
    // Said below.
  }
  throw foreign('its labels are not a list of names')
}

function foreign(detail: string): CoreError {
  return new CoreError(
    'bad-model',
    `This ONNX file was not exported by Winnow, or it is damaged: ${detail}.`,
    'Choose a model that Winnow exported.',
  )
}
