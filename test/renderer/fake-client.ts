// A service in memory for tests of stores and components: answers are functions handed in, calls are written down.

import type { Client, RequestName, StreamName } from '../../src/contract/table.ts'

export interface FakeClient extends Client {
  readonly calls: { readonly name: string; readonly params: unknown }[]
  /** Sends an item to every subscriber of a stream. */
  emit(name: StreamName, item: unknown): void
  /** Gives a request another answer from here on. */
  answer(name: RequestName, give: () => unknown): void
}

type Answers = Partial<Record<RequestName, (params: never) => unknown>>

export function fakeClient(given: Answers = {}): FakeClient {
  const answers = { ...given }
  const listeners = new Map<string, Set<(item: unknown) => void>>()
  const calls: FakeClient['calls'] = []
  return {
    calls,
    async request(name, params) {
      calls.push({ name, params })
      const answer = answers[name]
      if (!answer) throw new Error(`This test has no answer to ${name}.`)
      return (await answer(params as never)) as never
    },
    subscribe(name, _params, onItem) {
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set.add(onItem as (item: unknown) => void))
      return () => void set.delete(onItem as (item: unknown) => void)
    },
    answer: (name, give) => {
      answers[name] = give
    },
    emit: (name, item) => listeners.get(name)?.forEach(listener => listener(item)),
    getBytes: () => Promise.reject(new Error('not in this test')),
    putBytes: () => Promise.reject(new Error('not in this test')),
    url: (name, params) => `/bytes/${name}?${JSON.stringify(params)}`,
  }
}
