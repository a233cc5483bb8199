// What was taken for granted when a list or an archive was read, in sentences for the terminal and as codes with values
// for the page.

import { basename } from 'node:path'
import type { ImportNote } from '../../../contract/records.ts'
import type { ZipFile } from '../../formats/zip.ts'
import type { PhotoList } from '../lists/photo-list.ts'

export function zipNotes(name: string, { encoding }: ZipFile): ImportNote[] {
  if (encoding === null || encoding === 'utf-8') return []
  return [
    {
      code: 'zip-encoding',
      values: { name, encoding },
      text: `The names in ${name} do not say how they are written; they are read as ${encoding}.`,
    },
  ]
}

export function listNotes(name: string, list: PhotoList): ImportNote[] {
  const { encoding, missing, several, conflicts, noLabel, unused } = list
  const notes: (ImportNote | false)[] = [
    encoding !== 'utf-8' && {
      code: 'list-encoding',
      values: { name, encoding },
      text: `The list ${name} is read as ${encoding}.`,
    },
    missing.count > 0 && {
      code: 'list-missing',
      values: { name, count: missing.count, first: missing.first },
      text: `${lines(missing.count)} of the list ${name} ${missing.count === 1 ? 'names' : 'name'} no file that is there; the first is ${missing.first}.`,
    },
    several.count > 0 && {
      code: 'list-several',
      values: { name, count: several.count, first: several.first },
      text: `${lines(several.count)} of the list ${name} ${several.count === 1 ? 'fits' : 'fit'} several files alike; the first is ${several.first}. Write more of its folders.`,
    },
    conflicts.length > 0 && {
      code: 'list-conflicts',
      values: { name, count: conflicts.length, first: labelsOf(conflicts[0]!) },
      text: `${conflicts.length === 1 ? '1 photo has' : `${conflicts.length.toLocaleString('en')} photos have`} several labels in the list ${name}, such as ${labelsOf(conflicts[0]!)}: the most frequent is taken, and Review asks about it.`,
    },
    ...noLabel.map(({ word, lines: count }) => ({
      code: 'list-no-label',
      values: { name, count, word },
      text: `${lines(count)} of the list ${name} ${count === 1 ? 'says' : 'say'} "${word}", which is taken for no label.`,
    })),
    unused.length > 0 && {
      code: 'list-unused',
      values: { name, columns: unused.slice(0, 6).join(', ') + (unused.length > 6 ? ' ...' : '') },
      text: `Columns of the list ${name} that are not read: ${unused.slice(0, 6).join(', ')}${unused.length > 6 ? ' ...' : ''}.`,
    },
  ]
  return notes.filter(note => note !== false)
}

/** Photos whose files have moved to a folder that is called otherwise than their label. */
export function movedNote(label: string, folder: string, count: number): ImportNote {
  return {
    code: 'moved-labels',
    values: { label, folder, count },
    text: `${count === 1 ? '1 photo' : `${count.toLocaleString('en')} photos`} labelled "${label}" ${count === 1 ? 'lies' : 'lie'} in the folder "${folder}" now; the label stays. Rename the class if it is to be called so.`,
  }
}

/** Names of folders that hold control characters, direction marks or halves of letters. */
export function hiddenNote(count: number): ImportNote {
  return {
    code: 'hidden-signs',
    values: { count },
    text: `The names above ${count === 1 ? '1 photo' : `${count.toLocaleString('en')} photos`} hold signs that are not shown (control characters or direction marks); classes are called without them.`,
  }
}

/** Photos without classes, and a list beside them. */
export function unreadListNote(path: string): ImportNote {
  const name = basename(path)
  return {
    code: 'list-beside',
    values: { name },
    text: `The folders give no class, and the list ${name} that lies among them is not read: import it as well to take its labels.`,
  }
}

function lines(count: number): string {
  return count === 1 ? '1 line' : `${count.toLocaleString('en')} lines`
}

function labelsOf({ labels }: PhotoList['conflicts'][number]): string {
  return labels.map(({ name }) => name).join(' / ')
}
