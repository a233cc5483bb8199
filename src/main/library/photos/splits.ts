// Which photos a run trains on, validates on and tests on. A split a person or a folder gave is kept, also where copies
// of a photo lie on both sides (the check tells such leaks); the rest is dealt out, each class in the same shares, the
// same way every time, and duplicates and near duplicates of a photo go where it goes. Shares: no split given at all:
// 80/20 train/validation, or 70/15/15 with a test split from 200 photos on. Where a validation split is missing, it is
// taken from the training photos (15 % beside a given test split, else 20 %).

import type { SplitName } from '../../../contract/records.ts'
import type { ReadDb } from '../../db/database.ts'
import { createUnionFind } from '../../common/union-find.ts'

export interface SplitPhoto {
  readonly id: number
  readonly classId: number
  /** As given by folder or person. */
  readonly split: SplitName | null
  /** Photos with the same key show the same picture; it also orders the dealing, so it must not depend on import order.
   */
  readonly group: string
}

export interface DealtPhoto {
  readonly id: number
  readonly classId: number
  readonly split: SplitName
  /** Equal for photos of equal pixels. */
  readonly picture: string
}

const testFrom = 200

/** Usable, included, labelled photos of the library with their split for a run, in the order of their paths: that of
 *  the decoding shows nowhere. */
export function photosForRun(db: ReadDb, seed = 1): DealtPhoto[] {
  const photos = splitCandidates(db)
  const dealt = dealSplits(photos, seed)
  return photos.map(({ id, classId, picture }) => ({ id, classId, picture, split: dealt.get(id)! }))
}

/** A split for every photo. The same photos and seed give the same answer in any order. */
export function dealSplits(photos: readonly SplitPhoto[], seed: number): Map<number, SplitName> {
  const given = new Set(photos.map(photo => photo.split))
  const shares = sharesOf(given, photos.length)
  const open = (photo: SplitPhoto) => photo.split === null || (photo.split === 'train' && !given.has('validation'))
  const dealt = new Map<number, SplitName>()
  for (const units of unitsByClass(photos, seed).values()) dealClass(units, open, shares, dealt)
  return dealt
}

interface Shares {
  readonly validation: number
  readonly test: number
}

function sharesOf(given: ReadonlySet<SplitName | null>, photos: number): Shares {
  if (given.has('test')) return { validation: 0.15, test: 0 }
  const none = !given.has('train') && !given.has('validation')
  return none && photos >= testFrom ? { validation: 0.15, test: 0.15 } : { validation: 0.2, test: 0 }
}

type Unit = readonly SplitPhoto[]

/** Groups of like photos by the class of their first, in an order that looks random and depends on seed and content
 *  alone. */
function unitsByClass(photos: readonly SplitPhoto[], seed: number): Map<number, Unit[]> {
  const groups = Map.groupBy(
    photos.toSorted((a, b) => a.id - b.id),
    photo => photo.group,
  )
  const ranked = [...groups].map(([key, unit]) => ({ unit, key, rank: mix(seed, key) }))
  ranked.sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : 1))
  return Map.groupBy(
    ranked.map(({ unit }) => unit),
    unit => unit[0]!.classId,
  )
}

/** A number below 2^53 that looks random: two 32 bit multiply-and-fold hashes of the text side by side. */
export function mix(seed: number, text: string): number {
  let [a, b] = [seed ^ 0x9e3779b9, seed ^ 0x85ebca6b]
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    a = Math.imul(a ^ code, 0x85ebca77)
    b = Math.imul(b ^ code, 0xc2b2ae3d)
  }
  a = Math.imul(a ^ (a >>> 15), 0x735a2d97) ^ (b >>> 13)
  b = Math.imul(b ^ (b >>> 13), 0xcaf649a9) ^ (a >>> 16)
  return (b >>> 11) * 0x1_0000_0000 + (a >>> 0)
}

function dealClass(
  units: readonly Unit[],
  open: (photo: SplitPhoto) => boolean,
  shares: Shares,
  dealt: Map<number, SplitName>,
): void {
  const free = units.filter(unit => unit.every(open))
  const photos = free.reduce((sum, unit) => sum + unit.length, 0)
  const room = { validation: quota(photos, shares.validation), test: quota(photos, shares.test) }
  let left = free.length
  for (const unit of units) {
    const fixed = unit.find(photo => !open(photo))?.split ?? null
    const split = fixed ?? place(unit, room, left)
    if (fixed === null) left--
    for (const photo of unit) dealt.set(photo.id, open(photo) ? allowed(photo, split) : photo.split!)
  }
}

/** A photo given for training may be taken for validation, but never follows a copy of it into the test split. */
function allowed(photo: SplitPhoto, split: SplitName): SplitName {
  return photo.split === 'train' && split === 'test' ? 'train' : split
}

/** At least one photo for a split that is asked for, from the second photo of a class on. */
function quota(photos: number, share: number): number {
  return share === 0 || photos < 2 ? 0 : Math.max(1, Math.round(photos * share))
}

/** Validation first, then test, then training; the last unit of a class is always for training. */
function place(unit: Unit, room: { validation: number; test: number }, left: number): SplitName {
  for (const split of ['validation', 'test'] as const) {
    if (left > 1 && unit.length <= room[split]) {
      room[split] -= unit.length
      return split
    }
  }
  return 'train'
}

interface CandidateRow {
  readonly id: number
  readonly class_id: number
  readonly split: SplitName | null
  readonly key: string
}

/** Usable, included, labelled photos in the order of their paths, joined by equal pixels and by the check's finding that one is a
 *  duplicate or near duplicate of another. */
export function splitCandidates(db: ReadDb): (SplitPhoto & Pick<DealtPhoto, 'picture'>)[] {
  const rows = db.all<CandidateRow>(`
    SELECT id, class_id, split, coalesce(pixel_sha256, sha256, id) AS key FROM photo
    WHERE usable = 1 AND excluded = 0 AND class_id IS NOT NULL ORDER BY root_id, path`)
  const keyOf = new Map(rows.map(row => [row.id, String(row.key)]))
  const groups = createUnionFind()
  const pairs = db.all<{ id: number; keeper: number }>(
    'SELECT photo_id AS id, keeper FROM problem WHERE keeper IS NOT NULL',
  )
  for (const { id, keeper } of pairs) {
    const [a, b] = [keyOf.get(id), keyOf.get(keeper)]
    if (a !== undefined && b !== undefined) groups.join(a, b)
  }
  return rows.map(row => ({
    id: row.id,
    classId: row.class_id,
    split: row.split,
    group: groups.find(String(row.key)),
    picture: String(row.key),
  }))
}
