// Groups of duplicates for people: each with its keeper, those with different labels first, then those that lie in
// different splits. Made for any distance at once from the hashes and kept until the file changes; excluded photos are
// out of it.

import type { Decision, DuplicateGroup, Photo } from '../../../contract/records.ts'
import { ServiceError } from '../../../contract/errors.ts'
import type { ReadDb } from '../../db/database.ts'
import { groupDuplicates, type HashGroup as FoundGroup } from '../../pixels/scores/duplicates.ts'
import { findExactDuplicates, readCandidates, readNearDistance } from '../checks/duplicates.ts'
import type { History } from '../decisions/history.ts'
import { readPhotos } from './photos.ts'
import { noPhoto } from '../tables/roots.ts'

export interface GroupPage {
  readonly total: number
  /** Photos besides the keepers. */
  readonly copies: number
  readonly conflicting: number
  readonly leaking: number
  /** Copies of groups whose labels agree, which can be excluded at once; the others are left to a person. */
  readonly agreeing: number
  readonly groups: DuplicateGroup[]
}

export interface DuplicateGroups {
  page(kind: CopyKind, offset: number, limit: number): GroupPage
  /** Keeps this photo in the place of its group's keeper. ServiceError 'no-copies' where it has none. */
  keep(photoId: number): Decision
  /** Excludes all but the keepers of these groups (named by keeper), or of every group whose labels agree. */
  exclude(kind: CopyKind, keepers: readonly number[] | null): Decision
}

/** Copies of the same pixels, or of nearly the same picture: the two lists share no group, and 'both' is one list of
 *  them together. */
export type CopyKind = 'exact-duplicate' | 'near-duplicate' | 'both'

/** The furthest two pictures may be apart to be shown in one group. */
export const largestDistance = 10

export function createDuplicateGroups(db: ReadDb, history: History, runId: () => number | null): DuplicateGroups {
  let kept: { readonly key: string; readonly groups: readonly FoundGroup[] } | null = null

  function find(kind: CopyKind): readonly FoundGroup[] {
    const key = `${kind} ${db.value<number>('SELECT total_changes()')}`
    if (kept?.key !== key) kept = { key, groups: groupsOf(db, kind) }
    return kept.groups
  }

  return {
    page(kind, offset, limit) {
      const groups = find(kind)
      return {
        total: groups.length,
        copies: groups.reduce((sum, group) => sum + group.members.length, 0),
        conflicting: groups.filter(group => group.conflicting).length,
        leaking: groups.filter(group => group.leaking).length,
        agreeing: groups.filter(group => !group.conflicting).reduce((sum, group) => sum + group.members.length, 0),
        groups: describe(db, groups.slice(offset, offset + limit), runId()),
      }
    },
    keep(photoId) {
      const group = groupDuplicates(readUsed(db), largestDistance).find(
        ({ keeper, members }) => keeper === photoId || members.some(({ id }) => id === photoId),
      )
      if (!group) {
        if (db.value('SELECT 1 FROM photo WHERE id = ?', photoId) === undefined) throw noPhoto(photoId)
        throw new ServiceError('no-copies', `Photo ${photoId} has no copies.`, 'Choose a photo of one of the groups.')
      }
      return history.keep(
        photoId,
        [group.keeper, ...group.members.map(({ id }) => id)].filter(id => id !== photoId),
      )
    },
    exclude(kind, keepers) {
      const chosen = new Set(keepers)
      const groups = find(kind).filter(group => (keepers === null ? !group.conflicting : chosen.has(group.keeper)))
      return history.exclude({ ids: groups.flatMap(({ members }) => members.map(({ id }) => id)) }, true)
    },
  }
}

/** Near ones are looked for among one photo of every distinct picture, as the check does. */
function groupsOf(db: ReadDb, kind: CopyKind): readonly FoundGroup[] {
  const used = readUsed(db)
  if (kind === 'exact-duplicate')
    return groupDuplicates(
      used.map(photo => ({ ...photo, phash: null })),
      0,
    )
  return groupDuplicates(kind === 'both' ? used : findExactDuplicates(db, used).distinct, readNearDistance(db))
}

function readUsed(db: ReadDb) {
  const excluded = new Set(db.values<number>('SELECT id FROM photo WHERE excluded = 1'))
  return readCandidates(db).filter(({ id }) => !excluded.has(id))
}

function describe(db: ReadDb, groups: readonly FoundGroup[], runId: number | null): DuplicateGroup[] {
  const ids = groups.flatMap(({ keeper, members }) => [keeper, ...members.map(({ id }) => id)])
  const photos = new Map<number, Photo>(readPhotos(db, ids, runId).map(photo => [photo.id, photo]))
  return groups.map(({ keeper, members, conflicting, leaking }) => ({
    keeper: photos.get(keeper)!,
    members: members.map(({ id, distance, exact, turned }) => ({ photo: photos.get(id)!, distance, exact, turned })),
    conflicting,
    leaking,
  }))
}
