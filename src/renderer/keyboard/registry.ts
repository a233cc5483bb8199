// The one place that listens to keys. Views and components add shortcuts while they are on screen; the newest scope is
// asked first. Single keys can be switched off and every shortcut can be given another chord (WCAG 2.1.4); text fields
// keep their keys.

import { chordsOf } from './catalogue.ts'
import { belongsToControl, chordOf, isInDialog, isTyping } from './chord.ts'

export interface Shortcut {
  /** Stable name, the key of its text and of a remapping: 'photos.exclude'. */
  readonly id: string
  readonly chords: readonly string[]
  /** Returns false to let the key pass on. */
  readonly run: (event: KeyboardEvent) => boolean | void
  /** Works in text fields too: Escape and the like. */
  readonly inFields?: boolean
  /** Several keys of one kind (the digits): cannot be given another key. */
  readonly fixed?: boolean
  /** Stands in the bar at the bottom. */
  readonly inBar?: boolean
}

export interface KeyOptions {
  readonly singleKeys: () => boolean
  readonly remapped: () => Readonly<Record<string, string>>
}

export interface ShortcutScope {
  readonly name: string
  readonly shortcuts: readonly Shortcut[]
  /** While it is on top, scopes below it do not hear keys: dialogs and the viewer. */
  readonly modal: boolean
}

export interface ShortcutRegistry {
  /** Adds a scope on top; the returned function takes it away. */
  add(scope: ShortcutScope): () => void
  handle(event: KeyboardEvent): boolean
  /** Runs a shortcut by its name, as a menu does; false where none of that name listens. */
  perform(id: string): boolean
  /** Scopes that hear keys now, top first. */
  active(): readonly ShortcutScope[]
}

/** `onChange` is called when scopes come or go. */
export function createRegistry(options: KeyOptions, onChange: () => void = () => {}): ShortcutRegistry {
  let scopes: ShortcutScope[] = []
  const active = () => {
    const top = scopes.toReversed()
    const modal = top.findIndex(scope => scope.modal)
    return modal < 0 ? top : top.slice(0, modal + 1)
  }
  return {
    active,
    add(scope) {
      scopes = [...scopes, scope]
      onChange()
      return () => {
        scopes = scopes.filter(other => other !== scope)
        onChange()
      }
    },
    perform: id =>
      active()
        .flatMap(scope => scope.shortcuts)
        .some(shortcut => shortcut.id === id && shortcut.run(new KeyboardEvent('keydown')) !== false),
    handle(event) {
      const chord = chordOf(event)
      if (chord === '' || event.defaultPrevented || belongsToControl(event, chord)) return false
      const typing = isTyping(event)
      const heard = isInDialog(event) ? active().filter(scope => scope.modal) : active()
      for (const shortcut of heard.flatMap(scope => scope.shortcuts)) {
        if (!chordsOf(shortcut, options.remapped()).includes(chord)) continue
        if (typing && (!shortcut.inFields || event.isComposing)) continue
        if (isSingle(chord) && !options.singleKeys()) continue
        if (shortcut.run(event) === false) continue
        event.preventDefault()
        return true
      }
      return false
    },
  }
}

// Letters and digits alone are single keys; arrows, Space, Enter and Escape are not, they belong to the control in
// focus.
function isSingle(chord: string): boolean {
  return /^(Shift\+)?(Key[A-Z]|Digit\d|Slash)$/.test(chord)
}
