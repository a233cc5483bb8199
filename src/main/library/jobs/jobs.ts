// Long work as jobs: one row each, which can be paused, resumed and cancelled. Work of a named kind can be taken up
// again in a later session with the parameters in its row; its own progress is in job_item. A job's promise never
// rejects: how it ended is in its row and in what it resolves to.

import { ServiceError, toErrorRecord, type ErrorRecord } from '../../../contract/errors.ts'
import type { Job } from '../../../contract/records.ts'
import type { WriteDb } from '../../db/database.ts'
import { translateError } from '../../db/errors.ts'
import type { JobOutcome, JobRunner } from '../context.ts'
import { insertJob, readJob, readJobs, settleInterrupted, writeJob, type StoredJob } from './job-rows.ts'
import { RunningJob, type JobSinks, type JobHandler } from './running-job.ts'

export interface Begun {
  readonly jobId: number
  readonly finished: Promise<JobOutcome>
}

export interface Jobs extends JobRunner {
  /** Starts a kind named at creation. */
  begin(kind: Job['kind'], params: unknown): Begun
  list(): Job[]
  pause(id: number): Promise<void>
  resume(id: number): Begun
  /** Ends it for good; what it did so far stays. */
  cancel(id: number): Promise<void>
  /** Stops all work at the next safe point; work that can be resumed waits in its row. */
  close(): Promise<void>
}

export interface JobsOptions {
  readonly db: WriteDb
  /** The library's folder, named in errors of the disk. */
  readonly where: string
  readonly handlers: Partial<Record<Job['kind'], JobHandler>>
  readonly emit: (job: Job) => void
  readonly now: () => Date
}

export function createJobs(options: JobsOptions): Jobs {
  return new JobList(options)
}

class JobList implements Jobs {
  readonly #options: JobsOptions
  readonly #sinks: JobSinks
  readonly #running = new Map<number, RunningJob>()
  /** Closures of this session, for resuming what has no named kind. */
  readonly #paused = new Map<number, JobHandler>()
  /** How jobs ended whose rows could not be written any more: the rows say that they run. */
  readonly #unwritten = new Map<number, Job>()

  constructor(options: JobsOptions) {
    const { db, handlers, emit } = options
    this.#options = options
    this.#sinks = { emit, write: job => db.relaxed(() => writeJob(db, job, this.#stamp())) }
    settleInterrupted(db, Object.keys(handlers), this.#stamp())
  }

  start(kind: Job['kind'], params: unknown, work: JobHandler): Begun {
    return this.#launch(insertJob(this.#options.db, kind, params, this.#stamp()), work)
  }

  begin(kind: Job['kind'], params: unknown): Begun {
    return this.start(kind, params, this.#options.handlers[kind]!)
  }

  list(): Job[] {
    return readJobs(this.#options.db).map(
      ({ job }) => this.#running.get(job.id)?.job ?? this.#unwritten.get(job.id) ?? job,
    )
  }

  pause(id: number): Promise<void> {
    return this.#stop(id, 'paused')
  }

  cancel(id: number): Promise<void> {
    return this.#stop(id, 'cancelled')
  }

  resume(id: number): Begun {
    const running = this.#running.get(id)
    if (running?.isCancelled) throw over({ ...running.job, state: 'cancelled' })
    if (running) return { jobId: id, finished: running.isStopping ? resumeAfterRest(running) : running.finished }
    const { job } = this.#stored(id)
    const work = this.#paused.get(id) ?? this.#options.handlers[job.kind]
    if (job.state === 'done' || job.state === 'cancelled' || !work) throw over(job)
    this.#paused.delete(id)
    return this.#launch(id, work)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.keys()].map(id => this.#stop(id, 'paused')))
  }

  #launch(id: number, work: JobHandler): Begun {
    const running = new RunningJob(this.#stored(id), work, this.#sinks)
    this.#running.set(id, running)
    try {
      running.say(true)
    } catch (error) {
      this.#running.delete(id)
      throw error
    }
    this.#unwritten.delete(id)
    running.finished = this.#carry(running)
    return { jobId: id, finished: running.finished }
  }

  async #carry(running: RunningJob): Promise<JobOutcome> {
    let error: ErrorRecord | null = null
    try {
      await running.runWork()
    } catch (thrown) {
      if (!running.isStopping) error = toErrorRecord(translateError(thrown, this.#options.where))
    }
    const { id, state } = running.end(error)
    if (state === 'paused') this.#paused.set(id, running.work)
    this.#running.delete(id)
    try {
      running.say(true)
    } catch (thrown) {
      this.#unwritten.set(id, running.job)
      error ??= toErrorRecord(thrown)
    }
    if (running.again && state === 'paused' && !error) error = this.#takeUpAgain(running)
    return { state, error }
  }

  #takeUpAgain(rested: RunningJob): ErrorRecord | null {
    const { id } = rested.job
    try {
      rested.next = this.#launch(id, rested.work).finished
      this.#paused.delete(id)
      return null
    } catch (thrown) {
      return toErrorRecord(thrown)
    }
  }

  async #stop(id: number, wanted: 'paused' | 'cancelled'): Promise<void> {
    const running = this.#running.get(id)
    if (running) {
      running.stop(wanted)
      await running.finished
      return
    }
    const { job } = this.#stored(id)
    if (wanted === 'cancelled' && (job.state === 'paused' || job.state === 'queued')) this.#cancelAtRest(job)
  }

  #cancelAtRest(job: Job): void {
    this.#paused.delete(job.id)
    const ended: Job = { ...job, state: 'cancelled' }
    writeJob(this.#options.db, ended, this.#stamp())
    this.#options.emit(ended)
  }

  /** ServiceError 'no-job'. */
  #stored(id: number): StoredJob {
    const stored = readJob(this.#options.db, id)
    if (!stored) throw new ServiceError('no-job', `There is no job ${id} in this library.`, 'Reload the list of jobs.')
    return stored
  }

  #stamp(): string {
    return this.#options.now().toISOString()
  }
}

/** Resolves as the work ends that follows the rest it is coming to. */
async function resumeAfterRest(resting: RunningJob): Promise<JobOutcome> {
  resting.again = true
  const outcome = await resting.finished
  return resting.next ?? outcome
}

function over(job: Job): ServiceError {
  return new ServiceError('job-over', `Job ${job.id} is ${job.state} and cannot be resumed.`, 'Start it again.')
}
