// Keys by their place on the keyboard (event.code), so that a Korean input method or another layout does not change
// what a key does. A chord is text such as 'Digit1', 'Mod+KeyZ', 'Mod+Shift+KeyZ'; Mod is Ctrl, or Command on a Mac.

export interface KeyLike {
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
}

const modifierCodes = /^(Control|Shift|Alt|Meta)(Left|Right)$/

/** The chord of a key press, or '' for a modifier alone. The number pad counts as the digits, its Enter as Enter. */
export function chordOf(event: KeyLike): string {
  if (event.code === '' || modifierCodes.test(event.code)) return ''
  const code = event.code.replace(/^Numpad(\d)$/, 'Digit$1').replace(/^NumpadEnter$/, 'Enter')
  return `${event.ctrlKey || event.metaKey ? 'Mod+' : ''}${event.altKey ? 'Alt+' : ''}${event.shiftKey ? 'Shift+' : ''}${code}`
}

/** True where the key may be meant as text: in a field, or while an input method composes there. */
export function isTyping(event: {
  readonly target: EventTarget | null
  readonly isComposing?: boolean
  readonly keyCode?: number
}): boolean {
  const element = event.target as HTMLElement | null
  const tag = element?.tagName
  if (tag === 'TEXTAREA' || tag === 'SELECT' || element?.isContentEditable) return true
  if (tag !== 'INPUT') return false
  const type = (element as HTMLInputElement).type
  return !['checkbox', 'radio', 'button', 'range'].includes(type)
}

/** True where the control in focus uses the key itself: Space and Enter press a button, arrows move a slider. */
export function belongsToControl(event: { readonly target: EventTarget | null }, chord: string): boolean {
  const element = event.target as HTMLElement | null
  const tag = element?.tagName
  if (tag === 'BUTTON' || tag === 'A' || tag === 'SUMMARY') return chord === 'Space' || chord === 'Enter'
  if (tag !== 'INPUT') return false
  return chord === 'Space' || /^(Shift\+)?(Arrow|Home|End|Page)/.test(chord)
}

/** True in a dialog or a menu's panel: keys of the view behind it are silent there, so that Escape closes the dialog
 *  and nothing else. */
export function isInDialog(event: { readonly target: EventTarget | null }): boolean {
  return (event.target as Element | null)?.closest?.('[role="dialog"], [role="alertdialog"]') != null
}

const names: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  Space: 'Space',
  Slash: '/',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  Delete: 'Del',
  Equal: '+',
  Minus: '−',
}

/** The caps of a chord for people, one a key: ['Ctrl', 'Shift', 'Z']. */
export function capsOf(chord: string, mac: boolean): string[] {
  if (chord === 'Shift+Slash') return ['?']
  return chord.split('+').map(part => {
    if (part === 'Mod') return mac ? '⌘' : 'Ctrl'
    if (part === 'Alt') return mac ? '⌥' : 'Alt'
    if (part === 'Shift') return mac ? '⇧' : 'Shift'
    return names[part] ?? part.replace(/^Key|^Digit/, '')
  })
}
