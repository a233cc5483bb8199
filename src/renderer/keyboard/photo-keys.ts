// The keys of a table of photos: digits label, X excludes, Space views. They act on the selection, or on the photo with the focus; after a
// decision about one photo the focus goes on to the next, where that is wished.

import type { Selection } from '../../contract/records.ts'
import { useClassesStore } from '../stores/classes.ts'
import { useDecisionsStore } from '../stores/decisions.ts'
import { usePhotosStore } from '../stores/photos.ts'
import { useSettingsStore } from '../stores/settings.ts'
import { useToastsStore } from '../stores/toasts.ts'
import { useShortcuts } from './use-shortcuts.ts'

export interface PhotoKeyHands {
  readonly view: () => void
  readonly choose: () => void
  readonly search: () => void
  readonly step: (by: number) => void
  readonly listening: () => boolean
}

/** Adds the keys while the component is on screen; returns what the palette calls. */
export function usePhotoKeys(hands: PhotoKeyHands) {
  const photos = usePhotosStore()
  const classes = useClassesStore()
  const decisions = useDecisionsStore()
  const settings = useSettingsStore()
  const toasts = useToastsStore()

  async function act(work: (selection: Selection) => Promise<unknown>): Promise<void> {
    try {
      const single = photos.selectedCount <= 1
      const selection = await photos.target()
      if (!selection) return
      const done = work(selection)
      if (single && settings.advance) {
        photos.selectNone()
        hands.step(1)
      }
      await done
    } catch (error) {
      toasts.fail(error)
    }
  }

  const label = (classId: number | null) => void act(selection => decisions.label(selection, classId))
  const labelByDigit = (event: KeyboardEvent) => {
    const entry = classes.ofDigit(Number(event.code.at(-1)))
    if (entry) label(entry.id)
    return entry !== undefined
  }
  const toggleExcluded = () => void act(selection => decisions.exclude(selection, !(photos.selectedCount <= 1 && photos.focused?.excluded)))

  useShortcuts('photos', [
    { id: 'photos.label', inBar: true, run: labelByDigit },
    { id: 'photos.clear', run: () => label(null) },
    { id: 'photos.choose', inBar: true, run: hands.choose },
    { id: 'photos.exclude', inBar: true, run: toggleExcluded },
    { id: 'photos.view', inBar: true, run: hands.view },
    { id: 'photos.toggle', run: () => photos.toggle(photos.focus) },
    { id: 'photos.all', run: photos.selectAll },
    { id: 'photos.none', run: () => photos.selectedCount > 0 && photos.selectNone() },
    { id: 'photos.search', run: hands.search },
  ], { when: hands.listening })
  return { label }
}
