// Training as a stream of events: `for await (const event of train(options, signal))`. One epoch after the other, each
// with a fresh order and an evaluation; a checkpoint after every epoch and whenever validation was best. Stops within a
// submit.

import { CoreError } from '../error.ts'
import { checkSettings, untaughtClasses } from './check.ts'
import type { CheckpointEvent, EvaluatedEvent, NoteEvent, TrainEvent } from './events.ts'
import { createSession, type TrainingSession } from './session.ts'
import { checkOptionNames, shuffled, withDefaults, type Settings, type TrainingOptions } from './settings.ts'
import { isBetter, measure, mostProbable, score } from './evaluation/score.ts'
import type { Progress, Snapshot } from './snapshot.ts'

const mostRollBacks = 3

/** Throws CoreError: 'bad-argument', 'bad-data', 'bad-model', 'out-of-memory', 'shader-failed', 'device-lost', or
 *  'diverged' after three roll-backs without a good epoch between. */
export async function* train(options: TrainingOptions, signal?: AbortSignal): AsyncGenerator<TrainEvent> {
  checkOptionNames(options)
  const settings = withDefaults(options)
  checkSettings(settings)
  const startedAt = performance.now()
  const session = await createSession(settings, signal)
  try {
    yield session.started
    yield* [...untaughtClasses(settings), ...session.notes]
    for await (const event of epochs(session, settings, signal)) {
      const givenAt = performance.now()
      yield event
      session.heldSince(givenAt)
    }
    const state = signal?.aborted ? 'stopped' : 'done'
    yield {
      type: 'ended',
      state,
      step: session.step,
      epoch: session.epoch,
      seconds: (performance.now() - startedAt) / 1000,
    }
  } finally {
    session.dispose()
  }
}

async function* epochs(
  session: TrainingSession,
  settings: Settings,
  signal: AbortSignal | undefined,
): AsyncGenerator<TrainEvent> {
  let best = settings.from?.progress.best ?? null
  let good = await session.snapshot(best)
  let rollBacks = 0
  let unmeasured = settings.from?.progress.unmeasured ?? false
  while ((unmeasured || !session.isDone) && !signal?.aborted) {
    const outcome = yield* epochOrProblem(session, settings, { best, unmeasured }, signal)
    unmeasured = outcome === 'unmeasured'
    if (outcome instanceof CoreError) {
      if (rollBacks++ === mostRollBacks) throw outcome
      good = session.rollBack(good)
      yield* rolledBack(session, good, outcome)
      continue
    }
    if (typeof outcome === 'string') break
    const { evaluated } = outcome
    if (evaluated) yield evaluated
    yield* watched(session, settings)
    const improved = !evaluated || isBetter(evaluated, best ?? undefined)
    if (improved && evaluated) best = { epoch: evaluated.epoch, loss: evaluated.loss, accuracy: evaluated.accuracy }
    const snapshot = { ...outcome.snapshot, progress: { ...outcome.snapshot.progress, best } }
    if (!session.isLossHigh) [good, rollBacks] = [snapshot, 0]
    if (improved) yield checkpoint(session, 'best', snapshot, good.step)
    yield checkpoint(session, 'last', snapshot, good.step)
    if (best && session.epoch - best.epoch >= settings.patience)
      return yield stoppedEarly(session, settings, best.epoch)
  }
  if (signal?.aborted) yield checkpoint(session, 'last', await session.snapshot(best, unmeasured), good.step)
}

function atEpochEnd(session: TrainingSession): boolean {
  return session.isDone || session.step % session.stepsPerEpoch === 0
}

function stoppedEarly(session: TrainingSession, { patience }: Settings, bestEpoch: number): NoteEvent {
  return {
    type: 'note',
    code: 'stopped-early',
    step: session.step,
    message: `Validation has not improved for ${patience} epochs, so training stops here; the best weights are those of epoch ${bestEpoch}.`,
  }
}

/** What an epoch made of the weights, and what validation says of them where there is any. */
interface Epoch {
  readonly snapshot: Snapshot
  readonly evaluated: EvaluatedEvent | undefined
}

/** One epoch, or the evaluation that is left of one; else where it was stopped, or what went wrong where its loss, its
 *  weights or its answers are none to go on with. */
async function* epochOrProblem(
  session: TrainingSession,
  settings: Settings,
  { best, unmeasured }: Pick<Progress, 'best' | 'unmeasured'>,
  signal: AbortSignal | undefined,
): AsyncGenerator<TrainEvent, Epoch | 'unfinished' | 'unmeasured' | CoreError> {
  try {
    const snapshot = unmeasured ? await session.snapshot(best) : yield* learn(session, settings, best, signal)
    if (!snapshot || !atEpochEnd(session)) return 'unfinished'
    const evaluated = await evaluate(session, settings, signal)
    return evaluated === 'stopped' ? 'unmeasured' : { snapshot, evaluated }
  } catch (error) {
    if (error instanceof CoreError && error.code === 'diverged') return error
    throw error
  }
}

/** The steps of one epoch; answers what they made of the weights, nothing where it was stopped before the first. */
async function* learn(
  session: TrainingSession,
  settings: Settings,
  best: Progress['best'],
  signal: AbortSignal | undefined,
): AsyncGenerator<TrainEvent, Snapshot | undefined> {
  const order = shuffled(settings, session.epoch)
  const before = session.step
  yield* session.trainEpoch(order, signal, () => watchedNow(session, settings))
  if (session.step === before) return undefined
  const [snapshot, margins] = await Promise.all([session.soundSnapshot(best), session.margins(order)])
  yield margins
  return snapshot
}

/** Back at the last good weights, which may be those of an earlier epoch: a loss that stays high is found out only
 *  after many steps. */
function* rolledBack(session: TrainingSession, good: Snapshot, problem: CoreError): Generator<TrainEvent> {
  yield checkpoint(session, 'last', good, good.step)
  yield {
    type: 'note',
    code: 'rolled-back',
    warning: true,
    step: session.step,
    message: `${problem.message} Training goes on from the last good weights at half the rate.`,
  }
}

/** 'stopped' where the signal came before all photos were asked. */
async function evaluate(
  session: TrainingSession,
  settings: Settings,
  signal: AbortSignal | undefined,
): Promise<EvaluatedEvent | 'stopped' | undefined> {
  const { validationRows, validationSample, photos, metrics } = settings
  if (validationRows.length === 0) return undefined
  const complete = session.isDone || validationRows.length <= validationSample
  const rows = complete ? validationRows : evenly(validationRows, validationSample)
  const probabilities = await session.probabilities(rows, signal)
  if (!probabilities) return 'stopped'
  const labels = rows.map(row => photos.labels[row]!)
  return {
    type: 'evaluated',
    step: session.step,
    epoch: session.epoch,
    ...score(probabilities, labels),
    ...(Object.keys(metrics).length > 0 && { metrics: measure(metrics, probabilities, labels) }),
    photos: rows.length,
    complete,
  }
}

function evenly(rows: Uint32Array<ArrayBuffer>, count: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)]!)
}

async function* watched(session: TrainingSession, settings: Settings): AsyncGenerator<TrainEvent> {
  if (settings.watchedRows.length > 0) yield await watchedNow(session, settings)
}

async function watchedNow(session: TrainingSession, { watchedRows, model }: Settings): Promise<TrainEvent> {
  const probabilities = (await session.probabilities(watchedRows))!
  const classes = watchedRows.map((_, i) => mostProbable(probabilities, i, model.classes.length))
  const confidences = Float32Array.from(classes, (k, i) => probabilities[i * model.classes.length + k]!)
  return { type: 'predictions', step: session.step, epoch: session.epoch, rows: watchedRows, classes, confidences }
}

function checkpoint(
  session: TrainingSession,
  kind: 'best' | 'last',
  snapshot: CheckpointEvent['snapshot'],
  goodStep: number,
): CheckpointEvent {
  return { type: 'checkpoint', kind, step: session.step, epoch: session.epoch, snapshot, goodStep }
}
