// What a training tells while it runs, in order. Consumers fold these; nothing else comes out.

import type { Snapshot } from './snapshot.ts'

export interface StartedEvent {
  readonly type: 'started'
  readonly parameters: number
  readonly stepsPerEpoch: number
  readonly epochs: number
  /** Of the whole run. */
  readonly steps: number
  readonly batch: number
  readonly callsPerStep: number
  /** Bytes of activations and gradients. */
  readonly memoryBytes: number
}

/** Means over the steps since the last such event; about 25 a second at most. */
export interface StepEvent {
  readonly type: 'step'
  readonly step: number
  readonly epoch: number
  readonly loss: number
  readonly accuracy: number
  readonly rate: number
  readonly stepsPerSecond: number
  /** Null until five seconds after the first step. */
  readonly secondsLeft: number | null
}

export interface EvaluatedEvent {
  readonly type: 'evaluated'
  readonly step: number
  readonly epoch: number
  /** Cross entropy of the softmax, whatever the loss of the training is. */
  readonly loss: number
  readonly accuracy: number
  /** The metrics that the training was given. */
  readonly metrics?: Readonly<Record<string, number>>
  readonly photos: number
  /** All validation rows, not a sample. */
  readonly complete: boolean
}

/** What the net thinks of the watched rows now. */
export interface PredictionsEvent {
  readonly type: 'predictions'
  readonly step: number
  readonly epoch: number
  readonly rows: Uint32Array
  readonly classes: Uint32Array
  readonly confidences: Float32Array
}

/** At the end of an epoch: the margin of each row it showed, the logit of its own label less the best other one. */
export interface MarginsEvent {
  readonly type: 'margins'
  readonly step: number
  readonly epoch: number
  readonly rows: Uint32Array
  readonly margins: Float32Array
}

/** The weights after an epoch ('last'), or after the one that validation found best so far ('best'). */
export interface CheckpointEvent {
  readonly type: 'checkpoint'
  readonly kind: 'best' | 'last'
  readonly step: number
  readonly epoch: number
  readonly snapshot: Snapshot
  /** Where a roll-back from here would go back to: what was told of later steps may be told again. */
  readonly goodStep: number
}

export interface NoteEvent {
  readonly type: 'note'
  readonly code: string
  readonly message: string
  readonly step: number
  /** Something went wrong on the way; absent for a plain remark. */
  readonly warning?: boolean
}

export interface EndedEvent {
  readonly type: 'ended'
  /** stopped: the signal was aborted; the last checkpoint before it holds what was learnt. */
  readonly state: 'done' | 'stopped'
  readonly step: number
  readonly epoch: number
  readonly seconds: number
}

/** What `train` tells, in order: started, notes, then for each epoch steps, margins, an evaluation and checkpoints,
 *  and at last ended. */
export type TrainEvent =
  | StartedEvent
  | StepEvent
  | EvaluatedEvent
  | PredictionsEvent
  | MarginsEvent
  | CheckpointEvent
  | NoteEvent
  | EndedEvent
