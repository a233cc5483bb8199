// Tells the shell how far the work of the service is, for the taskbar, and what ended, for a notification: from the
// jobs' stream and from the calls that the trainer makes anyway. Of several works the mean is told.

import type { Job, RunEvent } from '../../contract/records.ts'
import type { Service } from '../../contract/table.ts'
import type { EndedWork, WorkShare } from './service-messages.ts'

export interface WorkListener {
  /** At each whole per cent; null when nothing is at work. */
  progress(share: WorkShare): void
  ended(work: EndedWork): void
}

interface WatchedWork {
  readonly since: number
  /** Null while it cannot be said. */
  share: number | null
}

const atWork: readonly Job['state'][] = ['queued', 'running']

/** The same service, watched. `now` in ms. */
export function watchWork(
  service: Service,
  listener: WorkListener,
  now: () => number = () => performance.now(),
): Service {
  const works = new Map<string, WatchedWork>()
  const steps = new Map<number, number>()
  let told: WorkShare = null

  function tell(): void {
    const shares = [...works.values()].map(({ share }) => share)
    const known = shares.filter(share => share !== null)
    const mean = known.reduce((sum, share) => sum + share, 0) / known.length
    const next = shares.length === 0 ? null : known.length === 0 ? 'unknown' : Math.floor(mean * 100) / 100
    if (next === told) return
    told = next
    listener.progress(next)
  }

  function at(key: string, share: number | null): void {
    works.set(key, { since: works.get(key)?.since ?? now(), share })
    tell()
  }

  function end(key: string, work: EndedWork['work'], failed: boolean | null): void {
    const { since } = works.get(key) ?? {}
    works.delete(key)
    tell()
    if (since !== undefined && failed !== null) listener.ended({ work, failed, seconds: (now() - since) / 1000 })
  }

  function hearJob(job: Job): void {
    const key = `job ${job.id}`
    if (atWork.includes(job.state)) return at(key, job.total ? job.done / job.total : null)
    // Pixels are a part of a training, which tells of itself; what a person stopped needs no word.
    const spoken = job.kind !== 'pixels' && (job.state === 'done' || job.state === 'failed')
    end(key, job.kind, spoken ? job.state === 'failed' : null)
  }

  function hearEvent(runId: number, event: RunEvent): void {
    if (event.type === 'started') steps.set(runId, event.steps ?? event.epochs * event.stepsPerEpoch)
    if (event.type === 'started') at(`run ${runId}`, null)
    if (event.type === 'step' && works.has(`run ${runId}`))
      at(`run ${runId}`, Math.min(1, event.step / Math.max(1, steps.get(runId) ?? 1)))
  }

  const leave = service.streams.jobs({}, hearJob)
  const requests: Service['requests'] = {
    ...service.requests,
    'runs.append': async (params, signal) => {
      const answer = await service.requests['runs.append'](params, signal)
      for (const event of params.events) hearEvent(params.runId, event)
      return answer
    },
    'runs.finish': async (params, signal) => {
      const answer = await service.requests['runs.finish'](params, signal)
      end(`run ${params.runId}`, 'training', params.state === 'failed')
      return answer
    },
  }
  return {
    requests,
    streams: service.streams,
    bytes: service.bytes,
    close: () => {
      leave()
      return service.close()
    },
  }
}
