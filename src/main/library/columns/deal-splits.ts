// Splits dealt anew in wanted shares, class by class, so that photos of one group (a patient, a camera trap, a burst) and copies
// of one picture lie on one side. Groups go, the largest first, where the most room is left for what is in them.

import { ServiceError } from '../../../contract/errors.ts'
import type { SplitName, SplitShares } from '../../../contract/records.ts'
import { createUnionFind } from '../../common/union-find.ts'
import type { ReadDb } from '../../db/database.ts'
import { mix, splitCandidates, type SplitPhoto } from '../photos/splits.ts'
import { readColumn } from './columns.ts'

export interface DealOptions {
  readonly shares: SplitShares
  /** Photos of equal values stay together; those without a value only with their copies. */
  readonly groupBy?: string | undefined
  readonly seed: number
}

type GroupedPhoto = Pick<SplitPhoto, 'id' | 'classId' | 'group'>

const names = ['train', 'validation', 'test'] as const

/** The ids of each split; every usable, included, labelled photo is in one. ServiceError 'no-photos', 'no-column',
 *  'bad-shares'. */
export function dealByShares(db: ReadDb, { shares, groupBy, seed }: DealOptions): Record<SplitName, number[]> {
  if (names.every(name => shares[name] === 0))
    throw new ServiceError('bad-shares', 'All three shares are 0.', 'Give shares such as 70,15,15.')
  const photos = splitCandidates(db)
  if (photos.length === 0)
    throw new ServiceError(
      'no-photos',
      'This library has no usable photo with a label.',
      'Add photos, or label those that are here.',
    )
  const values = groupBy === undefined ? null : readColumn(db, groupBy)
  const groups = createUnionFind()
  for (const { id, group } of photos) {
    const value = values?.get(id) ?? ''
    if (value !== '') groups.join(`photo ${group}`, `value ${value}`)
  }
  const units = [...Map.groupBy(photos, ({ group }) => groups.find(`photo ${group}`)).values()]
  return dealUnits(units, shares, seed)
}

function dealUnits(
  units: readonly (readonly GroupedPhoto[])[],
  shares: SplitShares,
  seed: number,
): Record<SplitName, number[]> {
  const room = roomOf(units.flat(), shares)
  const dealt: Record<SplitName, number[]> = { train: [], validation: [], test: [] }
  for (const unit of shuffled(units, seed).toSorted((a, b) => b.length - a.length)) {
    const counts = countsOf(unit)
    const name = names
      .filter(each => shares[each] > 0)
      .reduce((best, each) => (gain(room[each], counts) > gain(room[best], counts) ? each : best))
    for (const [classId, count] of counts) room[name].set(classId, (room[name].get(classId) ?? 0) - count)
    dealt[name].push(...unit.map(({ id }) => id))
  }
  return dealt
}

type ClassCounts = ReadonlyMap<number, number>

/** How many photos of each class each split is to have. */
function roomOf(photos: readonly GroupedPhoto[], shares: SplitShares): Record<SplitName, Map<number, number>> {
  const all = countsOf(photos)
  const sum = names.reduce((total, name) => total + shares[name], 0)
  const of = (name: SplitName) => new Map([...all].map(([classId, count]) => [classId, (count * shares[name]) / sum]))
  return { train: of('train'), validation: of('validation'), test: of('test') }
}

function countsOf(photos: readonly GroupedPhoto[]): ClassCounts {
  return new Map([...Map.groupBy(photos, ({ classId }) => classId)].map(([classId, own]) => [classId, own.length]))
}

/** How much nearer a split comes to what it is to have by taking these: the drop of the sum of squares. */
function gain(room: ClassCounts, counts: ClassCounts): number {
  let sum = 0
  for (const [classId, count] of counts) {
    const left = room.get(classId) ?? 0
    sum += left * left - (left - count) ** 2
  }
  return sum
}

/** In an order that depends on the seed and the pictures alone. */
function shuffled(units: readonly (readonly GroupedPhoto[])[], seed: number): (readonly GroupedPhoto[])[] {
  return units
    .map(unit => ({ unit, rank: mix(seed, unit[0]!.group) }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ unit }) => unit)
}
