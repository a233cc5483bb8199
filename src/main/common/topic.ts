// A tiny publish/subscribe: listeners by key, called in the order they came. A listener that throws does not keep the
// others from hearing; one that has left is never called again.

import type { Topic } from '../library/context.ts'

export function createTopic<K, T>(): Topic<K, T> {
  const listeners = new Map<K, Set<(item: T) => void>>()
  return {
    emit(key, item) {
      for (const listener of [...(listeners.get(key) ?? [])]) {
        try {
          listener(item)
        } catch (error) {
          console.error(error)
        }
      }
    },
    subscribe(key, onItem) {
      const own = (item: T) => onItem(item)
      const set = listeners.get(key) ?? new Set()
      listeners.set(key, set.add(own))
      return () => {
        set.delete(own)
        if (set.size === 0 && listeners.get(key) === set) listeners.delete(key)
      }
    },
  }
}
