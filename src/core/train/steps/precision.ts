// Chooses the precision in which a training stores its activations. 'auto' takes f16 only on a real GPU with
// shader-f16, and only where a few trial steps are faster with it and agree with f32 in their losses. The choice is
// remembered for the adapter, because the two times may be close and the same run is to be the same again.

import { CoreError } from '../../error.ts'
import { lossScaleState } from '../../ops/loss-scale.ts'
import type { NoteEvent } from '../events.ts'
import type { Settings } from '../settings.ts'

export interface Chosen {
  readonly precision: 'f32' | 'f16'
  /** What the run log says of it; none where there was nothing to choose. */
  readonly note?: NoteEvent
}

export interface Trial {
  /** Of each step. */
  readonly losses: readonly number[]
  /** Of one step, in the fastest of three rounds. */
  readonly milliseconds: number
  /** Steps of a round. */
  readonly round: number
}

/** Runs the first steps in this precision from fresh weights, in rounds of `round` steps; without it as many as suit
 *  their speed. */
export type RunTrial = (precision: 'f32' | 'f16', round?: number) => Promise<Trial>

/** Sum of the differences of the losses, as a share of the sum of the losses in f32. */
const tolerance = 0.02
/** A gain below this is within the noise of so few steps. */
const slowestShare = 0.95
/** In a shorter run the trial would cost more than it wins. */
const fewestSteps = 200

/** Rejects with CoreError 'bad-argument' where f16 is asked for by hand on a device that cannot store it. */
export async function choosePrecision(settings: Settings, trial: RunTrial): Promise<Chosen> {
  const {
    precision,
    device: { info },
  } = settings
  if (precision === 'f16' && !info.halfPrecision) throw noHalf(settings)
  if (precision !== 'auto') return { precision }
  if (settings.from) return asBefore(settings)
  if (info.kind === 'cpu') return { precision: 'f32' }
  if (info.software)
    return full(
      'software',
      `${info.name} is a software GPU, which only imitates 16-bit numbers and gains nothing by them`,
    )
  if (!info.halfPrecision) return full('absent', `${info.name} has no 16-bit numbers (shader-f16)`)
  if (stepsOf(settings) < fewestSteps)
    return full('short', `a run of ${stepsOf(settings)} steps is too short for a trial of 16 bits`)
  return byTrial(settings, trial)
}

/** A run that goes on keeps its precision, so that it goes on exactly. */
function asBefore({ from, device: { info } }: Settings): Chosen {
  if (!from!.moments.has(lossScaleState)) return { precision: 'f32' }
  return info.halfPrecision
    ? { precision: 'f16' }
    : full('absent', `this run was stored in 16 bits, but ${info.name} has no 16-bit numbers (shader-f16)`)
}

async function byTrial(settings: Settings, trial: RunTrial): Promise<Chosen> {
  const { findings } = settings.device
  const key = speedKey(settings)
  const known = await findings?.recall(key)
  if (known === 'f32') return full('slower', 'an earlier trial of this net on this GPU found 16 bits not to be faster')
  const f32 = await trial('f32')
  try {
    const f16 = await trial('f16', f32.round)
    const faster = known ?? (f16.milliseconds > f32.milliseconds * slowestShare ? 'f32' : 'f16')
    if (!known) await findings?.remember(key, faster)
    return judged(f32, f16, faster === 'f16')
  } catch (error) {
    if (error instanceof CoreError && error.code !== 'device-lost')
      return full('failed', `the trial in 16 bits failed: ${error.message}`)
    throw error
  }
}

/** What the speed of both ways hangs on, besides the adapter. */
function speedKey({
  model: {
    preset,
    input: { height, width, channels },
    classes,
  },
  batchSize: batch,
}: Settings): string {
  return `precision of ${preset} ${height}x${width}x${channels}, ${classes.length} classes, batch ${batch}`
}

function judged(f32: Trial, f16: Trial, isFaster: boolean): Chosen {
  const apart = sum(f32.losses.map((loss, i) => Math.abs(loss - f16.losses[i]!))) / sum(f32.losses)
  const [difference, steps] = [`${(apart * 100).toFixed(2)} %`, f32.losses.length]
  const times = `${f16.milliseconds.toFixed(2)} ms a step with 16 bits, ${f32.milliseconds.toFixed(2)} ms with 32`
  if (!(apart <= tolerance))
    return full(
      'differs',
      `in ${steps} trial steps the losses with 16 bits were ${difference} off (at most ${tolerance * 100} % is allowed)`,
    )
  if (!isFaster) return full('slower', `16 bits are not faster on this GPU: ${times}`)
  return {
    precision: 'f16',
    note: note(
      'f16',
      `Activations are stored in 16 bits (f16): in ${steps} trial steps the losses were ${difference} off those with 32 bits (at most ${tolerance * 100} % is allowed), and ${times}.`,
    ),
  }
}

function full(code: string, why: string): Chosen {
  return { precision: 'f32', note: note(`f32-${code}`, `Activations are stored in 32 bits (f32): ${why}.`) }
}

function note(code: string, message: string): NoteEvent {
  return { type: 'note', code: `precision-${code}`, message, step: 0 }
}

function stepsOf({ steps, epochs, trainRows, batchSize: batch }: Settings): number {
  return steps ?? epochs * Math.max(1, Math.floor(trainRows.length / batch))
}

function noHalf({ device: { info } }: Settings): CoreError {
  return new CoreError(
    'bad-argument',
    `${info.name} cannot store 16-bit numbers, which the precision f16 needs${info.kind === 'gpu' ? ' (shader-f16)' : ''}.`,
    'Take the precision auto or f32.',
  )
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0)
}
