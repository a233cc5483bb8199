// Snapshots of core as checkpoint files and back: what is stored with a run, and what a run can go on from.

import type { RunSettings } from '../contract/records.ts'
import { decodeCheckpoint, encodeCheckpoint } from '../core/io/checkpoint.ts'
import { usableWeights, type Snapshot } from '../core/index.ts'

/** `best` is for use and holds the weights (averaged ones where the run keeps them); `last` is for going on and also holds the moments. */
export function checkpointBytes(snapshot: Snapshot, epoch: number, settings: RunSettings, kind: 'best' | 'last'): Uint8Array<ArrayBuffer> {
  const { model, step, progress } = snapshot
  const common = { model, epoch, step, progress, settings }
  if (kind === 'best') return encodeCheckpoint({ ...common, weights: usableWeights(snapshot), optimizer: null, average: null })
  const moments = new Map([...snapshot.moments].map(([name, data]) => [name, { shape: [data.length], data }]))
  return encodeCheckpoint({
    ...common, weights: snapshot.state, average: snapshot.average ?? null,
    optimizer: { name: settings.optimizer ?? 'adam', state: moments },
  })
}

export function snapshotOf(bytes: Uint8Array): Snapshot {
  const { model, weights, average, optimizer, step, progress } = decodeCheckpoint(bytes)
  const moments = new Map([...(optimizer?.state ?? [])].map(([name, { data }]) => [name, data]))
  return { model, state: weights, ...(average && { average }), moments, step, progress }
}
