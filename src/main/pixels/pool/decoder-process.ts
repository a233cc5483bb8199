// One decode process seen from the pool: started, given batches, watched, killed. It may die at any time; that is an
// answer, not an error.

import { fork, type ChildProcess } from 'node:child_process'
import { ServiceError } from '../../../contract/errors.ts'
import type { PixelBudget } from './pixel-budget.ts'
import { processorTime } from './processor-time.ts'
import type { Batch, DecoderMessage, PoolMessage } from './serve-decoder.ts'
import type { DecodeResult } from '../types.ts'

/** How a batch ended: every file answered; the process died; or it was killed, because one file had taken too much
 *  processor time or because nothing at all had come of it for too long. */
export type BatchEnd = 'done' | 'died' | 'slow' | 'stalled'

export interface SilenceLimits {
  /** Processor time of one file. */
  readonly workMs: number
  /** By the clock: the disk or the decoder hangs. */
  readonly stalledMs: number
}

/** How long to wait for a decoder to be ready: once, and once more on a machine that is busy. */
export const START_WAITS_MS: readonly number[] = [30_000, 120_000]
/** Time for messages that wait behind a busy event loop of our own. */
const GRACE_MS = 250
const STDERR_KEPT = 2000

export class DecoderProcess {
  readonly #child: ChildProcess
  readonly #decoderPath: string
  #stderr = ''
  /** What the process had used when it last said something. */
  #usedMs = 0
  #alive = true
  #onMessage: (message: DecoderMessage) => void = () => {}
  #onDeath: () => void = () => {}

  /** Starts Node on the decoder's entry and waits until it is ready; one that starts slowly is started again and given
   *  more time. ServiceError 'decoder-not-started' with what it printed. */
  static async start(decoderPath: string, nodePath: string, waitsMs = START_WAITS_MS): Promise<DecoderProcess> {
    for (const waitMs of waitsMs) {
      const decoder = new DecoderProcess(decoderPath, nodePath)
      if (await decoder.#started(waitMs)) return decoder
    }
    const waits = waitsMs.map(wait => `${wait / 1000}`).join(' and then ')
    throw new ServiceError(
      'decoder-not-started',
      `The photo decoder (${decoderPath}) was not ready after ${waits} seconds: the machine or its disk is very busy.`,
      'Try again when other programs have ended.',
    )
  }

  private constructor(decoderPath: string, nodePath: string) {
    this.#decoderPath = decoderPath
    this.#child = fork(decoderPath, {
      execPath: nodePath,
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_KEPT)
    })
    this.#child.on('message', message => this.#onMessage(message as DecoderMessage))
    this.#child.on('exit', () => this.#died())
    this.#child.on('error', () => this.#died())
  }

  get alive(): boolean {
    return this.#alive
  }

  #died(): void {
    this.#alive = false
    this.#onDeath()
  }

  /** False where it was not ready in time and was killed. */
  #started(waitMs: number): Promise<boolean> {
    return new Promise((resolve, reject) => {
      let late = false
      const timer = setTimeout(() => {
        late = true
        this.kill()
      }, waitMs)
      this.#onMessage = () => {
        clearTimeout(timer)
        resolve(true)
      }
      this.#onDeath = () => {
        clearTimeout(timer)
        if (late) resolve(false)
        else reject(this.#endedEarly())
      }
    })
  }

  #endedEarly(): ServiceError {
    const said =
      this.#stderr.trim() || `It ended (${this.#child.signalCode ?? this.#child.exitCode}) and printed nothing.`
    return new ServiceError(
      'decoder-not-started',
      `The photo decoder (${this.#decoderPath}) did not start. ${said}`,
      'Run npm install again; if it goes on, run the doctor command and report what it prints.',
    )
  }

  /**
   * Hands over a batch. Results arrive in parcels, each file at most once; silence beyond the limits ends the process.
   * Large photos wait for their share of `budget`, and that wait is no silence.
   */
  run(
    batch: Batch,
    limits: SilenceLimits,
    budget: PixelBudget,
    onResults: (results: readonly DecodeResult[]) => void,
  ): Promise<BatchEnd> {
    return new Promise(resolve => {
      let killed: BatchEnd = 'died'
      const share = budget.share()
      const watch = new SilenceWatch(
        limits,
        () => this.#workedMs(),
        how => {
          killed = how
          this.kill()
        },
      )
      const end = (how: BatchEnd): void => {
        watch.stop()
        share.release()
        this.#onMessage = this.#onDeath = () => {}
        resolve(how)
      }
      const admit = async (pixels: number): Promise<void> => {
        watch.stop()
        if (!(await share.take(pixels))) return
        watch.begin()
        this.#send({ type: 'go' })
      }
      this.#onDeath = () => end(killed)
      this.#onMessage = message => {
        this.#usedMs = message.usedMs
        if (message.type === 'large') void admit(message.pixels)
        if (message.type !== 'results') return
        watch.begin()
        onResults(message.results)
        if (message.last) end('done')
      }
      if (!this.#alive) return end('died')
      watch.begin()
      this.#send({ type: 'batch', batch })
    })
  }

  /** Processor time since the process last said something; null where the system does not tell. */
  async #workedMs(): Promise<number | null> {
    const total = await processorTime(this.#child.pid!)
    return total === null ? null : total - this.#usedMs
  }

  #send(message: PoolMessage): void {
    this.#child.send(message, error => {
      if (error) this.kill()
    })
  }

  /** Ends the process at once, whatever it does. */
  kill(): void {
    this.#child.kill('SIGKILL')
  }
}

/** Looks at a silent process from time to time, by what it has worked since it was last heard. */
class SilenceWatch {
  readonly #limits: SilenceLimits
  readonly #workedMs: () => Promise<number | null>
  readonly #onEnd: (how: 'slow' | 'stalled') => void
  #timer: NodeJS.Timeout | undefined
  #since = 0

  constructor(limits: SilenceLimits, workedMs: () => Promise<number | null>, onEnd: (how: 'slow' | 'stalled') => void) {
    this.#limits = limits
    this.#workedMs = workedMs
    this.#onEnd = onEnd
  }

  begin(): void {
    this.#since = performance.now()
    this.#lookAfter(this.#limits.workMs)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#since = 0
  }

  #lookAfter(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#timer = setTimeout(() => void this.#look(), GRACE_MS)
    }, ms)
  }

  async #look(): Promise<void> {
    const since = this.#since
    const worked = await this.#workedMs()
    if (this.#since !== since) return
    const silentMs = performance.now() - since
    const { workMs, stalledMs } = this.#limits
    if ((worked ?? silentMs) >= workMs) return this.#onEnd('slow')
    if (silentMs >= stalledMs) return this.#onEnd('stalled')
    this.#lookAfter(Math.max(GRACE_MS, Math.min(workMs - (worked ?? 0), stalledMs - silentMs)))
  }
}
