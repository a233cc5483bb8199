// Every decision about photos goes through here: it is shown at once, stored, said in a sentence with Undo, and taken back in the same way.

import { defineStore } from 'pinia'
import { useI18n } from 'vue-i18n'
import type { Decision, Photo, Selection, SplitName } from '../../contract/records.ts'
import { useClient } from '../api/client-key.ts'
import { useFormat } from '../i18n/use-format.ts'
import { useClassesStore } from './classes.ts'
import { useLibraryStore } from './library.ts'
import { usePhotosStore } from './photos.ts'
import { useToastsStore } from './toasts.ts'

/** Kinds of decisions that the page has words for. */
const told = new Set([
  'label', 'unlabel', 'exclude', 'include', 'split', 'unsplit', 'keep', 'accept', 'unaccept', 'class-create', 'class-rename', 'class-merge', 'class-delete',
])

export const useDecisionsStore = defineStore('decisions', () => {
  const client = useClient()
  const { t } = useI18n({ useScope: 'global' })
  const { number } = useFormat()
  const photos = usePhotosStore()
  const classes = useClassesStore()
  const library = useLibraryStore()
  const toasts = useToastsStore()

  const counted = (key: string, count: number, values: Record<string, string> = {}) => t(key, { ...values, count: number(count) }, count)

  // Null where it could not be stored. Undo in the sentence takes back what the sentence tells, whatever was decided since, here or in another tab.
  async function decide(ask: () => Promise<Decision>, sentence: (changed: number) => string, takeBack?: () => void): Promise<Decision | null> {
    try {
      const decision = await ask()
      if (decision.changed === 0) toasts.say(t('decisions.nothing'))
      else toasts.say(sentence(decision.changed), { label: t('common.undo'), run: takeBack ?? (() => void undo(decision.id)) })
      return decision
    } catch (error) {
      toasts.fail(error)
      await photos.refresh()
      return null
    }
  }

  /** `takeBack` is what Undo in the sentence does, where that is more than taking back the decision. */
  function label(selection: Selection, classId: number | null, takeBack?: () => void): Promise<Decision | null> {
    const className = classId === null ? null : classes.byId.get(classId)?.name ?? null
    showNow(selection, photo => ({ ...photo, classId, className }))
    return decide(
      () => client.request('photos.label', { selection, classId }),
      changed => (className === null ? counted('decisions.unlabel', changed) : counted('decisions.label', changed, { class: className })),
      takeBack,
    )
  }

  function exclude(selection: Selection, excluded: boolean, takeBack?: () => void): Promise<Decision | null> {
    showNow(selection, photo => ({ ...photo, excluded }))
    return decide(
      () => client.request('photos.exclude', { selection, excluded }),
      changed => counted(excluded ? 'decisions.exclude' : 'decisions.include', changed),
      takeBack,
    )
  }

  function split(selection: Selection, name: SplitName | null): Promise<Decision | null> {
    showNow(selection, photo => ({ ...photo, split: name }))
    return decide(
      () => client.request('photos.split', { selection, split: name }),
      changed => (name === null ? counted('decisions.unsplit', changed) : counted('decisions.split', changed, { split: t(`splits.${name}`) })),
    )
  }

  /** Any other decision: told by its kind, with Undo. */
  async function record(ask: () => Promise<Decision>): Promise<void> {
    try {
      const decision = await ask()
      // A class may change without any photo.
      const nothing = decision.changed === 0 && !decision.kind.startsWith('class-')
      toasts.say(nothing ? t('decisions.nothing') : describe(decision), nothing ? null : { label: t('common.undo'), run: () => void undo(decision.id) })
      await library.refresh()
    } catch (error) {
      toasts.fail(error)
    }
  }

  // A query selects what the service finds, so the page shows its effect on what is loaded only where the list is that very query.
  function showNow(selection: Selection, change: (photo: Photo) => Photo): void {
    if ('ids' in selection) {
      const ids = new Set(selection.ids)
      photos.patch(photo => ids.has(photo.id), change)
    } else if (selection.filter === photos.filter) {
      const except = new Set(selection.except)
      photos.patch(photo => !except.has(photo.id), change)
    }
  }

  /** A decision told in the language of the page, from its kind and values. */
  function describe(decision: Decision): string {
    const { class: className = '', split: splitName = '', was = '', problem = '', of } = decision.values
    const kind = of ?? decision.kind
    if (!told.has(kind)) return decision.text
    return counted(`decisions.${kind}`, decision.changed, {
      class: className, was, split: t(`splits.${splitName || 'none'}`), ...(problem !== '' && { problem: t(`problems.${problem}.name`) }),
    })
  }

  /** The newest decision of all, or the one of this id; false where it could not be taken back, which is said. */
  function undo(decisionId?: number): Promise<boolean> {
    return back(() => client.request('history.undo', decisionId === undefined ? {} : { decisionId }), 'decisions.undone', { label: t('common.redo'), run: () => void redo() })
  }

  function redo(): Promise<boolean> {
    return back(() => client.request('history.redo', {}), 'decisions.redone', { label: t('common.undo'), run: () => void undo() })
  }

  async function back(ask: () => Promise<Decision>, key: string, action: { label: string; run: () => void }): Promise<boolean> {
    try {
      toasts.say(t(key, { text: describe(await ask()) }), action)
    } catch (error) {
      toasts.fail(error)
      return false
    }
    await library.refresh().catch(toasts.fail)
    return true
  }

  return { label, exclude, split, record, undo, redo }
})
