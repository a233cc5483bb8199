// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): a counter-based generator, the
// reference of shaders/lib/philox.wgsl. A value depends on (seed, stream, counter) alone, so nothing has to be saved
// for an exact resume.

/** What a random number is for; each purpose has its own stream so that no two ever share numbers. */
export const streams = { initialise: 1, shuffle: 2, dropout: 3, augment: 4, split: 5, sample: 6 } as const

function mulHigh(a: number, b: number): number {
  const a0 = a & 0xffff
  const a1 = a >>> 16
  const b0 = b & 0xffff
  const b1 = b >>> 16
  const mid = Math.imul(a1, b0) + (Math.imul(a0, b0) >>> 16)
  const carry = (mid >>> 0) & 0xffff
  const mid2 = (Math.imul(a0, b1) >>> 0) + carry
  return (Math.imul(a1, b1) + ((mid >>> 0) >>> 16) + Math.floor(mid2 / 65536)) >>> 0
}

/** Four u32 for counter [c0 c1 c2 c3] under key [k0 k1]. */
export function philox(
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
): [number, number, number, number] {
  let [x, y, z, w] = [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0]
  let [p, q] = [k0 >>> 0, k1 >>> 0]
  for (let round = 0; round < 10; round++) {
    const high0 = mulHigh(0xd2511f53, x)
    const low0 = Math.imul(0xd2511f53, x) >>> 0
    const high1 = mulHigh(0xcd9e8d57, z)
    const low1 = Math.imul(0xcd9e8d57, z) >>> 0
    x = (high1 ^ y ^ p) >>> 0
    y = low1
    z = (high0 ^ w ^ q) >>> 0
    w = low0
    p = (p + 0x9e3779b9) >>> 0
    q = (q + 0xbb67ae85) >>> 0
  }
  return [x, y, z, w]
}

/** A u32 as a number in [0, 1) with 24 bits: the same value as `unit` in WGSL. */
export function unit(bits: number): number {
  return (bits >>> 8) / 16777216
}

/** A generator of numbers in [0, 1): the i-th call gives value i of (seed, stream, epoch). */
export function uniforms(seed: number, stream: number, epoch = 0): () => number {
  let block: readonly number[] = []
  let count = 0
  return () => {
    if (count % 4 === 0) block = philox(count / 4, 0, epoch, 0, seed, stream)
    return unit(block[count++ % 4]!)
  }
}

/** The numbers 0..length-1 in the random order of (seed, stream, epoch) (Fisher and Yates). */
export function permutation(length: number, seed: number, stream: number, epoch: number): Uint32Array<ArrayBuffer> {
  const order = Uint32Array.from({ length }, (_, i) => i)
  const next = uniforms(seed, stream, epoch)
  for (let i = length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1))
    const held = order[i]!
    order[i] = order[j]!
    order[j] = held
  }
  return order
}
