// Perceptual hashes in tests: their distance bit by bit, and the pairs that an index of them finds.

import { HashIndex, type NearPair } from '../../../src/main/pixels/scores/hamming.ts'

/** Every pair of hashes (16 hex digits each) that differ in at most `radius` bits, 0 to 10. */
export function nearDuplicates(hashes: readonly string[], radius: number): NearPair[] {
  return new HashIndex(hashes).pairs(radius)
}

/** How many bits differ between two hashes of 16 hex digits. */
export function hashDistance(a: string, b: string): number {
  let distance = 0
  for (let bits = BigInt(`0x${a}`) ^ BigInt(`0x${b}`); bits > 0n; bits &= bits - 1n) distance++
  return distance
}
