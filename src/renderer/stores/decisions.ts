// Every decision about photos goes through here: it is shown at once, stored, said in a sentence (decision-words.ts) with Undo, and taken back in the
// same way (decision-undo.ts).

import { defineStore } from 'pinia'
import { useI18n } from 'vue-i18n'
import type { Decision, Photo, Selection, SplitName } from '../../contract/records.ts'
import { useClient } from '../api/client-key.ts'
import { useClassesStore } from './classes.ts'
import { useDecisionUndo } from './decision-undo.ts'
import { useDecisionWords } from './decision-words.ts'
import { useLibraryStore } from './library.ts'
import { usePhotosStore } from './photos.ts'
import { touches } from './selection-algebra.ts'
import { useToastsStore } from './toasts.ts'

export const useDecisionsStore = defineStore('decisions', () => {
  const client = useClient()
  const { t } = useI18n({ useScope: 'global' })
  const photos = usePhotosStore()
  const classes = useClassesStore()
  const library = useLibraryStore()
  const toasts = useToastsStore()
  const { counted, describe } = useDecisionWords()
  const { undo, redo } = useDecisionUndo()

  /** `takeBack` is what Undo in the sentence does, where that is more than taking back the decision. */
  function label(selection: Selection, classId: number | null, takeBack?: () => void): Promise<Decision | null> {
    const className = classId === null ? null : classes.byId.get(classId)?.name ?? null
    showNow(selection, photo => ({ ...photo, classId, className }))
    return decide(
      () => client.request('photos.label', { selection, classId }),
      changed => (className === null ? counted('unlabel', changed) : counted('label', changed, { class: className })),
      takeBack,
    )
  }

  function exclude(selection: Selection, excluded: boolean, takeBack?: () => void): Promise<Decision | null> {
    showNow(selection, photo => ({ ...photo, excluded }))
    return decide(
      () => client.request('photos.exclude', { selection, excluded }),
      changed => counted(excluded ? 'exclude' : 'include', changed),
      takeBack,
    )
  }

  function split(selection: Selection, name: SplitName | null): Promise<Decision | null> {
    showNow(selection, photo => ({ ...photo, split: name }))
    return decide(
      () => client.request('photos.split', { selection, split: name }),
      changed => (name === null ? counted('unsplit', changed) : counted('split', changed, { split: t(`splits.${name}`) })),
    )
  }

  function showNow(selection: Selection, change: (photo: Photo) => Photo): void {
    const meant = touches(selection, photos.filter)
    if (meant) photos.patch(meant, change)
  }

  // Null where it could not be stored. Undo in the sentence takes back what the sentence tells, whatever was decided since, here or in another tab.
  async function decide(ask: () => Promise<Decision>, sentence: (changed: number) => string, takeBack?: () => void): Promise<Decision | null> {
    try {
      const decision = await ask()
      say(decision.changed === 0 ? null : sentence(decision.changed), takeBack ?? (() => void undo(decision.id)))
      return decision
    } catch (error) {
      toasts.fail(error)
      await photos.refresh()
      return null
    }
  }

  /** Any other decision: told by its kind, with Undo. */
  async function record(ask: () => Promise<Decision>): Promise<void> {
    try {
      const decision = await ask()
      // A class may change without any photo.
      const nothing = decision.changed === 0 && !decision.kind.startsWith('class-')
      say(nothing ? null : describe(decision), () => void undo(decision.id))
      await library.refresh()
    } catch (error) {
      toasts.fail(error)
    }
  }

  // Null: there is nothing to tell and nothing to take back.
  function say(sentence: string | null, takeBack: () => void): void {
    if (sentence === null) toasts.say(t('decisions.nothing'))
    else toasts.say(sentence, { label: t('common.undo'), run: takeBack })
  }

  return { label, exclude, split, record, undo, redo }
})
