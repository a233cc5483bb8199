// Photos without a label and what is proposed for them: how many, how sure, and taking the surest at once. The queue of them is
// one of the review store's.

import { defineStore } from 'pinia'
import { shallowRef, watch } from 'vue'
import type { ProposalSummary } from '../../../contract/records.ts'
import { useClient } from '../../api/client-key.ts'
import { useDecisionsStore } from '../decisions/decisions.ts'
import { useLibraryStore } from '../library/library.ts'

export const useProposalsStore = defineStore('proposals', () => {
  const client = useClient()
  const library = useLibraryStore()
  const decisions = useDecisionsStore()
  const summary = shallowRef<ProposalSummary | null>(null)

  async function refresh(): Promise<void> {
    const asked = library.summary?.id
    const found = asked === undefined ? null : await client.request('proposals.summary', {})
    if (library.summary?.id === asked) summary.value = found
  }

  /** Labels every photo whose proposal is at least so sure; Undo takes all of it back. */
  async function accept(above: number): Promise<void> {
    await decisions.record(() => client.request('proposals.accept', { above }))
    await refresh()
  }

  watch(
    () => [library.summary?.id, library.summary?.labelRevision].join(),
    () => void refresh().catch(() => {}),
    { immediate: true },
  )

  return { summary, refresh, accept }
})
