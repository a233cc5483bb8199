// Groups of duplicates for people: each with its keeper, those with different labels first, then those that lie in
// different splits. Made for any distance at once from the hashes and kept until the file changes; excluded photos are
// out of it.

import type { Decision, DuplicateGroup, Photo } from '../../../contract/records.ts'
import { ServiceError } from '../../../contract/errors.ts'
import type { ReadDb } from '../../db/database.ts'
import { groupDuplicates, type HashGroup as FoundGroup } from '../../pixels/scores/duplicates.ts'
import { readCandidates } from '../checks/duplicates.ts'
import type { History } from '../decisions/history.ts'
import { readPhotos } from './photos.ts'
import { noPhoto } from '../tables/roots.ts'

export interface GroupPage {
  readonly total: number
  /** Photos besides the keepers. */
  readonly copies: number
  readonly conflicting: number
  readonly leaking: number
  readonly groups: DuplicateGroup[]
}

export interface DuplicateGroups {
  page(distance: number, offset: number, limit: number): GroupPage
  /** Keeps this photo in the place of its group's keeper. ServiceError 'no-copies' where it has none. */
  keep(photoId: number): Decision
  /** Excludes all but the keepers of these groups (named by keeper), or of every group whose labels agree. */
  exclude(distance: number, keepers: readonly number[] | null): Decision
}

/** The furthest two pictures may be apart to be shown in one group. */
export const largestDistance = 10

export function createDuplicateGroups(db: ReadDb, history: History, runId: () => number | null): DuplicateGroups {
  let kept: { readonly key: string; readonly groups: readonly FoundGroup[] } | null = null

  function find(distance: number): readonly FoundGroup[] {
    const key = `${distance} ${db.value<number>('SELECT total_changes()')}`
    if (kept?.key !== key) kept = { key, groups: groupDuplicates(readUsed(db), distance) }
    return kept.groups
  }

  return {
    page(distance, offset, limit) {
      const groups = find(distance)
      return {
        total: groups.length,
        copies: groups.reduce((sum, group) => sum + group.members.length, 0),
        conflicting: groups.filter(group => group.conflicting).length,
        leaking: groups.filter(group => group.leaking).length,
        groups: describe(db, groups.slice(offset, offset + limit), runId()),
      }
    },
    keep(photoId) {
      const group = find(largestDistance).find(
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
    exclude(distance, keepers) {
      const chosen = new Set(keepers)
      const groups = find(distance).filter(group => (keepers === null ? !group.conflicting : chosen.has(group.keeper)))
      return history.exclude({ ids: groups.flatMap(({ members }) => members.map(({ id }) => id)) }, true)
    },
  }
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
