// Folder and name of every photo in one text, so that a search is a walk through memory. Letters A to Z count in any
// case, as in SQLite's LIKE, which the selections of filter.ts use: both must find the same photos.

import type { WriteDb } from '../../db/database.ts'
import type { PhotoColumns } from './photo-table.ts'

export interface PhotoTexts {
  /** 1 at the id of each photo whose folder or name holds every word; null where the text has no word. */
  find(text: string, columns: PhotoColumns): Uint8Array | null
}

interface Texts {
  readonly members: number
  readonly all: string
  /** By row: where its text begins, and which photo it is. */
  readonly starts: Uint32Array
  readonly ids: Uint32Array
}

export function createPhotoTexts(db: WriteDb): PhotoTexts {
  let texts: Texts | null = null
  let latest: { readonly members: number; readonly text: string; readonly found: Uint8Array } | null = null
  return {
    find(text, { last, members }) {
      const words = lowered(text.normalize('NFC').trim()).split(/\s+/).filter(Boolean)
      if (words.length === 0) return null
      if (latest?.members === members && latest.text === text) return latest.found
      if (texts?.members !== members) texts = readTexts(db, members)
      const counts = new Uint8Array(last + 1)
      for (const [i, word] of words.entries()) addMatches(texts, word, i, counts)
      latest = { members, text, found: counts.map(count => Number(count === words.length)) }
      return latest.found
    },
  }
}

function readTexts(db: WriteDb, members: number): Texts {
  const ids = Uint32Array.from(db.values<number>('SELECT id FROM photo ORDER BY id'))
  const rows = db.values<string>("SELECT folder || '/' || name FROM photo ORDER BY id")
  const starts = new Uint32Array(rows.length + 1)
  rows.forEach((row, i) => void (starts[i + 1] = starts[i]! + row.length + 1))
  return { members, all: lowered(rows.join('\n')), starts, ids }
}

/** Counts up, from `before` to before + 1, the photos whose text holds the word. */
function addMatches({ all, starts, ids }: Texts, word: string, before: number, counts: Uint8Array): void {
  let row = 0
  for (let at = all.indexOf(word); at >= 0; at = all.indexOf(word, starts[row + 1])) {
    row = rowAt(starts, at, row)
    if (counts[ids[row]!] === before) counts[ids[row]!] = before + 1
  }
}

/** The row that place `at` lies in, from `from` on. */
function rowAt(starts: Uint32Array, at: number, from: number): number {
  let [low, high] = [from, starts.length - 1]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (starts[middle]! <= at) low = middle
    else high = middle
  }
  return low
}

function lowered(text: string): string {
  return text.replace(/[A-Z]+/g, letters => letters.toLowerCase())
}
