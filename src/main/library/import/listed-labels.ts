// What a list says of photos that the library has: other labels and splits become decisions that can be undone; photos
// with several labels are gathered, so that a person is asked about them.

import type { SplitName } from '../../../contract/records.ts'
import type { WriteDb } from '../../db/database.ts'
import { classNamed } from '../decisions/classes.ts'
import type { History, ListedValues } from '../decisions/history.ts'
import type { PhotoList } from '../lists/photo-list.ts'
import { knownPhotos, type KnownPhoto } from './known-photos.ts'

/** A photo with the labels that a list gives it, and how many of its lines say each. */
export interface SeveralLabels {
  readonly photoId: number
  readonly labels: readonly { readonly classId: number; readonly lines: number }[]
}

/** Gives photos of the library the labels and splits of the list; answers how many got another label. */
export function takeListedLabels(db: WriteDb, history: History, { photos }: PhotoList, at: string): number {
  const knownAt = knownPhotos(db)
  const known = photos.flatMap(photo => {
    const own = knownAt(photo.path)
    return own ? [{ ...photo, own }] : []
  })
  if (known.length === 0) return 0
  const labels = valuesOf(known, ({ className }) => className).map(([name, ids]) => ({
    value: classNamed(db, name, at),
    ids,
  }))
  const splits: ListedValues<SplitName>[] = valuesOf(known, ({ split }) => split).map(([value, ids]) => ({
    value,
    ids,
  }))
  if (splits.length > 0) history.splitByList(splits)
  return labels.length > 0 ? history.labelByList(labels).changed : 0
}

function valuesOf<T extends { readonly own: KnownPhoto }, V>(photos: readonly T[], valueOf: (photo: T) => V | null) {
  const given = photos.filter(photo => valueOf(photo) !== null)
  return [...Map.groupBy(given, photo => valueOf(photo)!)].map(
    ([value, own]) => [value, own.map(photo => photo.own.id)] as const,
  )
}

/** Photos to which the list gives several labels, one of which they have. */
export function doubtedLabels(db: WriteDb, { conflicts }: PhotoList, at: string): SeveralLabels[] {
  const knownAt = knownPhotos(db)
  return conflicts.flatMap(({ path, labels }) => {
    const photo = knownAt(path)
    if (!photo) return []
    const listed = labels.map(({ name, lines }) => ({ classId: classNamed(db, name, at), lines }))
    const current = db.value<number>('SELECT class_id FROM photo WHERE id = ?', photo.id)
    return listed.some(({ classId }) => classId === current) ? [{ photoId: photo.id, labels: listed }] : []
  })
}
