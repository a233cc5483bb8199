// How keys, clicks and the viewer move through a table of photos: the photo with the ring is the one in the panel, and
// the one that the next key is for.

import { usePhotosStore } from '../stores/library/photos.ts'
import { useToastsStore } from '../stores/shell/toasts.ts'

/** `grid` is null while no table is on screen. */
export function usePhotoCursor(grid: () => { focusCell(index?: number): Promise<void> } | null) {
  const photos = usePhotosStore()
  const toasts = useToastsStore()

  function move(index: number, extend: boolean): void {
    if (extend) void photos.selectTo(index).catch(toasts.fail)
    else photos.moveTo(index)
  }

  function pick(index: number, event: MouseEvent): void {
    const adding = event.ctrlKey || event.metaKey
    if (event.shiftKey) void photos.selectTo(index, adding).catch(toasts.fail)
    else if (adding) photos.toggle(index)
    else photos.selectOnly(index)
    void grid()?.focusCell(index)
  }

  function step(by: number): void {
    photos.moveTo(Math.max(0, Math.min(photos.total - 1, photos.focus + by)))
  }

  return { move, pick, step }
}
