// What the page remembers lies in its origin's storage. In a browser tab another port is another origin, so the service
// keeps a copy: a page whose storage is empty begins with it, and every change is sent there a little later, field by
// field: what another window has chosen since stays.

import type { Client } from '../../contract/table.ts'

const PREFIX = 'winnow.'
const PATIENCE_MS = 1_000
const LATER_MS = 500
/** The service keeps no longer ones; one that is must not keep the others from being kept. */
export const LONGEST = 20_000

/** Fills an empty storage from the service's copy. Never rejects and never waits long: what is missing has its first
 *  value. */
export async function restorePreferences(client: Client, storage: Storage): Promise<void> {
  if (Object.keys(storage).some(key => key.startsWith(PREFIX))) return
  const late = new Promise<Record<string, string>>(resolve => setTimeout(() => resolve({}), PATIENCE_MS))
  const kept = await Promise.race([client.request('preferences.read', {}).catch(() => ({})), late])
  // What was chosen while the answer was under way stays.
  for (const [key, value] of Object.entries(kept)) if (storage.getItem(key) === null) storage.setItem(key, value)
}

/** Sends what has changed in the storage to the service after each change of it in `page` (stores tell of theirs as other
 *  tabs do). Returns how to stop. */
export function keepPreferences(
  client: Client,
  storage: Storage,
  page: Pick<Window, 'addEventListener' | 'removeEventListener'>,
): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null
  let told = ownOf(storage)
  const send = () => {
    timer = null
    const now = ownOf(storage)
    const keys = [...new Set([...told.keys(), ...now.keys()])].filter(key => told.get(key) !== now.get(key))
    told = now
    const changes = keys.map(key => [key, now.get(key) ?? null] as const)
    const values = Object.fromEntries(changes.filter(([, value]) => value === null || value.length <= LONGEST))
    if (Object.keys(values).length > 0) void client.request('preferences.write', { values }).catch(() => {})
  }
  const changed = () => {
    timer ??= setTimeout(send, LATER_MS)
  }
  page.addEventListener('storage', changed)
  return () => {
    if (timer) clearTimeout(timer)
    page.removeEventListener('storage', changed)
  }
}

function ownOf(storage: Storage): Map<string, string> {
  const keys = Object.keys(storage).filter(key => key.startsWith(PREFIX))
  return new Map(keys.map(key => [key, storage.getItem(key) ?? '']))
}
