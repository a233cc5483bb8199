// Runs the first steps of a run to measure their losses and their time; precision.ts chooses by them.

import { StepPlan } from './step-plan.ts'
import type { FittedBatch } from './batch-fitting.ts'
import { meanOf } from '../losses.ts'
import { SubmitPacing } from './submit-pacing.ts'
import type { Trial } from './precision.ts'
import { shuffled, type Settings } from '../settings.ts'
import { setUp } from '../setup.ts'
import { StepRunner } from './step-runner.ts'

/** Steps that warm the device up, rounds that are timed, and how long a round may be. */
const warmUpSteps = 2
const trialRounds = 3
const longestRound = 4
const roundMs = 200

/** From fresh weights, in rounds of `round` steps; without it as many as suit their speed. Fewer rounds where the
 *  signal is aborted. */
export async function runTrial(settings: Settings, round?: number, signal?: AbortSignal): Promise<Trial> {
  const setup = await setUp(settings)
  try {
    return await tryOut(settings, setup.fitted, round, signal)
  } finally {
    setup.dispose()
  }
}

async function tryOut(settings: Settings, fitted: FittedBatch, round?: number, signal?: AbortSignal): Promise<Trial> {
  const timed = stepTimer(settings, fitted)
  let warmMs = 0
  for (let i = 0; i < warmUpSteps; i++) warmMs = await timed(1)
  const length = round ?? Math.max(1, Math.min(longestRound, Math.round(roundMs / warmMs)))
  const times: number[] = []
  while (times.length < trialRounds && !signal?.aborted) times.push(await timed(length))
  return {
    losses: await lossesOf(fitted, warmUpSteps + times.length * length),
    milliseconds: Math.min(...times) / length,
    round: length,
  }
}

/** Runs the next so many steps of the first epoch; answers how many milliseconds they took. */
function stepTimer(settings: Settings, fitted: FittedBatch): (count: number) => Promise<number> {
  const { device } = settings
  const pacing = new SubmitPacing(performance.now(), 0)
  const runner = new StepRunner(device, fitted, new StepPlan(settings, fitted), pacing)
  const order = shuffled(settings, 0)
  fitted.loader.setOrder(fitted.store, 'train', order)
  let step = 0
  return async count => {
    const began = performance.now()
    runner.run(order, step, step + count)
    step += count
    await device.finished()
    const now = performance.now()
    pacing.mark(now, step)
    return now - began
  }
}

/** Of each of the first `steps` steps. */
async function lossesOf({ store, parts }: FittedBatch, steps: number): Promise<number[]> {
  const ring = await store.read('metrics')
  return Array.from({ length: steps }, (_, step) => meanOf(ring, step * parts, (step + 1) * parts).loss)
}
