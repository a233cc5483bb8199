// Changes of classes themselves, each a decision with Undo. Names and counts stand in the library's summary, which is
// read anew after each.

import { defineStore } from 'pinia'
import { useClient } from '../../api/client-key.ts'
import { useDecisionsStore } from '../decisions/decisions.ts'

export const useClassEditsStore = defineStore('class-edits', () => {
  const client = useClient()
  const decisions = useDecisionsStore()
  return {
    rename: (classId: number, name: string) =>
      decisions.record(() => client.request('classes.rename', { classId, name })),
    /** All photos of the class get the other class, and the class goes. */
    merge: (classId: number, intoId: number) =>
      decisions.record(() => client.request('classes.merge', { classId, intoId })),
    /** Only a class without photos. */
    remove: (classId: number) => decisions.record(() => client.request('classes.delete', { classId })),
  }
})
