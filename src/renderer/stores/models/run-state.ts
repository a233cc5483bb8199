// A run as the page shows it: a fold over its events. A live run and a reopened one go through the same function, so
// they look the same. Curves are thinned as they grow (every second point goes at the limit), so a long run costs no
// more memory than a short one.

import type { RunEvent } from '../../../contract/records.ts'

export interface Point {
  /** Position in epochs, fractional for steps. */
  readonly x: number
  readonly loss: number
  readonly accuracy: number
}

/** Of a training step. `rate` is the learning rate, `speed` steps a second. */
export interface StepPoint extends Point {
  readonly rate: number
  readonly speed: number
}

export interface RowPrediction {
  readonly classIndex: number
  readonly confidence: number
}

type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>

export interface RunViewState {
  started: EventOf<'started'> | null
  lastStep: EventOf<'step'> | null
  train: StepPoint[]
  /** Keep one step of this many. */
  every: number
  validation: Point[]
  validationPhotos: number
  test: EventOf<'evaluated'> | null
  /** Epoch and accuracy of the best whole look at the validation photos. */
  best: { readonly epoch: number; readonly accuracy: number } | null
  predictions: Map<number, RowPrediction>
  notes: EventOf<'note'>[]
  savedStep: number
  ended: EventOf<'ended'> | null
}

const MAX_POINTS = 1200

export function emptyRunState(): RunViewState {
  return {
    started: null,
    lastStep: null,
    train: [],
    every: 1,
    validation: [],
    validationPhotos: 0,
    test: null,
    best: null,
    predictions: new Map(),
    notes: [],
    savedStep: 0,
    ended: null,
  }
}

/** Folds one event into `state`, in place: thousands of steps arrive, and the store tells Vue a few times a second.
 */
export function foldEvent(state: RunViewState, event: RunEvent): void {
  switch (event.type) {
    case 'started':
      state.started = event
      state.ended = null
      break
    case 'step':
      foldStep(state, event)
      break
    case 'evaluated':
      foldEvaluated(state, event)
      break
    case 'predictions':
      foldPredictions(state, event)
      break
    case 'note':
      state.notes.push(event)
      break
    case 'checkpoint':
      state.savedStep = event.step
      break
    case 'ended':
      state.ended = event
      break
  }
}

export function foldAll(events: readonly RunEvent[]): RunViewState {
  const state = emptyRunState()
  for (const event of events) foldEvent(state, event)
  return state
}

/** How far the run has come, 0 to 1. */
export function progressOf(state: RunViewState): number {
  const { started, lastStep } = state
  if (!started || !lastStep) return 0
  return Math.min(1, lastStep.step / Math.max(1, started.epochs * started.stepsPerEpoch))
}

export function photosPerSecond(state: RunViewState): number | null {
  const { started, lastStep } = state
  return started && lastStep ? lastStep.stepsPerSecond * started.batch : null
}

function foldStep(state: RunViewState, event: EventOf<'step'>): void {
  state.lastStep = event
  const x = positionOf(state, event.step, event.epoch)
  // A resumed run goes back to its checkpoint: what lay after it is drawn anew.
  while (state.train.length > 0 && state.train.at(-1)!.x >= x) state.train.pop()
  if (event.step % state.every !== 0) return
  state.train.push({ x, loss: event.loss, accuracy: event.accuracy, rate: event.rate, speed: event.stepsPerSecond })
  if (state.train.length < MAX_POINTS) return
  state.train = state.train.filter((_, index) => index % 2 === 1)
  state.every *= 2
}

function foldEvaluated(state: RunViewState, event: EventOf<'evaluated'>): void {
  if (event.split === 'test') state.test = event
  if (event.split !== 'validation') return
  const x = positionOf(state, event.step, event.epoch)
  while (state.validation.length > 0 && state.validation.at(-1)!.x >= x) state.validation.pop()
  state.validation.push({ x, loss: event.loss, accuracy: event.accuracy })
  state.validationPhotos = event.photos
  if (event.complete && (!state.best || event.accuracy > state.best.accuracy))
    state.best = { epoch: event.epoch, accuracy: event.accuracy }
}

function foldPredictions(state: RunViewState, event: EventOf<'predictions'>): void {
  event.rows.forEach((row, i) =>
    state.predictions.set(row, { classIndex: event.classes[i]!, confidence: event.confidences[i]! }),
  )
}

function positionOf(state: RunViewState, step: number, epoch: number): number {
  return state.started ? step / Math.max(1, state.started.stepsPerEpoch) : epoch
}
