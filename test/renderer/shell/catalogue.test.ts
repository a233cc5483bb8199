// The catalogue of keys: each has a text, none collides where both are heard, and a new key may not either.

import { describe, expect, it } from 'vitest'
import { en, ko } from '../../../src/renderer/i18n/index.ts'
import { catalogue, catalogued, chordsOf, conflictOf } from '../../../src/renderer/keyboard/catalogue.ts'

const textOf = (texts: unknown, id: string) =>
  id.split('.').reduce((at, part) => (at as Record<string, unknown> | undefined)?.[part], texts)

describe('the catalogue of keys', () => {
  const all = catalogue.flatMap(scope => scope.shortcuts)

  it('has a text for each scope and shortcut in both languages', () => {
    const names = [...catalogue.map(scope => `scopes.${scope.name}`), ...all.map(shortcut => shortcut.id)]
    expect(
      names.filter(name => typeof textOf(en.keys, name) !== 'string' || typeof textOf(ko.keys, name) !== 'string'),
    ).toEqual([])
  })

  it('begins without a collision', () => {
    expect(
      all.filter(({ id, chords }) => chords.some(chord => conflictOf(id, chord, {}) !== null)).map(({ id }) => id),
    ).toEqual([])
  })

  it('names what has a key already: in the same scope, and of the whole app', () => {
    expect(conflictOf('photos.exclude', 'KeyL', {})).toBe('photos.choose')
    expect(conflictOf('photos.exclude', 'Mod+KeyZ', {})).toBe('app.undo')
    expect(conflictOf('app.undo', 'KeyK', {})).toBe('review.keep')
    expect(
      conflictOf('photos.exclude', 'KeyK', {}),
      'review and the table of photos are never heard together',
    ).toBeNull()
    expect(conflictOf('review.exclude', 'Digit3', {})).toBe('review.label')
    expect(conflictOf('review.exclude', 'KeyF', {}), 'both are heard while a photo is viewed').toBe('viewer.fit')
    expect(conflictOf('review.next', 'KeyF', {}), 'not heard there').toBeNull()
  })

  it('follows keys that were given away and taken', () => {
    const remapped = { 'photos.choose': 'KeyG' }
    expect(conflictOf('photos.exclude', 'KeyL', remapped)).toBeNull()
    expect(conflictOf('photos.exclude', 'KeyG', remapped)).toBe('photos.choose')
    expect(chordsOf(catalogued('photos.exclude'), { 'photos.exclude': 'KeyE' })).toEqual(['KeyE', 'Delete'])
    expect(chordsOf(catalogued('photos.label'), { 'photos.label': 'KeyE' })[0], 'the digits stay').toBe('Digit1')
  })
})
