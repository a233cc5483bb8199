// Every shortcut there is, by scope, whether it listens now or not: what the sheet of keys shows and what a new key
// must not collide with. The views take their chords from here, so that the list cannot fall behind.

import { stageTable } from '../../contract/stages.ts'

export interface CatalogueEntry {
  readonly id: string
  readonly chords: readonly string[]
  /** Several keys of one kind (the digits): cannot be given another key. */
  readonly fixed?: boolean
  /** Decides about the photo in the viewer as well. */
  readonly inViewer?: boolean
}

export interface CatalogueScope {
  readonly name: string
  readonly shortcuts: readonly CatalogueEntry[]
}

export const digits: readonly string[] = Array.from({ length: 9 }, (_, i) => `Digit${i + 1}`)

export const catalogue: readonly CatalogueScope[] = [
  {
    name: 'app',
    shortcuts: [
      { id: 'app.sheet', chords: ['Shift+Slash'] },
      { id: 'app.undo', chords: ['Mod+KeyZ'], inViewer: true },
      { id: 'app.redo', chords: ['Mod+Shift+KeyZ', 'Mod+KeyY'], inViewer: true },
      ...stageTable.map(({ name, digit }) => ({ id: `app.${name}`, chords: [`Alt+Digit${digit}`] })),
    ],
  },
  {
    name: 'photos',
    shortcuts: [
      { id: 'photos.label', chords: digits, fixed: true, inViewer: true },
      { id: 'photos.clear', chords: ['Digit0'], inViewer: true },
      { id: 'photos.choose', chords: ['KeyL'], inViewer: true },
      { id: 'photos.exclude', chords: ['KeyX', 'Delete'], inViewer: true },
      { id: 'photos.view', chords: ['Space', 'Enter'] },
      { id: 'photos.toggle', chords: ['Mod+Space'] },
      { id: 'photos.all', chords: ['Mod+KeyA'] },
      { id: 'photos.none', chords: ['Escape'] },
      { id: 'photos.search', chords: ['Slash', 'Mod+KeyF'] },
      { id: 'clean.accept', chords: ['KeyA'], inViewer: true },
      { id: 'clean.later', chords: ['KeyS'], inViewer: true },
    ],
  },
  {
    name: 'viewer',
    shortcuts: [
      { id: 'viewer.previous', chords: ['ArrowLeft', 'ArrowUp'] },
      { id: 'viewer.next', chords: ['ArrowRight', 'ArrowDown'] },
      { id: 'viewer.zoomIn', chords: ['Equal', 'Shift+Equal', 'NumpadAdd'] },
      { id: 'viewer.zoomOut', chords: ['Minus', 'NumpadSubtract'] },
      { id: 'viewer.fit', chords: ['KeyF'] },
      { id: 'viewer.close', chords: ['Space', 'Enter'] },
    ],
  },
  {
    name: 'review',
    shortcuts: [
      { id: 'review.label', chords: digits, fixed: true, inViewer: true },
      { id: 'review.accept', chords: ['Enter'] },
      { id: 'review.keep', chords: ['KeyK'], inViewer: true },
      { id: 'review.exclude', chords: ['KeyX', 'Delete'], inViewer: true },
      { id: 'review.unsure', chords: ['KeyU'], inViewer: true },
      { id: 'review.choose', chords: ['KeyL'], inViewer: true },
      { id: 'review.view', chords: ['KeyV'] },
      { id: 'review.heat', chords: ['KeyH'] },
      { id: 'review.previous', chords: ['ArrowLeft'] },
      { id: 'review.next', chords: ['ArrowRight', 'Space'] },
    ],
  },
  { name: 'train', shortcuts: [{ id: 'train.pause', chords: ['KeyP'] }] },
]

/** The shortcut of this name, with its first chords. */
export function catalogued(id: string): CatalogueEntry {
  const entry = catalogue.flatMap(scope => scope.shortcuts).find(shortcut => shortcut.id === id)
  if (!entry) throw new Error(`There is no shortcut ${id} in the catalogue.`)
  return entry
}

/** What else answers to this chord where `id` listens: in its own scope, in the viewer where both do, and everywhere
 *  for shortcuts of the app. */
export function conflictOf(id: string, chord: string, remapped: Readonly<Record<string, string>>): string | null {
  const own = catalogue.find(scope => scope.shortcuts.some(shortcut => shortcut.id === id))
  const heardWith = (scope: CatalogueScope, shortcut: CatalogueEntry) =>
    scope === own ||
    scope.name === 'app' ||
    own?.name === 'app' ||
    (own?.name === 'viewer' && shortcut.inViewer) ||
    (scope.name === 'viewer' && catalogued(id).inViewer)
  const heard = catalogue.flatMap(scope => scope.shortcuts.filter(shortcut => heardWith(scope, shortcut)))
  return heard.find(shortcut => shortcut.id !== id && chordsOf(shortcut, remapped).includes(chord))?.id ?? null
}

/** The chords a shortcut answers to; a remapping replaces the first. */
export function chordsOf(
  shortcut: Pick<CatalogueEntry, 'id' | 'chords' | 'fixed'>,
  remapped: Readonly<Record<string, string>>,
): readonly string[] {
  const own = shortcut.fixed ? undefined : remapped[shortcut.id]
  return own ? [own, ...shortcut.chords.slice(1)] : shortcut.chords
}
