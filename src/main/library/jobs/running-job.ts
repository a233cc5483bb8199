// One job at work: its record as it stands, what it tells and writes down of it, and the abort signal that its work
// obeys. It reads a steady clock, since the clock of the day may be set back.

import type { ErrorRecord } from '../../../contract/errors.ts'
import type { Job } from '../../../contract/records.ts'
import type { JobControl, JobOutcome } from '../context.ts'
import { createJobMeter } from './job-meter.ts'
import type { StoredJob } from './job-rows.ts'

export type JobHandler = (control: JobControl, params: unknown) => Promise<void>

/** Where a job's record goes: to whoever listens, and into its row. */
export interface JobSinks {
  readonly emit: (job: Job) => void
  readonly write: (job: Job) => void
}

const saidEveryMs = 100
const writtenEveryMs = 2000

export class RunningJob {
  readonly work: JobHandler
  readonly #params: unknown
  readonly #sinks: JobSinks
  readonly #meter = createJobMeter()
  readonly #abort = new AbortController()
  #job: Job
  /** What an abort asks for. */
  #wanted: 'paused' | 'cancelled' = 'cancelled'
  #saidAt = -Infinity
  #writtenAt = -Infinity
  finished: Promise<JobOutcome> = Promise.resolve({ state: 'running', error: null })
  /** Resumed while it was still coming to rest: it is taken up again as soon as it has. */
  again = false
  /** The end of that second time. */
  next: Promise<JobOutcome> | null = null

  constructor({ job, params }: StoredJob, work: JobHandler, sinks: JobSinks) {
    this.#job = { ...job, state: 'running', error: null }
    this.#params = params
    this.work = work
    this.#sinks = sinks
  }

  get job(): Job {
    return this.#job
  }

  /** Told to pause or to end; its work may take a while to come to rest. */
  get isStopping(): boolean {
    return this.#abort.signal.aborted
  }

  /** Told to end for good, which nothing takes back. */
  get isCancelled(): boolean {
    return this.isStopping && this.#wanted === 'cancelled'
  }

  runWork(): Promise<void> {
    return this.work(this.#control(), this.#params)
  }

  stop(wanted: 'paused' | 'cancelled'): void {
    if (!this.isCancelled) this.#wanted = wanted
    this.again = false
    this.#abort.abort()
  }

  /** Its work is over, with this error or as it was told to; answers its record. */
  end(error: ErrorRecord | null): Job {
    const state = error ? 'failed' : this.isStopping ? this.#wanted : 'done'
    this.#job = { ...this.#job, state, error, perSecond: null, secondsLeft: null }
    return this.#job
  }

  /** Tells listeners at most ten times a second and the row every two seconds; both at once when `always` (a change of
   *  state). */
  say(always: boolean): void {
    const at = performance.now()
    if (!always && at - this.#saidAt < saidEveryMs) return
    this.#saidAt = at
    this.#sinks.emit(this.#job)
    if (!always && at - this.#writtenAt < writtenEveryMs) return
    this.#writtenAt = at
    this.#sinks.write(this.#job)
  }

  #control(): JobControl {
    return {
      jobId: this.#job.id,
      signal: this.#abort.signal,
      progress: (done, total) => {
        this.#meter.note(done, performance.now())
        this.#job = { ...this.#job, done, total, ...this.#meter.read(total) }
        this.say(false)
      },
      result: values => {
        this.#job = { ...this.#job, result: { ...this.#job.result, ...values } }
        this.say(false)
      },
    }
  }
}
