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

export interface RunPicture {
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

export function emptyPicture(): RunPicture {
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

/** Folds one event into `picture`, in place: thousands of steps arrive, and the store tells Vue a few times a second.
 */
export function foldEvent(picture: RunPicture, event: RunEvent): void {
  switch (event.type) {
    case 'started':
      picture.started = event
      picture.ended = null
      break
    case 'step':
      foldStep(picture, event)
      break
    case 'evaluated':
      foldEvaluated(picture, event)
      break
    case 'predictions':
      foldPredictions(picture, event)
      break
    case 'note':
      picture.notes.push(event)
      break
    case 'checkpoint':
      picture.savedStep = event.step
      break
    case 'ended':
      picture.ended = event
      break
  }
}

export function foldAll(events: readonly RunEvent[]): RunPicture {
  const picture = emptyPicture()
  for (const event of events) foldEvent(picture, event)
  return picture
}

/** How far the run has come, 0 to 1. */
export function progressOf(picture: RunPicture): number {
  const { started, lastStep } = picture
  if (!started || !lastStep) return 0
  return Math.min(1, lastStep.step / Math.max(1, started.epochs * started.stepsPerEpoch))
}

export function photosPerSecond(picture: RunPicture): number | null {
  const { started, lastStep } = picture
  return started && lastStep ? lastStep.stepsPerSecond * started.batch : null
}

function foldStep(picture: RunPicture, event: EventOf<'step'>): void {
  picture.lastStep = event
  const x = positionOf(picture, event.step, event.epoch)
  // A resumed run goes back to its checkpoint: what lay after it is drawn anew.
  while (picture.train.length > 0 && picture.train.at(-1)!.x >= x) picture.train.pop()
  if (event.step % picture.every !== 0) return
  picture.train.push({ x, loss: event.loss, accuracy: event.accuracy, rate: event.rate, speed: event.stepsPerSecond })
  if (picture.train.length < MAX_POINTS) return
  picture.train = picture.train.filter((_, index) => index % 2 === 1)
  picture.every *= 2
}

function foldEvaluated(picture: RunPicture, event: EventOf<'evaluated'>): void {
  if (event.split === 'test') picture.test = event
  if (event.split !== 'validation') return
  const x = positionOf(picture, event.step, event.epoch)
  while (picture.validation.length > 0 && picture.validation.at(-1)!.x >= x) picture.validation.pop()
  picture.validation.push({ x, loss: event.loss, accuracy: event.accuracy })
  picture.validationPhotos = event.photos
  if (event.complete && (!picture.best || event.accuracy > picture.best.accuracy))
    picture.best = { epoch: event.epoch, accuracy: event.accuracy }
}

function foldPredictions(picture: RunPicture, event: EventOf<'predictions'>): void {
  event.rows.forEach((row, i) =>
    picture.predictions.set(row, { classIndex: event.classes[i]!, confidence: event.confidences[i]! }),
  )
}

function positionOf(picture: RunPicture, step: number, epoch: number): number {
  return picture.started ? step / Math.max(1, picture.started.stepsPerEpoch) : epoch
}
