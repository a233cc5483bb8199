// The label check of this page, before any training: started by a person, then made anew by itself after decisions, in a worker of
// its own, while the photo in question stays where it is. It waits while the page trains.

import { watchDebounced } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import { fromErrorRecord } from '../../../contract/errors.ts'
import type { FromWorker, LabelCheckProgress } from '../../training/messages.ts'
import { useLibraryStore } from '../library/library.ts'
import { usePageWorker } from '../training/page-worker.ts'
import { builtInBackbone } from '../training/training-quick.ts'
import { useTrainingStore } from '../training/training.ts'
import { useLabelIssueReportsStore } from './label-issue-reports.ts'
import { useProposalsStore } from './proposals.ts'
import { useReviewStore } from './review.ts'

/** Decisions come in bursts: the check follows when hands pause. */
const PAUSE_MS = 300

export const useLabelCheckStore = defineStore('label-check', () => {
  const library = useLibraryStore()
  const reports = useLabelIssueReportsStore()
  const proposals = useProposalsStore()
  const review = useReviewStore()
  const training = useTrainingStore()
  /** How far it is, while it runs. */
  const progress = shallowRef<LabelCheckProgress | null>(null)
  const error = shallowRef<Error | null>(null)
  /** Share of new photos that a quick model is expected to have right. */
  const expected = shallowRef<number | null>(null)
  const paused = shallowRef(false)
  const running = computed(() => progress.value !== null)
  /** The library and its labels as the last check that has begun saw them. */
  let seen = { library: '', revision: -1 }
  const { tell, tellAwake, letGo } = usePageWorker({
    name: 'label-check',
    hear,
    fail: message => fail(new Error(message || 'The worker that checks labels could not be started.')),
  })

  function start(): void {
    const { summary } = library
    if (running.value || !summary) return
    error.value = null
    paused.value = false
    progress.value = { stage: 'features', done: 0, total: 0 }
    seen = { library: summary.id, revision: summary.labelRevision }
    tell({ kind: 'check-labels', backbone: builtInBackbone })
  }

  function pause(): void {
    paused.value = true
    tellAwake({ kind: 'pause' })
  }

  function resume(): void {
    paused.value = false
    tellAwake({ kind: 'resume' })
  }

  function stop(): void {
    tellAwake({ kind: 'stop' })
  }

  function hear(message: FromWorker): void {
    if (message.kind === 'label-check' && running.value) progress.value = message.progress
    else if (message.kind === 'labels-checked') void settle(message.evidenceId, message.expected)
    else if (message.kind === 'failed') fail(fromErrorRecord(message.error))
  }

  async function settle(evidenceId: number, accuracy: number): Promise<void> {
    expected.value = accuracy
    try {
      await Promise.all([reports.refresh(), proposals.refresh()])
      await review.renew(evidenceId)
    } catch (caught) {
      error.value = caught as Error
    }
    progress.value = null
  }

  function fail(caught: Error & { readonly code?: string }): void {
    progress.value = null
    error.value = caught.code === 'cancelled' ? null : caught
  }

  // Of another library nothing is kept, and nothing goes on.
  watch(
    () => library.summary?.id,
    id => {
      if (id === seen.library) return
      letGo()
      seen = { library: '', revision: -1 }
      progress.value = null
      error.value = null
      expected.value = null
    },
  )
  watchDebounced(
    () => [library.summary?.labelRevision, training.busy, running.value] as const,
    ([revision, busy]) => {
      const before = seen.library === library.summary?.id && seen.revision >= 0
      if (before && !busy && revision !== undefined && revision !== seen.revision) start()
    },
    { debounce: PAUSE_MS },
  )

  return { progress, error, expected, paused, running, start, pause, resume, stop }
})
