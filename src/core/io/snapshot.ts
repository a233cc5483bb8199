// Snapshots of a training as checkpoint files and back (checkpoint.ts says what stands in one).

import { refuseOthers } from '../options.ts'
import type { Snapshot } from '../train/snapshot.ts'
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts'

/** What a file may say of a training besides its snapshot: kept, not interpreted. */
export interface AboutSnapshot {
  readonly epoch?: number
  /** The optimizer's name, for people. */
  readonly optimizer?: string
  readonly settings?: Readonly<Record<string, unknown>>
}

/** A safetensors file with all that it takes to go on. PyTorch finds the weights in it under its own names. */
export function encodeSnapshot(
  snapshot: Snapshot,
  { epoch = 0, optimizer = '', settings = {}, ...others }: AboutSnapshot = {},
): Uint8Array<ArrayBuffer> {
  refuseOthers('encodeSnapshot', others, ['epoch', 'optimizer', 'settings'])
  const { model, step, progress, state, average = null } = snapshot
  const moments = new Map([...snapshot.moments].map(([name, data]) => [name, { shape: [data.length], data }]))
  return encodeCheckpoint({
    model,
    epoch,
    step,
    progress,
    settings,
    weights: state,
    average,
    optimizer: { name: optimizer, state: moments },
  })
}

/** The snapshot in a checkpoint file. Throws CoreError 'bad-checkpoint' with a sentence. */
export function decodeSnapshot(file: Uint8Array): Snapshot {
  const { model, weights, average, optimizer, step, progress } = decodeCheckpoint(file)
  const moments = new Map([...(optimizer?.state ?? [])].map(([name, { data }]) => [name, data]))
  return { model, state: weights, ...(average && { average }), moments, step, progress }
}
