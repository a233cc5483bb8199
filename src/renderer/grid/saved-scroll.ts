// How far a list is scrolled, by the index of what stands at its top, in the browser's entry for this address: it
// survives a reload and is there again when one goes back, and another list begins at the top.

interface SavedScroll {
  readonly scrolled?: { readonly list: string; readonly first: number }
}

/** `list` names what is shown. Null where nothing was kept for it. */
export function savedScroll(list: string): number | null {
  const scrolled = (history.state as SavedScroll | null)?.scrolled
  return scrolled?.list === list ? scrolled.first : null
}

export function keepScroll(list: string, first: number): void {
  history.replaceState({ ...history.state, scrolled: { list, first } } satisfies SavedScroll, '')
}
