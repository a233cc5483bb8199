// Four rows by eight columns of a product: eight accumulators, one panel of the packed right side, and four rows of the
// left side, each in TAPS runs of TERMS values that lie together. Eight accumulators keep both multiply-add units of a
// processor busy and leave registers for what is loaded.

import { madd } from '../lib/simd'

/** A row of the left side in scratch: the address its offsets count from, and the address of its offsets by tap, 0
 *  where it has one run that begins at its base. */
@unmanaged
export class RowPlace {
  base: usize
  offsets: usize
}

/** Bytes of a RowPlace. */
export const rowPlaceBytes: usize = 8

/** The offset of a run. Below zero it stands for a place outside the photo, whose values are zeros. */
@inline
function offsetOf(row: RowPlace, tap: i32): i32 {
  return row.offsets ? load<i32>(row.offsets + (<usize>tap << 2)) : 0
}

@inline
function runAt(row: RowPlace, offset: i32, zeros: usize): usize {
  return offset < 0 ? zeros : row.base + <usize>offset
}

/** Stores `count` (1 to 4) rows of `width` (1 to 8) results at `to`, rows `stride` bytes apart; their places lie `step`
 *  bytes apart. A tap that lies outside for all four is skipped: of a strided convolution's input gradient most are. */
export function tile(
  rows: usize,
  step: usize,
  count: i32,
  taps: i32,
  terms: i32,
  zeros: usize,
  panel: usize,
  to: usize,
  stride: usize,
  width: i32,
): void {
  const row0 = changetype<RowPlace>(rows)
  const row1 = changetype<RowPlace>(rows + step)
  const row2 = changetype<RowPlace>(rows + 2 * step)
  const row3 = changetype<RowPlace>(rows + 3 * step)
  let c00 = f32x4.splat(0)
  let c01 = c00
  let c10 = c00
  let c11 = c00
  let c20 = c00
  let c21 = c00
  let c30 = c00
  let c31 = c00
  for (let tap = 0; tap < taps; tap++) {
    const o0 = offsetOf(row0, tap)
    const o1 = offsetOf(row1, tap)
    const o2 = offsetOf(row2, tap)
    const o3 = offsetOf(row3, tap)
    if ((o0 & o1 & o2 & o3) < 0) {
      panel += <usize>terms << 5
      continue
    }
    let p0 = runAt(row0, o0, zeros)
    let p1 = runAt(row1, o1, zeros)
    let p2 = runAt(row2, o2, zeros)
    let p3 = runAt(row3, o3, zeros)
    const end = p0 + (<usize>terms << 2)
    while (p0 < end) {
      const b0 = v128.load(panel)
      const b1 = v128.load(panel, 16)
      const a0 = v128.load32_splat(p0)
      c00 = madd(a0, b0, c00)
      c01 = madd(a0, b1, c01)
      const a1 = v128.load32_splat(p1)
      c10 = madd(a1, b0, c10)
      c11 = madd(a1, b1, c11)
      const a2 = v128.load32_splat(p2)
      c20 = madd(a2, b0, c20)
      c21 = madd(a2, b1, c21)
      const a3 = v128.load32_splat(p3)
      c30 = madd(a3, b0, c30)
      c31 = madd(a3, b1, c31)
      p0 += 4
      p1 += 4
      p2 += 4
      p3 += 4
      panel += 32
    }
  }
  putRow(to, c00, c01, width)
  if (count > 1) putRow(to + stride, c10, c11, width)
  if (count > 2) putRow(to + 2 * stride, c20, c21, width)
  if (count > 3) putRow(to + 3 * stride, c30, c31, width)
}

@inline
function putRow(to: usize, left: v128, right: v128, width: i32): void {
  if (width == 8) {
    v128.store(to, left)
    v128.store(to, right, 16)
  } else putPart(to, left, right, width)
}

/** `width` below 8 values of the two vectors. */
export function putPart(to: usize, left: v128, right: v128, width: i32): void {
  const end = to + (<usize>width << 2)
  let vector = left
  if (width >= 4) {
    v128.store(to, left)
    vector = right
    to += 16
  }
  while (to < end) {
    store<f32>(to, f32x4.extract_lane(vector, 0))
    vector = i8x16.shuffle(vector, vector, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3)
    to += 4
  }
}
