// Work that a second press of its button must not begin again while the first is under way.

import { shallowRef } from 'vue'
import type { ShallowRef } from 'vue'

export interface Once {
  readonly busy: Readonly<ShallowRef<boolean>>
  /** Does nothing while `busy`. Rejects with what the work throws. */
  readonly run: () => Promise<void>
}

export function useOnce(work: () => Promise<void>): Once {
  const busy = shallowRef(false)
  async function run(): Promise<void> {
    if (busy.value) return
    busy.value = true
    try {
      await work()
    } finally {
      busy.value = false
    }
  }
  return { busy, run }
}
