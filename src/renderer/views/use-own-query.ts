// Puts into the address what a view shows, a while after it was shown. Not while the page is on its way to another
// address, which may take time to load: a replacement would call that off, and the key or link would seem dead.

import { onScopeDispose } from 'vue'
import type { LocationQueryRaw } from 'vue-router'
import { useRouter } from 'vue-router'

export function useOwnQuery(): (query: LocationQueryRaw) => void {
  const router = useRouter()
  let underway = false
  const arrived = () => {
    underway = false
  }
  const stops = [
    router.beforeEach(() => {
      underway = true
    }),
    router.afterEach(arrived),
    router.onError(arrived),
  ]
  onScopeDispose(() => {
    for (const stop of stops) stop()
  })
  return query => {
    if (!underway) void router.replace({ query })
  }
}
