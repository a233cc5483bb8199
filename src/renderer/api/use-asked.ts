// The service's answer to a question that depends on what is on screen: asked anew when that changes; late answers are
// dropped.

import { shallowRef, watch } from 'vue'
import type { ShallowRef } from 'vue'

export interface Asked<T> {
  readonly answer: Readonly<ShallowRef<T | null>>
  readonly error: Readonly<ShallowRef<unknown>>
  readonly busy: Readonly<ShallowRef<boolean>>
}

/** `ask` is called at once and whenever `key` changes; null means that there is nothing to ask. The last answer stays
 *  until the next is there. */
export function useAsked<K, T>(key: () => K, ask: (key: K) => Promise<T> | null): Asked<T> {
  const answer = shallowRef<T | null>(null)
  const error = shallowRef<unknown>(null)
  const busy = shallowRef(false)
  let asked = 0
  watch(
    () => JSON.stringify(key()),
    async () => {
      const mine = ++asked
      const question = ask(key())
      busy.value = question !== null
      const found = (await question?.then(
        value => ({ value, failure: null }),
        failure => ({ value: null, failure }),
      )) ?? { value: null, failure: null }
      if (mine !== asked) return
      answer.value = found.value
      error.value = found.failure
      busy.value = false
    },
    { immediate: true },
  )
  return { answer, error, busy }
}
