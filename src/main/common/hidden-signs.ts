// Signs that a name must not hold: those that end a line, move or colour a terminal's text, turn the direction of
// reading, and halves of letters. With them one name can look like another.

import { ServiceError } from '../../contract/errors.ts'

// eslint-disable-next-line no-control-regex
const hidden = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb]/

export function hasHiddenSigns(name: string): boolean {
  return hidden.test(name) || !name.isWellFormed()
}

/** ServiceError 'bad-name' for a name of this thing. */
export function hiddenSigns(what: string): ServiceError {
  return new ServiceError(
    'bad-name',
    `This name of a ${what} holds signs that are not shown: control characters, direction marks or half a letter.`,
    'Type the name anew, without what was pasted with it.',
  )
}

/** The name without them, composed and without spaces around; '_' where nothing is left. */
export function withoutHiddenSigns(name: string): string {
  if (!hasHiddenSigns(name)) return name.normalize('NFC').trim()
  const clean = name
    .toWellFormed()
    .replaceAll('\ufffd', '')
    .replace(new RegExp(hidden, 'g'), ' ')
    .replaceAll(/ +/g, ' ')
    .normalize('NFC')
    .trim()
  return clean === '' ? '_' : clean
}
