// What a run's weights say of every photo of the run, sent to the service, and how right they are about it.

import type { Run, RunSummary } from '../contract/records.ts'
import type { Client } from '../contract/table.ts'
import { predictWithFeatures, score, usableWeights, type Device, type Score, type Snapshot } from '../core/index.ts'
import type { RunPhotos } from './photos.ts'

export async function sendPredictions(
  client: Client,
  run: Run,
  photos: RunPhotos,
  device: Device,
  snapshot: Snapshot,
): Promise<Pick<RunSummary, 'testAccuracy' | 'validationAccuracy' | 'validationLoss'>> {
  const rows = Uint32Array.from(photos.photoIds, (_, row) => row)
  const { probabilities, features } = await predictWithFeatures(
    device,
    snapshot.model,
    usableWeights(snapshot),
    photos.set,
    rows,
  )
  await client.putBytes('predictions', { runId: run.id }, new Uint8Array(probabilities.buffer))
  if (features.length > 0) await client.putBytes('embeddings', { runId: run.id }, new Uint8Array(features.buffer))
  const test = scoreOf(probabilities, photos, photos.test, run.classes.length)
  const validation = scoreOf(probabilities, photos, photos.validation, run.classes.length)
  return {
    testAccuracy: test?.accuracy ?? null,
    validationAccuracy: validation?.accuracy ?? null,
    validationLoss: validation?.loss ?? null,
  }
}

function scoreOf(
  probabilities: Float32Array,
  photos: RunPhotos,
  rows: Uint32Array,
  classes: number,
): Score | undefined {
  if (rows.length === 0) return undefined
  const picked = new Float32Array(rows.length * classes)
  rows.forEach((row, i) => picked.set(probabilities.subarray(row * classes, (row + 1) * classes), i * classes))
  return score(
    picked,
    Array.from(rows, row => photos.set.labels[row]!),
  )
}
