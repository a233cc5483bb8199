// Snapshots of core as checkpoint files and back: what is stored with a run, and what a run can go on from.

import type { RunSettings } from '../contract/records.ts'
import { decodeCheckpoint, encodeCheckpoint } from '../core/io/checkpoint.ts'
import type { Snapshot } from '../core/index.ts'

/** `best` is for use and holds the weights; `last` also holds the optimizer's moments, so that training can go on. */
export function checkpointBytes(snapshot: Snapshot, epoch: number, settings: RunSettings, kind: 'best' | 'last'): Uint8Array<ArrayBuffer> {
  const moments = new Map([...snapshot.moments].map(([name, data]) => [name, { shape: [data.length], data }]))
  return encodeCheckpoint({
    model: snapshot.model, weights: snapshot.state, epoch, step: snapshot.step,
    optimizer: kind === 'last' ? { name: 'adam', state: moments } : null,
    average: null, settings,
  })
}

export function snapshotOf(bytes: Uint8Array): Snapshot {
  const { model, weights, optimizer, step } = decodeCheckpoint(bytes)
  const moments = new Map([...(optimizer?.state ?? [])].map(([name, { data }]) => [name, data]))
  return { model, state: weights, moments, step }
}
