// The keys of a table of photos: digits label, X excludes, Space views. They act on the selection, or on the photo with
// the focus, or on the one that is viewed, whatever is selected behind it; after a decision about one photo the next
// comes, where that is wished.

import type { Selection } from '../../contract/records.ts'
import { useClassesStore } from '../stores/library/classes.ts'
import { useDecisionsStore } from '../stores/decisions/decisions.ts'
import { usePhotosStore } from '../stores/library/photos.ts'
import { useSettingsStore } from '../stores/shell/settings.ts'
import { useToastsStore } from '../stores/shell/toasts.ts'
import { forViewer, useShortcuts } from './use-shortcuts.ts'
import type { Binding } from './use-shortcuts.ts'

export interface PhotoKeyHandlers {
  readonly view: () => void
  readonly choose: () => void
  readonly search: () => void
  readonly step: (by: number) => void
  readonly listening: () => boolean
  readonly viewing: () => boolean
}

/** Adds the keys while the component is on screen; returns what the palette calls, and the keys for the viewer. */
export function usePhotoKeys(handlers: PhotoKeyHandlers) {
  const photos = usePhotosStore()
  const classes = useClassesStore()
  const decisions = useDecisionsStore()
  const settings = useSettingsStore()
  const toasts = useToastsStore()

  async function act(work: (selection: Selection) => Promise<unknown>): Promise<void> {
    try {
      const viewed = handlers.viewing()
      const single = viewed || photos.selectedCount <= 1
      const selection = photos.target(viewed)
      if (!selection) return
      const done = work(selection)
      if (single && settings.advance) {
        if (!viewed) photos.selectNone()
        handlers.step(1)
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
  const toggleExcluded = () => {
    const single = handlers.viewing() || photos.selectedCount <= 1
    void act(selection => decisions.exclude(selection, !(single && photos.focused?.excluded)))
  }

  const bindings: readonly Binding[] = [
    { id: 'photos.label', inBar: true, run: labelByDigit },
    { id: 'photos.clear', run: () => label(null) },
    { id: 'photos.choose', inBar: true, run: handlers.choose },
    { id: 'photos.exclude', inBar: true, run: toggleExcluded },
    { id: 'photos.view', inBar: true, run: handlers.view },
    { id: 'photos.toggle', run: () => photos.toggle(photos.focus) },
    { id: 'photos.all', run: photos.selectAll },
    { id: 'photos.none', run: () => photos.selectedCount > 0 && photos.selectNone() },
    { id: 'photos.search', run: handlers.search },
  ]
  useShortcuts('photos', bindings, { when: handlers.listening })
  return { label, viewerKeys: forViewer(bindings) }
}
