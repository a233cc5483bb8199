// The written model judged by another engine: the same pixels through ONNX Runtime, against what the app stored for the
// run. Says by how much probabilities differ and how many answers flip.

import { modelFormats, type ModelFormatName } from '../../../contract/export-formats.ts'
import type { ParityReport } from '../../../contract/records.ts'
import { largestIndex } from '../../runs/files/predictions.ts'

/** Another engine with the written model. */
export interface ComparedEngine {
  /** Who answers, with its version. */
  readonly name: string
  readonly classes: number
  /** `pixels` u8 [count, H, W, C] -> probabilities f32 [count, classes]. */
  run(pixels: Uint8Array, count: number): Promise<Float32Array>
  close(): Promise<void>
}

export interface ParityInput {
  readonly format: ModelFormatName
  /** [rows]: by row number. */
  readonly photoIds: readonly number[]
  /** Row numbers to compare, at most a few hundred. */
  readonly rows: readonly number[]
  /** The pixels of `count` rows from `from` in `rows`, u8 [count, H, W, C]. */
  readonly pixels: (from: number, count: number) => Uint8Array
  /** What the app says, f32 [all rows, classes]. */
  readonly expected: Float32Array
  readonly signal: AbortSignal
}

const batch = 32
const mostNamed = 20

/** Runs the model on the rows and compares. Throws the signal's reason when aborted. */
export async function compareEngines(
  engine: ComparedEngine,
  { format, photoIds, rows, pixels, expected, signal }: ParityInput,
): Promise<ParityReport> {
  const { classes } = engine
  let largestDifference = 0
  const flipped: number[] = []
  for (let from = 0; from < rows.length; from += batch) {
    signal.throwIfAborted()
    const some = rows.slice(from, from + batch)
    const answers = await engine.run(pixels(from, some.length), some.length)
    some.forEach((row, i) => {
      const theirs = answers.subarray(i * classes, (i + 1) * classes)
      const ours = expected.subarray(row * classes, (row + 1) * classes)
      largestDifference = Math.max(largestDifference, difference(theirs, ours))
      if (largestIndex(theirs) !== largestIndex(ours)) flipped.push(photoIds[row]!)
    })
  }
  const report = { engine: engine.name, photos: rows.length, largestDifference, flipped: flipped.length }
  return { ...report, flippedPhotos: flipped.slice(0, mostNamed), within: isWithin(report, format) }
}

/** A single flipped answer among few photos is within a share of them: it says nothing of the rest. */
function isWithin({ photos, largestDifference, flipped }: ParityReport, format: ModelFormatName): boolean {
  const { difference: most, flipped: share } = modelFormats[format]
  return (
    (most === null || largestDifference <= most) &&
    (share === null || flipped <= Math.max(1, Math.floor(share * photos)))
  )
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
