// What the menu of the desktop shell asks for: the shortcuts of the same name as far as they listen, and two dialogs of
// its own.

import { useRouter } from 'vue-router'
import { useConnection } from '../api/client-key.ts'
import { useAddingStore } from '../stores/library/adding.ts'
import { useLibraryStore } from '../stores/library/library.ts'
import { useKeyboard } from './use-shortcuts.ts'

/** Listens as long as the page lives; does nothing in a browser tab. */
export function useDesktopMenu(): void {
  const { menu } = useConnection()
  const { registry } = useKeyboard()
  const router = useRouter()
  const library = useLibraryStore()
  const adding = useAddingStore()

  menu?.onCommand(command => {
    // In a text field Undo is the field's own.
    const editing = document.activeElement?.matches('input, textarea')
    if (editing && (command === 'undo' || command === 'redo')) document.execCommand(command)
    else if (command === 'libraries') void router.push({ name: 'start' })
    else if (command === 'add') {
      if (library.summary) adding.begin()
    } else registry.perform(command === 'keys' ? 'app.sheet' : `app.${command}`)
  })
}
