// What is selected, as a value: nothing, some ids, or everything a filter finds except some ids. Pure functions; 12,430
// photos cost one query.

import type { PhotoFilter, Selection } from '../../../contract/records.ts'

export type Selected =
  | { readonly kind: 'some'; readonly ids: ReadonlySet<number> }
  | { readonly kind: 'all'; readonly filter: PhotoFilter; readonly except: ReadonlySet<number> }

/** The service takes at most this many ids in one request, as those meant or those left out. */
export const MAX_IDS = 10_000

export const nothing: Selected = { kind: 'some', ids: new Set() }

export function some(ids: Iterable<number>): Selected {
  return { kind: 'some', ids: new Set(ids) }
}

export function everything(filter: PhotoFilter): Selected {
  return { kind: 'all', filter, except: new Set() }
}

export function has(selected: Selected, id: number): boolean {
  return selected.kind === 'some' ? selected.ids.has(id) : !selected.except.has(id)
}

/** `total` is how many photos the filter finds. */
export function countOf(selected: Selected, total: number): number {
  return selected.kind === 'some' ? selected.ids.size : Math.max(0, total - selected.except.size)
}

/** How many ids it holds. */
export function marksOf(selected: Selected): number {
  return selected.kind === 'some' ? selected.ids.size : selected.except.size
}

export function isEmpty(selected: Selected): boolean {
  return selected.kind === 'some' && selected.ids.size === 0
}

export function toggle(selected: Selected, id: number): Selected {
  if (selected.kind === 'some') return { kind: 'some', ids: flipped(selected.ids, id) }
  return { ...selected, except: flipped(selected.except, id) }
}

export function add(selected: Selected, ids: Iterable<number>): Selected {
  if (selected.kind === 'some') return { kind: 'some', ids: new Set([...selected.ids, ...ids]) }
  const except = new Set(selected.except)
  for (const id of ids) except.delete(id)
  return { ...selected, except }
}

/** As the service wants it, or null where that is nothing, or more ids than it takes. */
export function asRequest(selected: Selected): Selection | null {
  const ids = [...(selected.kind === 'all' ? selected.except : selected.ids)]
  if (ids.length > MAX_IDS) return null
  if (selected.kind === 'all') return { filter: selected.filter, ...(ids.length > 0 && { except: ids }) }
  return ids.length > 0 ? { ids } : null
}

/** Which photos a request means among those on screen, a list of the filter `shown`; null where only the service knows,
 *  as it alone finds the photos of another filter. */
export function touches(
  selection: Selection,
  shown: PhotoFilter,
): ((photo: { readonly id: number }) => boolean) | null {
  if ('ids' in selection) {
    const ids = new Set(selection.ids)
    return photo => ids.has(photo.id)
  }
  if (selection.filter !== shown) return null
  const except = new Set(selection.except)
  return photo => !except.has(photo.id)
}

function flipped(set: ReadonlySet<number>, id: number): Set<number> {
  const next = new Set(set)
  if (!next.delete(id)) next.add(id)
  return next
}
