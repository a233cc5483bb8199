// Near-duplicate search equals brute force at every radius; groups never chain, keep the best photo and put the telling
// ones first.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { groupDuplicates, type DuplicateCandidate } from '../../../src/main/pixels/scores/duplicates.ts'
import { HashIndex, type NearPair } from '../../../src/main/pixels/scores/hamming.ts'
import { hashDistance, nearDuplicates } from './hashes.ts'

function bruteForce(hashes: readonly string[], radius: number): NearPair[] {
  const distance = (a: string, b: string): number => {
    const bits = BigInt(`0x${a}`) ^ BigInt(`0x${b}`)
    return bits.toString(2).replaceAll('0', '').length
  }
  return hashes
    .flatMap((a, first) =>
      hashes.slice(first + 1).map((b, i) => ({ first, second: first + 1 + i, distance: distance(a, b) })),
    )
    .filter(pair => pair.distance <= radius)
}

const hex = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
/** Hashes in clusters: some centres, each with copies that differ in a few bits, so that every distance around the
 *  radius occurs. */
const hashes = fc
  .array(fc.tuple(hex, fc.array(fc.array(fc.nat(63), { maxLength: 12 }), { maxLength: 8 })), {
    minLength: 1,
    maxLength: 6,
  })
  .map(clusters =>
    clusters.flatMap(([centre, copies]) =>
      [centre, ...copies.map(bits => bits.reduce((hash, bit) => hash ^ (1n << BigInt(bit)), centre))].map(hash =>
        hash.toString(16).padStart(16, '0'),
      ),
    ),
  )

describe('near duplicates', () => {
  test('are those of brute force, at every radius', () => {
    fc.assert(
      fc.property(hashes, fc.integer({ min: 0, max: 10 }), (list, radius) => {
        expect(nearDuplicates(list, radius)).toEqual(bruteForce(list, radius))
      }),
      { numRuns: 200 },
    )
  })

  test('of a hash that is not in the index are found too, each once', () => {
    fc.assert(
      fc.property(hashes, hex, fc.integer({ min: 0, max: 10 }), (list, asked, radius) => {
        const hash = asked.toString(16).padStart(16, '0')
        const found: number[] = []
        new HashIndex(list).within(hash, radius, position => found.push(position))
        expect(found.sort((a, b) => a - b)).toEqual(
          list.flatMap((other, i) => (hashDistance(other, hash) <= radius ? [i] : [])),
        )
      }),
    )
  })

  test('a radius beyond the tables is refused, not answered wrongly', () => {
    expect(() => nearDuplicates(['0000000000000000'], 11)).toThrow('from 0 to 10, not 11')
    expect(() => nearDuplicates(['0000000000000000'], 1.5)).toThrow(RangeError)
  })
})

describe('groups', () => {
  const photo = (id: number, phash: string, rest: Partial<DuplicateCandidate> = {}): DuplicateCandidate => ({
    id,
    phash,
    pixelSha256: `pixels ${id}`,
    width: 100,
    height: 100,
    sizeBytes: 1000,
    modifiedMs: 0,
    label: null,
    split: null,
    ...rest,
  })
  const A = '00000000000000ff',
    B = '0000000000000fff',
    C = '000000000000ffff',
    FAR = 'ffffffff00000000'

  test('do not chain: near the keeper, not near one another', () => {
    // A - B - C are four bits apart each; A and C eight.
    expect(groupDuplicates([photo(1, A), photo(2, B), photo(3, C), photo(4, FAR)], 4)).toEqual([
      { keeper: 1, members: [{ id: 2, distance: 4, exact: false, turned: false }], conflicting: false, leaking: false },
    ])
    expect(
      groupDuplicates([photo(1, A), photo(2, B), photo(3, C)], 8)[0]?.members.map(member => [
        member.id,
        member.distance,
      ]),
    ).toEqual([
      [2, 4],
      [3, 8],
    ])
  })

  test('keep what a person chose, else the most pixels, the larger file, the older', () => {
    const keeper = (...rest: Partial<DuplicateCandidate>[]): number =>
      groupDuplicates(
        rest.map((part, i) => photo(i, A, part)),
        0,
      )[0]!.keeper
    expect(keeper({ width: 10 }, { width: 200 }, {})).toBe(1)
    expect(keeper({}, { sizeBytes: 2000 })).toBe(1)
    expect(keeper({ modifiedMs: 9 }, { modifiedMs: 5 })).toBe(1)
    expect(keeper({}, {})).toBe(0)
    expect(keeper({ width: 900 }, { chosen: true })).toBe(1)
  })

  test('put different labels first, then leaks across splits, then the larger', () => {
    const groups = groupDuplicates(
      [
        photo(1, A),
        photo(2, A),
        photo(3, A),
        photo(4, FAR, { split: 'train' }),
        photo(5, FAR, { split: 'test' }),
        photo(6, '00ff00ff00ff00ff', { label: 1 }),
        photo(7, '00ff00ff00ff00ff', { label: 2 }),
        photo(8, '0f0f0f0f0f0f0f0f', { label: 1 }),
        photo(9, '0f0f0f0f0f0f0f0f', { label: null }),
      ],
      2,
    )
    expect(groups.map(({ keeper, conflicting, leaking }) => [keeper, conflicting, leaking])).toEqual([
      [6, true, false],
      [4, false, true],
      [1, false, false],
      [8, false, false],
    ])
  })

  test('flat pictures, which all hash alike, are duplicates only where they are the same', () => {
    const flat = '8000000000000000'
    const groups = groupDuplicates(
      [
        photo(1, flat),
        photo(2, flat),
        photo(3, flat, { pixelSha256: 'pixels 1' }),
        photo(4, flat, { pixelSha256: 'x' }),
      ],
      10,
    )
    expect(groups.map(group => [group.keeper, group.members])).toEqual([
      [1, [{ id: 3, distance: 0, exact: true, turned: false }]],
    ])
  })

  test('turned copies join where the turns are known', () => {
    const turned = photo(2, FAR)
    expect(groupDuplicates([photo(1, A), turned], 4)).toEqual([])
    expect(groupDuplicates([photo(1, A, { turns: [B, FAR].join(' ') }), turned], 4)[0]?.members).toEqual([
      { id: 2, distance: 0, exact: false, turned: true },
    ])
  })

  test('every photo is in at most one group and every member within the radius of its keeper', () => {
    fc.assert(
      fc.property(hashes, fc.integer({ min: 0, max: 10 }), (list, radius) => {
        const groups = groupDuplicates(
          list.map((hash, i) => photo(i, hash, { width: 1 + ((i * 7) % 5) })),
          radius,
        )
        const seen = groups.flatMap(group => [group.keeper, ...group.members.map(member => member.id)])
        expect(new Set(seen).size).toBe(seen.length)
        for (const { keeper, members } of groups) {
          for (const member of members) expect(member.distance).toBe(hashDistance(list[keeper]!, list[member.id]!))
          expect(Math.max(...members.map(member => member.distance))).toBeLessThanOrEqual(radius)
        }
      }),
    )
  })
})
