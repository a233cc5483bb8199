// Long work as jobs: one row each, progress at most ten times a second, pause, resume and cancel by an abort signal that the work
// obeys. Work of a named kind can be taken up again in a later session with the parameters in its row; its own progress is
// in job_item. A job's promise never rejects: how it ended is in its row and in what it resolves to.

import { ServiceError, toErrorRecord, type ErrorRecord } from '../../contract/errors.ts'
import type { Job } from '../../contract/records.ts'
import type { WriteDb } from '../db/database.ts'
import { translateError } from '../db/errors.ts'
import type { JobControl, JobOutcome, JobRunner } from './context.ts'
import { createJobMeter, type JobMeter } from './job-meter.ts'
import { insertJob, readJob, readJobs, settleInterrupted, writeJob } from './job-rows.ts'

export type JobWork = (control: JobControl, params: unknown) => Promise<void>

export interface Jobs extends JobRunner {
  /** Starts a kind named at creation. */
  begin(kind: Job['kind'], params: unknown): { readonly jobId: number; readonly finished: Promise<JobOutcome> }
  list(): Job[]
  pause(id: number): Promise<void>
  resume(id: number): { readonly jobId: number; readonly finished: Promise<JobOutcome> }
  /** Ends it for good; what it did so far stays. */
  cancel(id: number): Promise<void>
  /** Stops all work at the next safe point; work that can be resumed waits in its row. */
  close(): Promise<void>
}

export interface JobsOptions {
  readonly db: WriteDb
  /** The library's folder, named in errors of the disk. */
  readonly where: string
  readonly works: Partial<Record<Job['kind'], JobWork>>
  readonly emit: (job: Job) => void
  readonly now: () => Date
}

interface Running {
  job: Job
  readonly work: JobWork
  readonly params: unknown
  readonly meter: JobMeter
  readonly abort: AbortController
  finished: Promise<JobOutcome>
  /** What an abort asks for. */
  wanted: 'paused' | 'cancelled'
  /** Resumed while it was still coming to rest: it is taken up again as soon as it has. */
  again: boolean
  /** The end of that second time. */
  next: Promise<JobOutcome> | null
  saidAt: number
  writtenAt: number
}

const saidEveryMs = 100
const writtenEveryMs = 2000

export function createJobs(options: JobsOptions): Jobs {
  const { db, works, emit } = options
  const running = new Map<number, Running>()
  /** Closures of this session, for resuming what has no named kind. */
  const paused = new Map<number, JobWork>()
  /** How jobs ended whose rows could not be written any more: the rows say that they run. */
  const unwritten = new Map<number, Job>()
  const stamp = () => options.now().toISOString()
  settleInterrupted(db, Object.keys(works), stamp())

  function launch(id: number, work: JobWork): { jobId: number; finished: Promise<JobOutcome> } {
    const { job, params } = readJob(db, id)!
    const entry: Running = {
      job: { ...job, state: 'running', error: null }, work, params, meter: createJobMeter(), abort: new AbortController(),
      finished: Promise.resolve({ state: 'running', error: null }), wanted: 'cancelled', again: false, next: null, saidAt: -Infinity, writtenAt: -Infinity,
    }
    running.set(id, entry)
    try {
      say(entry, true)
    } catch (error) {
      running.delete(id)
      throw error
    }
    unwritten.delete(id)
    entry.finished = carry(entry)
    return { jobId: id, finished: entry.finished }
  }

  async function carry(entry: Running): Promise<JobOutcome> {
    let error: ErrorRecord | null = null
    try {
      await entry.work(controlOf(entry), entry.params)
    } catch (thrown) {
      if (!entry.abort.signal.aborted) error = toErrorRecord(translateError(thrown, options.where))
    }
    const state = error ? 'failed' : entry.abort.signal.aborted ? entry.wanted : 'done'
    if (state === 'paused') paused.set(entry.job.id, entry.work)
    running.delete(entry.job.id)
    entry.job = { ...entry.job, state, error, perSecond: null, secondsLeft: null }
    try {
      say(entry, true)
    } catch (thrown) {
      unwritten.set(entry.job.id, entry.job)
      error ??= toErrorRecord(thrown)
    }
    if (entry.again && state === 'paused' && !error) error = takenUpAgain(entry)
    return { state, error }
  }

  function takenUpAgain(entry: Running): ErrorRecord | null {
    try {
      entry.next = launch(entry.job.id, entry.work).finished
      paused.delete(entry.job.id)
      return null
    } catch (thrown) {
      return toErrorRecord(thrown)
    }
  }

  /** Resolves as the work ends that follows the rest it is coming to. */
  async function resumeAfterRest(entry: Running): Promise<JobOutcome> {
    entry.again = true
    const outcome = await entry.finished
    return entry.next ?? outcome
  }

  function controlOf(entry: Running): JobControl {
    return {
      jobId: entry.job.id,
      signal: entry.abort.signal,
      progress(done, total) {
        entry.meter.note(done, performance.now())
        entry.job = { ...entry.job, done, total, ...entry.meter.read(total) }
        say(entry, false)
      },
      result(values) {
        entry.job = { ...entry.job, result: { ...entry.job.result, ...values } }
        say(entry, false)
      },
    }
  }

  /** Tells listeners at most ten times a second and the row every two seconds; both at once when `always` (a change of state). */
  function say(entry: Running, always: boolean): void {
    const at = performance.now() // the clock of the day may be set back
    if (!always && at - entry.saidAt < saidEveryMs) return
    entry.saidAt = at
    emit(entry.job)
    if (!always && at - entry.writtenAt < writtenEveryMs) return
    entry.writtenAt = at
    db.relaxed(() => writeJob(db, entry.job, stamp()))
  }

  async function stop(id: number, wanted: Running['wanted']): Promise<void> {
    const entry = running.get(id)
    if (entry) {
      if (!isCancelled(entry)) entry.wanted = wanted
      entry.again = false
      entry.abort.abort()
      await entry.finished
      return
    }
    const { job } = found(id)
    if (wanted === 'cancelled' && (job.state === 'paused' || job.state === 'queued')) {
      paused.delete(id)
      const ended: Job = { ...job, state: 'cancelled' }
      writeJob(db, ended, stamp())
      emit(ended)
    }
  }

  function found(id: number) {
    const stored = readJob(db, id)
    if (!stored) throw new ServiceError('no-job', `There is no job ${id} in this library.`, 'Reload the list of jobs.')
    return stored
  }

  return {
    start: (kind, params, work) => launch(insertJob(db, kind, params, stamp()), work),
    begin(kind, params) {
      return launch(insertJob(db, kind, params, stamp()), works[kind]!)
    },
    list: () => readJobs(db).map(({ job }) => running.get(job.id)?.job ?? unwritten.get(job.id) ?? job),
    pause: id => stop(id, 'paused'),
    cancel: id => stop(id, 'cancelled'),
    resume(id) {
      const entry = running.get(id)
      if (entry && !entry.abort.signal.aborted) return { jobId: id, finished: entry.finished }
      if (entry && isCancelled(entry)) throw over({ ...entry.job, state: 'cancelled' })
      if (entry) return { jobId: id, finished: resumeAfterRest(entry) }
      const { job } = found(id)
      const work = paused.get(id) ?? works[job.kind]
      if (job.state === 'done' || job.state === 'cancelled' || !work) throw over(job)
      paused.delete(id)
      return launch(id, work)
    },
    async close() {
      await Promise.all([...running.keys()].map(id => stop(id, 'paused')))
    },
  }
}

/** Told to end for good, which nothing takes back. */
function isCancelled({ abort, wanted }: Running): boolean {
  return abort.signal.aborted && wanted === 'cancelled'
}

function over(job: Job): ServiceError {
  return new ServiceError('job-over', `Job ${job.id} is ${job.state} and cannot be resumed.`, 'Start it again.')
}
