// Near duplicates among a hundred thousand hashes at the widest radius: the time, and that the pairs are those of brute
// force.

import { HashIndex, LARGEST_RADIUS } from '../../../src/main/pixels/scores/hamming.ts'
import { timed, timeLine, type Line, type Taken } from './lines.ts'

const hashes = 100_000

/** Times of three runs; the pairs that brute force finds and the index does not, or the other way round, must be none.
 */
export function benchHashes(): Line[] {
  const list = makeHashes(hashes)
  const taken: Taken[] = []
  let pairs: ReadonlySet<number> = new Set()
  for (let i = 0; i < 3; i++) {
    taken.push(
      timed(() => {
        pairs = new Set(new HashIndex(list).pairs(LARGEST_RADIUS).map(({ first, second }) => first * hashes + second))
      }),
    )
  }
  const plain = bruteForce(list)
  const wrong = [...plain].filter(pair => !pairs.has(pair)).length + [...pairs].filter(pair => !plain.has(pair)).length
  return [
    timeLine('100,000 hashes, radius 10: all near pairs', 2000, taken, 0.5),
    {
      work: `the same: of ${plain.size.toLocaleString('en')} pairs by brute force, found otherwise`,
      unit: 'pairs',
      must: 0,
      shown: wrong,
    },
  ]
}

/** Random hashes, one in ten of them some bits away from an earlier one. */
function makeHashes(count: number): string[] {
  let state = 0x12345678
  const random = () => (state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0) >>> 0
  const values: bigint[] = []
  for (let i = 0; i < count; i++) {
    let value = (BigInt(random()) << 32n) | BigInt(random())
    if (i % 10 === 9)
      value = Array.from({ length: random() % 14 }, () => BigInt(random() % 64)).reduce(
        (hash, bit) => hash ^ (1n << bit),
        values[random() % i]!,
      )
    values.push(value)
  }
  return values.map(value => value.toString(16).padStart(16, '0'))
}

function bruteForce(list: readonly string[]): Set<number> {
  const high = Int32Array.from(list, hash => Number.parseInt(hash.slice(0, 8), 16))
  const low = Int32Array.from(list, hash => Number.parseInt(hash.slice(8), 16))
  const pairs = new Set<number>()
  for (let a = 0; a < list.length; a++) {
    const [ah, al] = [high[a]!, low[a]!]
    for (let b = a + 1; b < list.length; b++)
      if (ones(ah ^ high[b]!) + ones(al ^ low[b]!) <= LARGEST_RADIUS) pairs.add(a * hashes + b)
  }
  return pairs
}

function ones(value: number): number {
  let bits = value - ((value >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
