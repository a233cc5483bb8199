// The open library: its summary, kept in step with the service's `library` stream, and the ways to open one.

import { useDebounceFn, useLocalStorage } from '@vueuse/core'
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { LibrarySummary, RecentLibrary } from '../../../contract/records.ts'
import { useClient } from '../../api/client-key.ts'
import { oneAtATime } from '../../api/one-at-a-time.ts'

/** Between one question for the summary and the next. */
const PAUSE_MS = 250

export const useLibraryStore = defineStore('library', () => {
  const client = useClient()
  const summary = shallowRef<LibrarySummary | null>(null)
  const recent = shallowRef<readonly RecentLibrary[]>([])
  /** False until the service has said once whether a library is open. */
  const known = shallowRef(false)
  /** Rises with every change of the library; lists watch it and read anew. */
  const revision = shallowRef(0)
  const lastId = useLocalStorage('winnow.library', '')
  const refresh = oneAtATime(read, PAUSE_MS)

  // Changes may come many a second, as keys label or photos are added; the counts wait for a pause, so that they never
  // stand before a decision.
  const soon = useDebounceFn(() => void refresh().catch(() => {}), PAUSE_MS, { maxWait: 700 })

  async function read(): Promise<void> {
    summary.value = (await client.request('library.current', {})) ?? (await openLast())
    if (summary.value) lastId.value = summary.value.id
    known.value = true
    revision.value++
  }

  // A service that was started again has no library open; where the last one cannot be opened, the start offers all.
  async function openLast(): Promise<LibrarySummary | null> {
    if (lastId.value === '') return null
    return client.request('libraries.open', { id: lastId.value }).catch(() => null)
  }

  async function open(id: string): Promise<void> {
    summary.value = await client.request('libraries.open', { id })
    lastId.value = id
    revision.value++
  }

  async function create(name: string): Promise<void> {
    summary.value = await client.request('libraries.create', { name })
    lastId.value = summary.value.id
    revision.value++
  }

  /** Starts the making of the sample library; returns the id of its job. */
  async function makeSample(): Promise<number> {
    return (await client.request('libraries.sample', {})).jobId
  }

  async function loadRecent(): Promise<void> {
    recent.value = await client.request('libraries.recent', {})
  }

  function listen(): () => void {
    return client.subscribe('library', {}, soon)
  }

  return { summary, recent, known, revision, refresh, open, create, makeSample, loadRecent, listen }
})
