// The classes of the library in the order of their digits: the first nine answer to the keys 1 to 9.

import { defineStore } from 'pinia'
import { computed } from 'vue'
import type { ClassRecord } from '../../../contract/records.ts'
import { useClient } from '../../api/client-key.ts'
import { useLibraryStore } from './library.ts'

/** Those with `part` in their name, whatever the case. */
export function namedLike(list: readonly ClassRecord[], part: string, locale: string): readonly ClassRecord[] {
  const wanted = part.trim().normalize('NFC').toLocaleLowerCase(locale)
  return wanted === '' ? list : list.filter(entry => entry.name.toLocaleLowerCase(locale).includes(wanted))
}

export const useClassesStore = defineStore('classes', () => {
  const client = useClient()
  const library = useLibraryStore()
  const list = computed<readonly ClassRecord[]>(() => library.summary?.classes ?? [])
  const byId = computed(() => new Map(list.value.map(entry => [entry.id, entry])))

  /** The class of digit 1 to 9, if there is one. */
  function ofDigit(digit: number): ClassRecord | undefined {
    return digit >= 1 && digit <= 9 ? list.value[digit - 1] : undefined
  }

  function digitOf(id: number): number | null {
    const index = list.value.findIndex(entry => entry.id === id)
    return index >= 0 && index < 9 ? index + 1 : null
  }

  async function create(name: string): Promise<ClassRecord> {
    const created = await client.request('classes.create', { name: name.trim() })
    await library.refresh()
    return created
  }

  return { list, byId, ofDigit, digitOf, create }
})
