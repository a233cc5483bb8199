// Philox4x32-10 (Salmon et al. 2011), as in src/core/tensor/philox.ts. The four numbers are left in the module's own
// variables, which a thread alone reads.

export let bits0: u32 = 0
export let bits1: u32 = 0
export let bits2: u32 = 0
export let bits3: u32 = 0

export function philox(c0: u32, c1: u32, c2: u32, c3: u32, k0: u32, k1: u32): void {
  for (let round = 0; round < 10; round++) {
    const first = <u64>0xd2511f53 * <u64>c0
    const second = <u64>0xcd9e8d57 * <u64>c2
    const x = <u32>(second >> 32) ^ c1 ^ k0
    const z = <u32>(first >> 32) ^ c3 ^ k1
    c0 = x
    c1 = <u32>second
    c2 = z
    c3 = <u32>first
    k0 += 0x9e3779b9
    k1 += 0xbb67ae85
  }
  bits0 = c0
  bits1 = c1
  bits2 = c2
  bits3 = c3
}

/** Number `i` of the four. */
export function philoxBits(i: i32): u32 {
  if (i == 0) return bits0
  if (i == 1) return bits1
  return i == 2 ? bits2 : bits3
}

/** A number in [0, 1) with 24 bits. */
@inline
export function unit(bits: u32): f32 {
  return <f32>(bits >>> 8) / <f32>16777216
}
