// What the badge of Review counts: the suspects of the newest run, also where that run was trained in a terminal.

import { expect, it } from 'vitest'
import { useEvidenceStore } from '../../src/renderer/stores/evidence.ts'
import { useLibraryStore } from '../../src/renderer/stores/library.ts'
import { useRunsStore } from '../../src/renderer/stores/runs.ts'
import { fakeClient } from './fake-client.ts'
import { inPage, settled } from './in-page.ts'

it('ranks the margins of a run that another process has trained, once, and counts what waits', async () => {
  let found: { id: number; runId: number; method: string; open: number }[] = []
  const client = fakeClient({
    'library.current': () => ({ id: 'a', name: 'A', wrong: 40 }),
    'runs.list': () => [{ id: 3, state: 'done', settings: {} }],
    'suspects.list': () => found,
    'suspects.find': ({ runId, method }: { runId: number; method: string }) => (found = [{ id: 1, runId, method, open: 12 }])[0],
  })
  const { evidence, library, runs } = inPage(client, () => ({ evidence: useEvidenceStore(), library: useLibraryStore(), runs: useRunsStore() }))
  await library.refresh()
  await runs.refresh()
  await settled()
  expect(evidence.waiting).toBe(12)
  found = [{ ...found[0]!, open: 11 }]
  await runs.refresh()
  await settled()
  expect(evidence.waiting).toBe(11)
  expect(client.calls.filter(({ name }) => name === 'suspects.find')).toHaveLength(1)
})
