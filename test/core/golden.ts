// What the tests against PyTorch share: the golden files (made by scripts/golden) and numbers made from a name, the
// same there.

import { readFileSync } from 'node:fs'
import { decodeSafetensors, type TensorFile } from '../../src/core/io/safetensors.ts'

export function readGolden(name: string): TensorFile {
  return decodeSafetensors(readFileSync(new URL(`golden/${name}`, import.meta.url)))
}

/** `count` numbers in [0, 1) with 24 bits from a name: the reference of `units` in scripts/golden/golden.py (Wellons'
 *  lowbias32). */
export function units(name: string, count: number): Float64Array {
  const key = keyOf(name)
  return Float64Array.from({ length: count }, (_, i) => {
    let x = (key + i) >>> 0
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
    return ((x ^ (x >>> 16)) >>> 8) / 16777216
  })
}

/** FNV-1a of a name. */
function keyOf(name: string): number {
  return Buffer.from(name).reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5)
}
