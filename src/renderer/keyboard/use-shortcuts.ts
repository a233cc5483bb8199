// Shortcuts of a component while it is on screen, and the registry they go to. main.ts provides one registry for the
// page.

import { inject, onBeforeUnmount, onMounted, watch } from 'vue'
import type { InjectionKey, ShallowRef } from 'vue'
import { catalogued } from './catalogue.ts'
import type { Shortcut, ShortcutRegistry, ShortcutScope } from './registry.ts'

/** What a shortcut of the catalogue does here. */
export type Binding = Omit<Shortcut, 'chords' | 'fixed'>

/** Those of a view that work in the viewer of its photos too. */
export function forViewer(bindings: readonly Binding[]): readonly Binding[] {
  return bindings.filter(binding => catalogued(binding.id).inViewer)
}

export interface Keyboard {
  readonly registry: ShortcutRegistry
  /** Scopes that hear keys now, for the bar at the bottom and the sheet of keys. */
  readonly active: Readonly<ShallowRef<readonly ShortcutScope[]>>
}

export const keyboardKey: InjectionKey<Keyboard> = Symbol('keyboard')

export function useKeyboard(): Keyboard {
  const keyboard = inject(keyboardKey)
  if (!keyboard) throw new Error('No keyboard was provided to this part of the page.')
  return keyboard
}

/** Chords come from the catalogue. With `when`, the scope listens only while it is true. */
export function useShortcuts(
  name: string,
  bindings: readonly Binding[],
  options: { modal?: boolean; when?: () => boolean } = {},
): void {
  const { registry } = useKeyboard()
  const shortcuts = bindings.map(binding => ({ ...catalogued(binding.id), ...binding }))
  let remove = () => {}
  const set = (on: boolean) => {
    remove()
    remove = on ? registry.add({ name, shortcuts, modal: options.modal ?? false }) : () => {}
  }
  onMounted(() => set(options.when?.() ?? true))
  if (options.when) watch(options.when, set)
  onBeforeUnmount(() => set(false))
}
