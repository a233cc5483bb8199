// Waits for a job of the service, drawing its progress; Ctrl+C cancels it and what it did so far stays.

import { fromErrorRecord, ServiceError } from '../../../contract/errors.ts'
import type { Job } from '../../../contract/records.ts'
import type { Client } from '../../../contract/table.ts'
import type { Output } from './output.ts'
import { seconds } from './texts.ts'

const over: readonly Job['state'][] = ['done', 'cancelled', 'failed']

/** The job when it is done. Throws the job's error, or ServiceError 'cancelled'. */
export async function followJob(
  client: Client,
  title: string,
  start: () => Promise<{ jobId: number }>,
  output: Output,
  signal: AbortSignal,
): Promise<Job> {
  const bar = output.progress(title)
  const news = Promise.withResolvers<Job>()
  let jobId: number | null = null
  const seen = new Map<number, Job>()
  const take = (job: Job) => {
    seen.set(job.id, job)
    if (job.id !== jobId) return
    bar.update(job.done, job.total, detailOf(job))
    if (over.includes(job.state)) news.resolve(job)
  }
  const unsubscribe = client.subscribe('jobs', {}, take)
  const cancel = () => void (jobId !== null && client.request('jobs.cancel', { jobId }).catch(news.reject))
  signal.addEventListener('abort', cancel, { once: true })
  try {
    jobId = (await start()).jobId
    for (const job of await client.request('jobs.list', {})) if (!seen.has(job.id)) seen.set(job.id, job)
    const known = seen.get(jobId)
    if (known) take(known)
    if (signal.aborted) cancel()
    return finished(await news.promise, title)
  } finally {
    signal.removeEventListener('abort', cancel)
    unsubscribe()
    bar.stop()
  }
}

function finished(job: Job, title: string): Job {
  if (job.state === 'failed')
    throw job.error ? fromErrorRecord(job.error) : new ServiceError('internal', `The ${title} failed.`, 'Try again.')
  if (job.state === 'cancelled')
    throw new ServiceError(
      'cancelled',
      `The ${title} was stopped; what was done so far is kept.`,
      'Run the same command again to go on.',
    )
  return job
}

function detailOf({ perSecond, secondsLeft }: Job): string {
  const rate = perSecond === null ? '' : `${perSecond.toFixed(perSecond < 10 ? 1 : 0)}/s`
  return secondsLeft === null ? rate : `${rate}, ${seconds(secondsLeft * 1000)} left`
}
