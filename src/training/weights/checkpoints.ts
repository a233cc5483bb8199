// Snapshots of core as the checkpoint files that are stored with a run.

import type { RunSettings } from '../../contract/records.ts'
import { encodeCheckpoint } from '../../core/io/checkpoint.ts'
import { encodeSnapshot, usableWeights, type Snapshot } from '../../core/index.ts'

/** `best` is for use and holds the weights (averaged ones where the run keeps them); `last` is for going on and also
 *  holds the moments. */
export function checkpointBytes(
  snapshot: Snapshot,
  epoch: number,
  settings: RunSettings,
  kind: 'best' | 'last',
): Uint8Array<ArrayBuffer> {
  if (kind === 'last') return encodeSnapshot(snapshot, { epoch, settings, optimizer: settings.optimizer ?? 'adam' })
  const { model, step, progress } = snapshot
  return encodeCheckpoint({
    model,
    epoch,
    step,
    progress,
    settings,
    weights: usableWeights(snapshot),
    optimizer: null,
    average: null,
  })
}
