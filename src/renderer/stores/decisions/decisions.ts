// Every decision about photos goes through here: it is shown at once, stored and said in a sentence with Undo
// (decide.ts, decision-text.ts), and taken back in the same way (decision-undo.ts).

import { defineStore } from 'pinia'
import { useI18n } from 'vue-i18n'
import type { Decision, Photo, Selection, SplitName } from '../../../contract/records.ts'
import type { RequestParams } from '../../../contract/table.ts'
import { useClient } from '../../api/client-key.ts'
import { useClassesStore } from '../library/classes.ts'
import { useDecide } from './decide.ts'
import { useDecisionUndo } from './decision-undo.ts'
import { useDecisionText } from './decision-text.ts'
import { usePhotosStore } from '../library/photos.ts'
import { touches } from '../library/selection-algebra.ts'

export const useDecisionsStore = defineStore('decisions', () => {
  const client = useClient()
  const { t } = useI18n({ useScope: 'global' })
  const photos = usePhotosStore()
  const classes = useClassesStore()
  const { counted, describe } = useDecisionText()
  const { undo, redo, returned } = useDecisionUndo()
  const { decide, record } = useDecide(undo)

  /** `takeBack` is what Undo does, where that is more than taking back the decision. */
  function label(selection: Selection, classId: number | null, takeBack?: () => void): Promise<Decision | null> {
    const className = classId === null ? null : (classes.byId.get(classId)?.name ?? null)
    showNow(selection, photo => ({ ...photo, classId, className }))
    return decide(
      () => client.request('photos.label', { selection, classId }),
      ({ changed }) =>
        className === null ? counted('unlabel', changed) : counted('label', changed, { class: className }),
      takeBack,
    )
  }

  function exclude(selection: Selection, excluded: boolean, takeBack?: () => void): Promise<Decision | null> {
    showNow(selection, photo => ({ ...photo, excluded }))
    return decide(
      () => client.request('photos.exclude', { selection, excluded }),
      ({ changed }) => counted(excluded ? 'exclude' : 'include', changed),
      takeBack,
    )
  }

  /** What is said of a doubted label, with what follows of it: one decision. `classId` is the new label of a 'relabel'. */
  function answer(said: RequestParams<'review.answer'>, takeBack: () => void): Promise<Decision | null> {
    const selection = { ids: [said.photoId] }
    const className = classes.byId.get(said.classId ?? -1)?.name ?? null
    if (said.answer === 'relabel') showNow(selection, photo => ({ ...photo, classId: said.classId ?? null, className }))
    if (said.answer === 'exclude') showNow(selection, photo => ({ ...photo, excluded: true }))
    return decide(() => client.request('review.answer', said), describe, takeBack)
  }

  function split(selection: Selection, name: SplitName | null): Promise<Decision | null> {
    showNow(selection, photo => ({ ...photo, split: name }))
    return decide(
      () => client.request('photos.split', { selection, split: name }),
      ({ changed }) =>
        name === null ? counted('unsplit', changed) : counted('split', changed, { split: t(`splits.${name}`) }),
    )
  }

  function showNow(selection: Selection, change: (photo: Photo) => Photo): void {
    const meant = touches(selection, photos.filter)
    if (meant) photos.patch(meant, change)
  }

  return { label, exclude, answer, split, record, undo, redo, returned }
})
