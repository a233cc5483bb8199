// Answers of an exported model for photo files, without a library: the photos go through the same decoder and the same
// resize rule as in training, then through ONNX Runtime. A file that cannot be read gets its problem instead of an
// answer.

import { CoreError } from '../../../core/error.ts'
import type { Problem } from '../../../contract/records.ts'
import type { DecodePool, DecodedPhoto, PixelShape } from '../../pixels/types.ts'
import { largestIndex } from '../../runs/files/predictions.ts'
import type { OnnxEngine } from './engine.ts'

export type PhotoAnswer =
  | {
      readonly path: string
      readonly label: string
      readonly confidence: number
      readonly probabilities: Readonly<Record<string, number>>
    }
  | { readonly path: string; readonly problem: Problem }

const batch = 16

/** An answer for each of `paths` (absolute), in batches in their order. Throws the signal's reason when aborted. */
export async function* predictPhotos(
  engine: OnnxEngine,
  paths: readonly string[],
  pool: DecodePool,
  signal: AbortSignal,
): AsyncGenerator<PhotoAnswer, void> {
  for (let from = 0; from < paths.length; from += batch) {
    signal.throwIfAborted()
    yield* await predictBatch(engine, paths.slice(from, from + batch), pool, signal)
  }
}

async function predictBatch(
  engine: OnnxEngine,
  paths: readonly string[],
  pool: DecodePool,
  signal: AbortSignal,
): Promise<PhotoAnswer[]> {
  const shape = shapeOf(engine)
  const decoded = new Map<number, DecodedPhoto>()
  const answers = new Map<number, PhotoAnswer>()
  const outputs = { thumbnail: false, quality: false, pixels: [shape] }
  for await (const result of pool.decode(
    paths.map((path, key) => ({ key, path, outputs })),
    { signal },
  )) {
    if (result.status === 'ok') decoded.set(result.key, result)
    else answers.set(result.key, { path: paths[result.key]!, problem: result.problem })
  }
  const keys = [...decoded.keys()]
  const rowBytes = shape.size * shape.size * shape.channels
  const pixels = new Uint8Array(keys.length * rowBytes)
  keys.forEach((key, i) => pixels.set(decoded.get(key)!.pixels[0]!.data, i * rowBytes))
  const probabilities = keys.length > 0 ? await engine.run(pixels, keys.length) : new Float32Array(0)
  const labels = engine.metadata.labels
  keys.forEach((key, i) =>
    answers.set(key, answerOf(paths[key]!, labels, probabilities.subarray(i * labels.length, (i + 1) * labels.length))),
  )
  return paths.map((_, key) => answers.get(key)!)
}

function shapeOf({ metadata: { height, width, channels, fit } }: OnnxEngine): PixelShape {
  if (height === width) return { size: height, channels, fit }
  throw new CoreError(
    'bad-model',
    `The model wants photos of ${height} x ${width}; Winnow makes square ones only.`,
    'Choose a model that Winnow exported.',
  )
}

function answerOf(path: string, labels: readonly string[], probabilities: Float32Array): PhotoAnswer {
  const best = largestIndex(probabilities)
  return {
    path,
    label: labels[best]!,
    confidence: probabilities[best]!,
    probabilities: Object.fromEntries(labels.map((label, k) => [label, probabilities[k]!])),
  }
}
