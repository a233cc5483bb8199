// Groups of exact and near duplicates by a greedy keeper: the largest photo not yet in a group, everything within the
// radius of it joins, the one nearest to the original keeps, and so on. Groups therefore never chain: each member is near its keeper, not merely near
// another member. Pure: same photos, same groups.

import { HashIndex } from './hamming.ts'

export interface DuplicateCandidate {
  readonly id: number
  /** 16 hex digits, or null where there is none: then only exact duplicates count. */
  readonly phash: string | null
  readonly pixelSha256: string
  readonly width: number
  readonly height: number
  readonly sizeBytes: number
  readonly modifiedMs: number
  /** Of the file, as decoding names it; null where it is not known. */
  readonly format?: string | null
  /** Without colour. */
  readonly grey?: boolean
  /** How much of its size is its own and not made by enlarging; null where it is not known. */
  readonly ownDetail?: number | null
  /** Chosen as a keeper by a person: goes before all others. */
  readonly chosen?: boolean
  /** Anything that tells labels apart; null for none. */
  readonly label: number | null
  readonly split: string | null
  /** Hashes of its seven turned and mirrored copies, joined by spaces; where given, turned duplicates join too. */
  readonly turns?: string | null
}

export interface DuplicateMember {
  readonly id: number
  /** Bits between its hash and the keeper's (for a turned copy: the turned keeper's). */
  readonly distance: number
  /** The same pixels. */
  readonly exact: boolean
  /** Near only when mirrored or turned. */
  readonly turned: boolean
}

export interface HashGroup {
  readonly keeper: number
  /** Without the keeper; nearest first. */
  readonly members: readonly DuplicateMember[]
  /** Members carry different labels: one of them is wrong or the picture is ambiguous. */
  readonly conflicting: boolean
  /** Members stand in different splits: what is tested was trained on. */
  readonly leaking: boolean
}

/** Turned copies are seven chances more to be alike by accident, so they are not looked for farther away than this. */
const TURNED_RADIUS = 6

/** Groups of at least two, those with different labels first, then the leaking, then the larger. `radius` 0 to 10. */
export function groupDuplicates(photos: readonly DuplicateCandidate[], radius: number): HashGroup[] {
  const finder = new NeighbourFinder(photos, radius)
  const grouped = new Set<number>()
  const groups: HashGroup[] = []
  for (const keeper of inKeeperOrder(photos)) {
    if (grouped.has(keeper.id)) continue
    grouped.add(keeper.id)
    const members = finder.near(keeper).filter(member => !grouped.has(member.id))
    for (const member of members) grouped.add(member.id)
    if (members.length > 0) groups.push(withOriginal(keeper, members, finder))
  }
  return groups.sort((a, b) => rank(b) - rank(a) || b.members.length - a.members.length)
}

/** The order in which photos are proposed as keepers: chosen, then most pixels, then packed with loss (of two files with
 *  the same pixels such a one is where they came from), then largest file, then oldest, then first imported. */
export function inKeeperOrder(photos: readonly DuplicateCandidate[]): DuplicateCandidate[] {
  return photos.toSorted(
    (a, b) =>
      Number(b.chosen ?? false) - Number(a.chosen ?? false) ||
      b.width * b.height - a.width * a.height ||
      Number(isLossy(b)) - Number(isLossy(a)) ||
      b.sizeBytes - a.sizeBytes ||
      a.modifiedMs - b.modifiedMs ||
      a.id - b.id,
  )
}

const lossyFormats: readonly (string | null | undefined)[] = ['jpeg', 'heic', 'avif']

function isLossy({ format }: DuplicateCandidate): boolean {
  return lossyFormats.includes(format)
}

/** The group with the best of its photos as its keeper, where all others are near that one too. */
function withOriginal(
  keeper: DuplicateCandidate,
  members: readonly DuplicateMember[],
  finder: NeighbourFinder,
): HashGroup {
  const original = members
    .map(member => finder.photo(member.id))
    .reduce((best, photo) => (isBetter(photo, best) ? photo : best), keeper)
  if (original !== keeper) {
    const ids = new Set([keeper.id, ...members.map(({ id }) => id)])
    const near = finder.near(original).filter(({ id }) => ids.has(id))
    if (near.length === members.length) return describe(original, near, finder)
  }
  return describe(keeper, members, finder)
}

/** Sizes that differ by less are one size. */
const SAME_SIZE = 1.03

/** Whether a photo is nearer to the original than another one of the same picture: chosen, in use, in colour, with more
 *  pixels of its own, in the larger file. */
function isBetter(photo: DuplicateCandidate, other: DuplicateCandidate): boolean {
  const by = (value: (one: DuplicateCandidate) => number): number => value(photo) - value(other)
  const order =
    by(one => Number(one.chosen ?? false)) || by(one => Number(one.width > 0)) || by(one => -Number(one.grey ?? false))
  if (order !== 0) return order > 0
  if (photo.pixelSha256 === other.pixelSha256 && isLossy(photo) !== isLossy(other)) return isLossy(photo)
  const [pixels, others] = [photo.width * photo.height, other.width * other.height]
  if (Math.max(pixels, others) < SAME_SIZE * Math.min(pixels, others)) return photo.sizeBytes > other.sizeBytes
  return pixels * (photo.ownDetail ?? 1) ** 3 > others * (other.ownDetail ?? 1) ** 3
}

function rank({ conflicting, leaking }: HashGroup): number {
  return (conflicting ? 2 : 0) + (leaking ? 1 : 0)
}

function describe(keeper: DuplicateCandidate, members: readonly DuplicateMember[], finder: NeighbourFinder): HashGroup {
  const all = [keeper, ...members.map(member => finder.photo(member.id))]
  const labels = new Set(all.map(photo => photo.label).filter(label => label !== null))
  const splits = new Set(all.map(photo => photo.split).filter(split => split !== null))
  return { keeper: keeper.id, members, conflicting: labels.size > 1, leaking: splits.size > 1 }
}

class NeighbourFinder {
  readonly #radius: number
  readonly #byId: ReadonlyMap<number, DuplicateCandidate>
  readonly #byPixels: ReadonlyMap<string, readonly DuplicateCandidate[]>
  readonly #hashed: readonly DuplicateCandidate[]
  readonly #index: HashIndex

  constructor(photos: readonly DuplicateCandidate[], radius: number) {
    this.#radius = radius
    this.#byId = new Map(photos.map(photo => [photo.id, photo]))
    this.#byPixels = Map.groupBy(photos, photo => photo.pixelSha256)
    this.#hashed = photos.filter(photo => tells(photo.phash))
    this.#index = new HashIndex(this.#hashed.map(photo => photo.phash!))
  }

  photo(id: number): DuplicateCandidate {
    return this.#byId.get(id)!
  }

  /** Everything within the radius of this photo but itself, nearest first. */
  near(photo: DuplicateCandidate): DuplicateMember[] {
    const found = new Map<number, DuplicateMember>()
    const add = (member: DuplicateMember): void => {
      const known = found.get(member.id)
      if (member.id !== photo.id && !(known && known.distance <= member.distance)) found.set(member.id, member)
    }
    for (const { id } of this.#byPixels.get(photo.pixelSha256) ?? [])
      add({ id, distance: 0, exact: true, turned: false })
    if (tells(photo.phash)) {
      this.#index.within(photo.phash!, this.#radius, (at, distance) =>
        add({ id: this.#hashed[at]!.id, distance, exact: false, turned: false }),
      )
      for (const turn of photo.turns?.split(' ') ?? []) {
        this.#index.within(turn, Math.min(this.#radius, TURNED_RADIUS), (at, distance) =>
          add({ id: this.#hashed[at]!.id, distance, exact: false, turned: true }),
        )
      }
    }
    return [...found.values()].sort((a, b) => a.distance - b.distance || a.id - b.id)
  }
}

/** A flat picture hashes to no bit or to the first alone: all such pictures would pass for copies of each other. */
function tells(hash: string | null): boolean {
  return hash !== null && hash !== '0000000000000000' && hash !== '8000000000000000'
}
