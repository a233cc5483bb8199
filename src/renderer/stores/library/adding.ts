// Photos on their way into the library: whether the dialog for it is open, and the folders that were dropped on the
// window. In the desktop shell a dropped folder is known by its place; a browser tab is not told where it lies, so
// there the dialog opens and says so. A dropped photo is shown to the newest model instead.

import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { useConnection } from '../../api/client-key.ts'
import type { FolderPlace } from '../../api/client-key.ts'

export type Dropped = 'folders' | 'photo' | 'untold'

// Browsers know no type of some formats, HEIC among them.
function isPhoto({ type, name }: File): boolean {
  return (
    type.startsWith('image/') ||
    (type === '' && /\.(avif|hei[cf]|hif|tiff?|webp|bmp|p[bgpn]m|pam|tga|qoi)$/i.test(name))
  )
}

export const useAddingStore = defineStore('adding', () => {
  const { folders } = useConnection()
  const open = ref(false)
  /** Given to the dialog when it opens. */
  const places = shallowRef<readonly FolderPlace[]>([])
  /** The tab was not told where the dropped folder lies. */
  const untold = ref(false)
  /** A dropped photo that waits to be shown to a model. */
  const photo = shallowRef<File | null>(null)

  function begin(chosen: readonly FolderPlace[] = []): void {
    places.value = chosen
    untold.value = false
    open.value = true
  }

  /** What was dropped, and what came of it. `entries` are those of the drop's items, read before the event was over. */
  async function drop(files: readonly File[], entries: readonly { readonly isDirectory: boolean }[]): Promise<Dropped> {
    const isFolder = entries.some(entry => entry.isDirectory)
    if (!isFolder && files.length === 1 && isPhoto(files[0]!)) {
      photo.value = files[0]!
      return 'photo'
    }
    const known = folders ? await folders.grant(files) : []
    begin(known)
    untold.value = known.length === 0
    return known.length > 0 ? 'folders' : 'untold'
  }

  function takePhoto(): File | null {
    const waiting = photo.value
    photo.value = null
    return waiting
  }

  async function chooseInSystem(): Promise<readonly FolderPlace[]> {
    return folders ? folders.chooseFolders() : []
  }

  return { open, places, untold, photo, desktop: folders !== null, begin, drop, takePhoto, chooseInSystem }
})
