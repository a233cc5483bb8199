// The written model judged by another engine: the same pixels through ONNX Runtime, against what the app stored for the
// run. Says by how much probabilities differ and how many answers flip.

import type { ParityReport } from '../../contract/records.ts'
import { largestIndex } from '../runs/files/predictions.ts'
import type { OnnxEngine } from './engine.ts'

export interface ParityInput {
  /** Row numbers to compare, at most a few hundred. */
  readonly rows: readonly number[]
  /** The pixels of `count` rows from `from` in `rows`, u8 [count, H, W, C]. */
  readonly pixels: (from: number, count: number) => Uint8Array
  /** What the app says, f32 [all rows, classes]. */
  readonly expected: Float32Array
  readonly signal: AbortSignal
}

const batch = 32

/** Runs the model on the rows and compares. Throws the signal's reason when aborted. */
export async function compareEngines(
  engine: OnnxEngine,
  { rows, pixels, expected, signal }: ParityInput,
): Promise<ParityReport> {
  const classes = engine.metadata.labels.length
  let largestDifference = 0
  let flipped = 0
  for (let from = 0; from < rows.length; from += batch) {
    signal.throwIfAborted()
    const count = Math.min(batch, rows.length - from)
    const answers = await engine.run(pixels(from, count), count)
    for (let i = 0; i < count; i++) {
      const theirs = answers.subarray(i * classes, (i + 1) * classes)
      const ours = expected.subarray(rows[from + i]! * classes, (rows[from + i]! + 1) * classes)
      largestDifference = Math.max(largestDifference, difference(theirs, ours))
      if (largestIndex(theirs) !== largestIndex(ours)) flipped++
    }
  }
  return { engine: engine.name, photos: rows.length, largestDifference, flipped }
}

function difference(a: Float32Array, b: Float32Array): number {
  let most = 0
  for (let k = 0; k < a.length; k++) {
    // A value that is no number is as far off as can be, and must not vanish in a comparison.
    const distance = Math.abs(a[k]! - b[k]!)
    most = Math.max(most, Number.isNaN(distance) ? 1 : distance)
  }
  return most
}
