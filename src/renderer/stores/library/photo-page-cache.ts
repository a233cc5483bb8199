// Pages of photos in memory: which are there, which of them are up to date, and which are forgotten because they lie
// far from what is in view.

import type { Photo } from '../../../contract/records.ts'

/** Photos on a page. */
export const PAGE = 200
const MAX_PAGES = 40

export interface PageCache {
  at(index: number): Photo | undefined
  /** The numbers of the pages with the photos from `first` up to `end` that are not there or out of date. */
  missing(first: number, end: number): number[]
  /** The index of this photo on the pages that are up to date; null where none of them has it. */
  indexOf(id: number): number | null
  /** Takes a page in. Of too many, those furthest from photo `centre` are forgotten, but not the page of photo `held`.
   */
  put(page: number, photos: readonly Photo[], centre: number, held?: number): void
  /** All pages stay and are out of date. */
  outdate(): void
  clear(): void
  patch(touches: (photo: Photo) => boolean, change: (photo: Photo) => Photo): void
}

export function createPageCache(): PageCache {
  const pages = new Map<number, readonly Photo[]>()
  const fresh = new Set<number>()

  function forgetFar(centre: number, held: number): void {
    const others = [...pages.keys()].filter(page => page !== Math.floor(held / PAGE))
    const far = others.sort((a, b) => Math.abs(b - centre / PAGE) - Math.abs(a - centre / PAGE))
    for (const page of far.slice(0, Math.max(0, pages.size - MAX_PAGES))) {
      pages.delete(page)
      fresh.delete(page)
    }
  }

  return {
    at: index => pages.get(Math.floor(index / PAGE))?.[index % PAGE],
    missing(first, end) {
      const from = Math.max(0, Math.floor(first / PAGE))
      const to = Math.floor(Math.max(first, end - 1) / PAGE)
      return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i).filter(page => !fresh.has(page))
    },
    indexOf(id) {
      for (const page of fresh) {
        const place = pages.get(page)!.findIndex(photo => photo.id === id)
        if (place >= 0) return page * PAGE + place
      }
      return null
    },
    put(page, photos, centre, held = -1) {
      pages.set(page, photos)
      fresh.add(page)
      forgetFar(centre, held)
    },
    outdate: () => fresh.clear(),
    clear() {
      pages.clear()
      fresh.clear()
    },
    patch(touches, change) {
      for (const [page, photos] of pages)
        pages.set(
          page,
          photos.map(photo => (touches(photo) ? change(photo) : photo)),
        )
    },
  }
}
