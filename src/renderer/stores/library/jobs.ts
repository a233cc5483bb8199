// Long work of the service: the list once, then the stream. Time left is hidden for the first five seconds of a job.

import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import type { Job } from '../../../contract/records.ts'
import { useClient } from '../../api/client-key.ts'
import { useLibraryStore } from './library.ts'

const ACTIVE = new Set<Job['state']>(['queued', 'running', 'paused'])
const QUIET_MS = 5_000

/** Whether the job has not ended. */
export function isActive({ state }: Job): boolean {
  return ACTIVE.has(state)
}

export const useJobsStore = defineStore('jobs', () => {
  const client = useClient()
  const library = useLibraryStore()
  const jobs = shallowRef<ReadonlyMap<number, Job>>(new Map())
  const dismissed = shallowRef<ReadonlySet<number>>(new Set())
  const times = createTimesLeft()
  const ends = createEnds()
  let asked = 0

  const active = computed(() => [...jobs.value.values()].filter(isActive))
  const shown = computed(() =>
    [...jobs.value.values()].filter(job => !dismissed.value.has(job.id)).sort((a, b) => b.id - a.id),
  )
  /** Of the slowest job, or null while it is too early to say. */
  const secondsLeft = computed(() => {
    const known = active.value.map(times.of).filter(seconds => seconds !== null)
    return known.length > 0 ? Math.max(...known) : null
  })

  function take(job: Job): void {
    times.see(job)
    jobs.value = new Map(jobs.value).set(job.id, job)
    if (!isActive(job)) ends.tell(job)
  }

  /** Resolves when the job has ended, in whatever way. */
  function whenEnded(jobId: number): Promise<Job> {
    const job = jobs.value.get(jobId)
    return job && !isActive(job) ? Promise.resolve(job) : ends.wait(jobId)
  }

  /** The service's list takes the place of what was known: a job that it does not know any more has ended. */
  async function refresh(): Promise<void> {
    const mine = ++asked
    const list = await client.request('jobs.list', {})
    if (mine === asked) begin(list)
  }

  function begin(list: readonly Job[]): void {
    const before = jobs.value
    jobs.value = new Map()
    for (const job of list) take(job)
    for (const job of before.values())
      if (!jobs.value.has(job.id)) ends.tell({ ...job, ...(isActive(job) && { state: 'cancelled' }) })
  }

  // Jobs are numbered in each library by itself.
  watch(
    () => library.summary?.id,
    async id => {
      dismissed.value = new Set()
      times.forget()
      await (id === undefined ? begin([]) : refresh().catch(() => {}))
    },
  )

  function dismissEnded(): void {
    dismissed.value = new Set([...jobs.value.values()].filter(job => !isActive(job)).map(job => job.id))
  }

  return {
    shown,
    active,
    secondsLeft,
    leftOf: times.of,
    whenEnded,
    refresh,
    dismissEnded,
    listen: () => client.subscribe('jobs', {}, take),
    pause: (jobId: number) => client.request('jobs.pause', { jobId }),
    resume: (jobId: number) => client.request('jobs.resume', { jobId }),
    cancel: (jobId: number) => client.request('jobs.cancel', { jobId }),
  }
})

/** How long jobs will take, in seconds; null in the first five of one, when it cannot be known. */
function createTimesLeft() {
  const firstSeen = new Map<number, number>()
  return {
    see({ id }: Job): void {
      if (!firstSeen.has(id)) firstSeen.set(id, Date.now())
    },
    of({ id, state, secondsLeft }: Job): number | null {
      const since = Date.now() - (firstSeen.get(id) ?? Date.now())
      return state === 'running' && since >= QUIET_MS ? secondsLeft : null
    },
    forget: () => firstSeen.clear(),
  }
}

/** Those who wait for the end of a job, and its telling. */
function createEnds() {
  const waiting = new Map<number, ((job: Job) => void)[]>()
  return {
    wait: (jobId: number) => new Promise<Job>(resolve => waiting.set(jobId, [...(waiting.get(jobId) ?? []), resolve])),
    tell(job: Job): void {
      for (const resolve of waiting.get(job.id) ?? []) resolve(job)
      waiting.delete(job.id)
    },
  }
}
