// The dims of a pool, and the walk over its windows for the references.

import type { Dims } from '../kernel.ts'

/** x [N H W C], windows R x S, y [N P Q C]. */
export const poolConstants = [
  'N',
  'H',
  'W',
  'C',
  'R',
  'S',
  'P',
  'Q',
  'STRIDE_Y',
  'STRIDE_X',
  'PAD_TOP',
  'PAD_LEFT',
] as const
export type PoolDims = Dims<(typeof poolConstants)[number]>

/** Visits every (window, tap) inside the photo: offsets of x and y, tap = r S + s. */
export function eachWindowElement(dims: PoolDims, visit: (xAt: number, yAt: number, tap: number) => void): void {
  const { N, H, W, C, R, S, P, Q, STRIDE_Y, STRIDE_X, PAD_TOP, PAD_LEFT } = dims
  for (let n = 0; n < N; n++) {
    for (let p = 0; p < P; p++) {
      for (let q = 0; q < Q; q++) {
        for (let tap = 0; tap < R * S; tap++) {
          const h = p * STRIDE_Y + Math.floor(tap / S) - PAD_TOP
          const v = q * STRIDE_X + (tap % S) - PAD_LEFT
          if (h >= 0 && h < H && v >= 0 && v < W) visit(((n * H + h) * W + v) * C, ((n * P + p) * Q + q) * C, tap)
        }
      }
    }
  }
}
