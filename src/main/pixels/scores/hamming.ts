// Exact search among 64-bit hashes by Hamming distance: multi-index hashing (Norouzi, Punjani, Fleet 2012) with four
// tables of 16 bits. Two hashes within r = 4s + t of each other differ by at most s bits in one of the first t + 1
// chunks or by at most s - 1 in one of the others, so only those buckets are looked at. Equal to brute force at every
// radius.

const CHUNKS = 4
const CHUNK_BITS = 16
const CHUNK_VALUES = 65536

export const LARGEST_RADIUS = 10

/** Two photos, by their position in the list of hashes (first < second), and how many bits their hashes differ in. */
export interface NearPair {
  readonly first: number
  readonly second: number
  readonly distance: number
}

/** Hashes ordered by the value of one chunk: those with value v stand at starts[v] .. starts[v + 1]. */
interface Table {
  readonly starts: Uint32Array
  readonly members: Uint32Array
  readonly high: Int32Array
  readonly low: Int32Array
}

export class HashIndex {
  readonly #high: Int32Array
  readonly #low: Int32Array
  readonly #tables: readonly Table[]
  /** Bits to flip within a chunk, by how many at most: 0, 1 or 2. */
  readonly #flips: readonly Uint16Array[]
  /** The query that last reported a hash, so that none is reported twice. */
  readonly #reported: Uint32Array
  #query = 0

  /** Hashes as 16 hex digits each. */
  constructor(hashes: readonly string[]) {
    this.#high = Int32Array.from(hashes, hash => Number.parseInt(hash.slice(0, 8), 16))
    this.#low = Int32Array.from(hashes, hash => Number.parseInt(hash.slice(8), 16))
    this.#tables = Array.from({ length: CHUNKS }, (_, chunk) => buildTable(this.#high, this.#low, chunk))
    this.#flips = [0, 1, 2].map(flipsUpTo)
    this.#reported = new Uint32Array(hashes.length)
  }

  /** Visits every hash within `radius` (0 to 10) of this one, in no order, itself included where it is in the index. */
  within(hash: string, radius: number, visit: (position: number, distance: number) => void): void {
    this.#search(Number.parseInt(hash.slice(0, 8), 16) | 0, Number.parseInt(hash.slice(8), 16) | 0, radius, visit)
  }

  /** Every pair within `radius`, once, in the order of `first`, then `second`. */
  pairs(radius: number): NearPair[] {
    const pairs: NearPair[] = []
    for (let first = 0; first < this.#high.length; first++) {
      const before = pairs.length
      this.#search(this.#high[first]!, this.#low[first]!, radius, (second, distance) => {
        if (second > first) pairs.push({ first, second, distance })
      })
      if (pairs.length - before > 1) pairs.push(...pairs.splice(before).sort((a, b) => a.second - b.second))
    }
    return pairs
  }

  #search(high: number, low: number, radius: number, visit: (position: number, distance: number) => void): void {
    if (!Number.isInteger(radius) || radius < 0 || radius > LARGEST_RADIUS) {
      throw new RangeError(`The radius must be a whole number from 0 to ${LARGEST_RADIUS}, not ${radius}.`)
    }
    this.#query++
    for (let chunk = 0; chunk < CHUNKS; chunk++) {
      const flipped = Math.floor(radius / CHUNKS) - (chunk <= radius % CHUNKS ? 0 : 1)
      if (flipped >= 0)
        this.#searchTable(
          this.#tables[chunk]!,
          chunkOf(high, low, chunk),
          this.#flips[flipped]!,
          high,
          low,
          radius,
          visit,
        )
    }
  }

  #searchTable(
    { starts, members, high: highs, low: lows }: Table,
    value: number,
    flips: Uint16Array,
    high: number,
    low: number,
    radius: number,
    visit: (position: number, distance: number) => void,
  ): void {
    for (let f = 0; f < flips.length; f++) {
      const bucket = value ^ flips[f]!
      const end = starts[bucket + 1]!
      for (let at = starts[bucket]!; at < end; at++) {
        const distance = bitsSet(highs[at]! ^ high) + bitsSet(lows[at]! ^ low)
        if (distance > radius) continue
        const member = members[at]!
        if (this.#reported[member] === this.#query) continue
        this.#reported[member] = this.#query
        visit(member, distance)
      }
    }
  }
}

function bitsSet(value: number): number {
  let bits = value - ((value >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

function chunkOf(high: number, low: number, chunk: number): number {
  const half = chunk < 2 ? high : low
  return (chunk % 2 === 0 ? half >>> CHUNK_BITS : half) & (CHUNK_VALUES - 1)
}

function buildTable(highs: Int32Array, lows: Int32Array, chunk: number): Table {
  const count = highs.length
  const starts = new Uint32Array(CHUNK_VALUES + 1)
  for (let i = 0; i < count; i++) starts[chunkOf(highs[i]!, lows[i]!, chunk) + 1]!++
  for (let value = 0; value < CHUNK_VALUES; value++) starts[value + 1]! += starts[value]!
  const next = starts.slice()
  const table = { starts, members: new Uint32Array(count), high: new Int32Array(count), low: new Int32Array(count) }
  for (let i = 0; i < count; i++) {
    const at = next[chunkOf(highs[i]!, lows[i]!, chunk)]!++
    table.members[at] = i
    table.high[at] = highs[i]!
    table.low[at] = lows[i]!
  }
  return table
}

/** All values of a chunk with at most this many bits set (0, 1 or 2), fewest first. */
function flipsUpTo(bits: number): Uint16Array {
  const single = Array.from({ length: CHUNK_BITS }, (_, i) => 1 << i)
  const double = single.flatMap((a, i) => single.slice(i + 1).map(b => a | b))
  return Uint16Array.from([[0], single, double].slice(0, bits + 1).flat())
}
