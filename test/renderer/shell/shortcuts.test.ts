// Keys: by place and not by letter, silent while someone types, and one scope over another.

import { beforeEach, describe, expect, it } from 'vitest'
import { capsOf, chordOf } from '../../../src/renderer/keyboard/chord.ts'
import { createRegistry } from '../../../src/renderer/keyboard/registry.ts'
import type { Shortcut } from '../../../src/renderer/keyboard/registry.ts'

const press = (code: string, init: KeyboardEventInit = {}, target: EventTarget = document.body) => {
  const event = new KeyboardEvent('keydown', { code, key: code, bubbles: true, cancelable: true, ...init })
  Object.defineProperty(event, 'target', { value: target })
  return event
}

describe('a chord', () => {
  it('is the place of the key, whatever letter an input method makes of it', () => {
    expect(chordOf(press('KeyX', { key: 'ㅌ' }))).toBe('KeyX')
    expect(chordOf(press('Digit3', { key: 'Process' }))).toBe('Digit3')
  })
  it('carries modifiers, and takes Command for Ctrl', () => {
    expect(chordOf(press('KeyZ', { ctrlKey: true, shiftKey: true }))).toBe('Mod+Shift+KeyZ')
    expect(chordOf(press('KeyZ', { metaKey: true }))).toBe('Mod+KeyZ')
  })
  it('takes the number pad for the digits', () => {
    expect([chordOf(press('Numpad7')), chordOf(press('NumpadEnter'))]).toEqual(['Digit7', 'Enter'])
  })
  it('is nothing for a modifier alone', () => {
    expect(chordOf(press('ShiftLeft', { shiftKey: true }))).toBe('')
  })
  it('has caps for people', () => {
    expect(capsOf('Mod+Shift+KeyZ', false)).toEqual(['Ctrl', 'Shift', 'Z'])
    expect(capsOf('Mod+KeyZ', true)).toEqual(['⌘', 'Z'])
    expect(capsOf('Shift+Slash', false)).toEqual(['?'])
  })
})

describe('the registry', () => {
  let heard: string[]
  let singleKeys: boolean
  let remapped: Record<string, string>
  const shortcut = (id: string, chords: string[], more: Partial<Shortcut> = {}): Shortcut => ({
    id,
    chords,
    run: () => {
      heard.push(id)
    },
    ...more,
  })
  const make = () => createRegistry({ singleKeys: () => singleKeys, remapped: () => remapped })

  beforeEach(() => {
    heard = []
    singleKeys = true
    remapped = {}
  })

  it('runs a shortcut by its name for a menu, the newest scope first, and none behind a dialog', () => {
    const registry = make()
    registry.add({ name: 'app', modal: false, shortcuts: [shortcut('undo', ['Mod+KeyZ'])] })
    registry.add({
      name: 'review',
      modal: false,
      shortcuts: [
        shortcut('undo', ['Mod+KeyZ'], {
          run: () => {
            heard.push('passed on')
            return false
          },
        }),
      ],
    })
    expect(registry.perform('undo')).toBe(true)
    expect(heard).toEqual(['passed on', 'undo'])
    registry.add({ name: 'viewer', modal: true, shortcuts: [] })
    expect(registry.perform('undo')).toBe(false)
  })

  it('asks the newest scope first and stops at the one that takes the key', () => {
    const registry = make()
    registry.add({ name: 'app', modal: false, shortcuts: [shortcut('below', ['KeyX'])] })
    const remove = registry.add({ name: 'photos', modal: false, shortcuts: [shortcut('above', ['KeyX'])] })
    const event = press('KeyX')
    expect(registry.handle(event)).toBe(true)
    expect(event.defaultPrevented).toBe(true)
    remove()
    registry.handle(press('KeyX'))
    expect(heard).toEqual(['above', 'below'])
  })

  it('lets a key pass that its shortcut does not want', () => {
    const registry = make()
    registry.add({ name: 'app', modal: false, shortcuts: [shortcut('below', ['Escape'])] })
    registry.add({ name: 'photos', modal: false, shortcuts: [{ id: 'above', chords: ['Escape'], run: () => false }] })
    registry.handle(press('Escape'))
    expect(heard).toEqual(['below'])
  })

  it('hears nothing below a modal scope', () => {
    const registry = make()
    registry.add({ name: 'app', modal: false, shortcuts: [shortcut('below', ['KeyX'])] })
    registry.add({ name: 'viewer', modal: true, shortcuts: [shortcut('close', ['Escape'])] })
    expect(registry.handle(press('KeyX'))).toBe(false)
  })

  it('is silent behind a dialog, but for the scope that is the dialog', () => {
    const registry = make()
    const dialog = document.createElement('div')
    dialog.setAttribute('role', 'dialog')
    registry.add({ name: 'photos', modal: false, shortcuts: [shortcut('none', ['Escape'])] })
    expect(registry.handle(press('Escape', {}, dialog))).toBe(false)
    registry.add({ name: 'viewer', modal: true, shortcuts: [shortcut('next', ['ArrowRight'])] })
    expect(registry.handle(press('ArrowRight', {}, dialog))).toBe(true)
    expect(heard).toEqual(['next'])
  })

  it('leaves text fields alone, but for keys that say otherwise', () => {
    const registry = make()
    const field = document.createElement('input')
    registry.add({
      name: 'app',
      modal: false,
      shortcuts: [shortcut('label', ['Digit1']), shortcut('leave', ['Escape'], { inFields: true })],
    })
    registry.handle(press('Digit1', {}, field))
    registry.handle(press('Escape', {}, field))
    registry.handle(press('Escape', { isComposing: true }, field))
    expect(heard).toEqual(['leave'])
  })

  it('hears a letter outside of fields while an input method composes elsewhere', () => {
    const registry = make()
    registry.add({ name: 'app', modal: false, shortcuts: [shortcut('exclude', ['KeyX'])] })
    expect(registry.handle(press('KeyX', { key: 'Process', keyCode: 229 }))).toBe(true)
  })

  it('leaves Space and Enter to a button, and arrows to a slider', () => {
    const registry = make()
    const slider = Object.assign(document.createElement('input'), { type: 'range' })
    registry.add({
      name: 'app',
      modal: false,
      shortcuts: [
        shortcut('view', ['Space', 'Enter']),
        shortcut('next', ['ArrowRight']),
        shortcut('exclude', ['KeyX']),
      ],
    })
    registry.handle(press('Space', {}, document.createElement('button')))
    registry.handle(press('ArrowRight', {}, slider))
    expect(heard).toEqual([])
    registry.handle(press('KeyX', {}, document.createElement('button')))
    expect(heard).toEqual(['exclude'])
  })

  it('can have its single keys switched off; chords, arrows and Escape go on', () => {
    singleKeys = false
    const registry = make()
    registry.add({
      name: 'app',
      modal: false,
      shortcuts: [
        shortcut('a', ['KeyX']),
        shortcut('b', ['Digit1']),
        shortcut('c', ['Mod+KeyZ']),
        shortcut('d', ['ArrowLeft']),
      ],
    })
    for (const event of [press('KeyX'), press('Digit1'), press('KeyZ', { ctrlKey: true }), press('ArrowLeft')])
      registry.handle(event)
    expect(heard).toEqual(['c', 'd'])
  })

  it('gives a shortcut another key, and digits keep theirs', () => {
    remapped = { exclude: 'KeyE', label: 'KeyQ' }
    const registry = make()
    registry.add({
      name: 'app',
      modal: false,
      shortcuts: [shortcut('exclude', ['KeyX']), shortcut('label', ['Digit1', 'Digit2'], { fixed: true })],
    })
    for (const code of ['KeyX', 'KeyE', 'KeyQ', 'Digit1']) registry.handle(press(code))
    expect(heard).toEqual(['exclude', 'label'])
  })
})
