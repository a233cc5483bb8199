// The hand in the list that is shown: the photo with the focus, and which photos are selected: one by one, from an
// anchor to another, or all. The selection is a query where it can be one.

import { computed, shallowRef, watch } from 'vue'
import type { Ref } from 'vue'
import { ServiceError } from '../../../contract/errors.ts'
import type { PhotoFilter, Selection } from '../../../contract/records.ts'
import type { PhotoPages } from './photo-pages.ts'
import * as algebra from './selection-algebra.ts'
import type { Selected } from './selection-algebra.ts'

/** `pages` are those of the list that `filter` finds. */
export function usePhotoSelection(pages: PhotoPages, filter: Readonly<Ref<PhotoFilter>>) {
  const selected = shallowRef<Selected>(algebra.nothing)
  /** The photo with the focus; -1 where there is none. */
  const focus = shallowRef(0)
  const anchor = shallowRef(0)
  const focused = computed(() => pages.at(focus.value))
  const selectedCount = computed(() => algebra.countOf(selected.value, pages.total.value))
  const isSelected = (id: number) => algebra.has(selected.value, id)
  /** Keys act on the photo with the focus, and on no other: nothing is selected, or that photo alone. */
  const alone = computed(
    () =>
      algebra.isEmpty(selected.value) ||
      (selectedCount.value === 1 && focused.value !== undefined && isSelected(focused.value.id)),
  )
  let chosen = 0
  /** The selection is one photo that was clicked: it goes where the focus goes. */
  let clicked = false

  function choose(next: Selected): void {
    chosen++
    clicked = false
    selected.value = next
  }
  watch(focus, pages.hold, { flush: 'sync', immediate: true })

  function focusOn(index: number): void {
    focus.value = index
    anchor.value = index
  }

  /** The focus goes to another photo by a key, and takes with it what a click selected. */
  function moveTo(index: number): void {
    if (clicked) choose(algebra.nothing)
    focusOn(index)
  }

  function toggle(index: number): void {
    const photo = pages.at(index)
    if (photo) choose(algebra.toggle(selected.value, photo.id))
    focusOn(index)
  }

  function selectOnly(index: number): void {
    const photo = pages.at(index)
    choose(photo ? algebra.some([photo.id]) : algebra.nothing)
    clicked = true
    focusOn(index)
  }

  /** Selects from the anchor to `index`; with `adding` what was selected stays. Of a far range, once its photos are
   *  known and nothing else was chosen or shown. */
  async function selectTo(index: number, adding = false): Promise<void> {
    const mine = ++chosen
    clicked = false
    const [first, last] = index < anchor.value ? [index, anchor.value] : [anchor.value, index]
    focus.value = index
    const loaded = Array.from({ length: last - first + 1 }, (_, i) => pages.at(first + i)?.id)
    const ids = loaded.every(id => id !== undefined) ? loaded : await pages.ids(first, last + 1)
    if (mine !== chosen) return
    selected.value = adding ? algebra.add(selected.value, ids) : algebra.some(ids)
  }

  function selectAll(): void {
    if (pages.total.value > 0) choose(algebra.everything(filter.value))
  }

  function selectNone(): void {
    choose(algebra.nothing)
  }

  /** What a key acts on: the selection, or the focused photo where nothing is selected or that one is `viewed`.
   *  ServiceError 'selection-too-large'. */
  function target(viewed = false): Selection | null {
    if (!viewed && !algebra.isEmpty(selected.value)) return algebra.asRequest(selected.value) ?? refuse(selected.value)
    return focused.value ? { ids: [focused.value.id] } : null
  }

  return {
    selected,
    selectedCount,
    focus,
    anchor,
    focused,
    isSelected,
    alone,
    choose,
    focusOn,
    moveTo,
    toggle,
    selectOnly,
    selectTo,
    selectAll,
    selectNone,
    target,
  }
}

function refuse(selected: Selected): never {
  throw new ServiceError(
    'selection-too-large',
    `${algebra.marksOf(selected)} photos are selected or left out one by one, and ${algebra.MAX_IDS} can be so in one step.`,
    'Select all photos of a filter, or fewer photos.',
  )
}
