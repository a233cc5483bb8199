// The dims of a convolution, and where it reads: for every place of the result and every tap of the filter, the offset of the run of
// channels under it, in bytes from the photo's first value on, or -1 outside the photo. So one kernel does any stride,
// padding and dilation, and the input gradient is the forward pass with another table.

import type { Dims } from '../kernel.ts'
import type { LookupTable } from '../wasm-form.ts'

/** x [N H W C], w [R S C/GROUPS K], y [N P Q K]. */
export const convConstants = [
  'N',
  'H',
  'W',
  'C',
  'R',
  'S',
  'K',
  'P',
  'Q',
  'STRIDE_Y',
  'STRIDE_X',
  'PAD_TOP',
  'PAD_LEFT',
  'DILATION_Y',
  'DILATION_X',
  'GROUPS',
] as const
export type ConvDims = Dims<(typeof convConstants)[number]>

/** [P Q, R S] into x: what y's pixel sees. */
export function forwardTable(c: ConvDims): LookupTable {
  return { key: `forward ${geometryOf(c)} ${c.C}`, make: () => forwardOffsets(c) }
}

/** [H W, R S] into dy: the pixels of y that saw a pixel of x through each tap. */
export function inputTable(c: ConvDims): LookupTable {
  return { key: `input ${geometryOf(c)} ${c.K}`, make: () => inputOffsets(c) }
}

/** Zeros for what lies outside. */
export function zeroTable(length: number): LookupTable {
  return { key: `zeros ${length}`, make: () => new Int32Array(length) }
}

function geometryOf({
  H,
  W,
  R,
  S,
  P,
  Q,
  STRIDE_Y,
  STRIDE_X,
  PAD_TOP,
  PAD_LEFT,
  DILATION_Y,
  DILATION_X,
}: ConvDims): string {
  return [H, W, R, S, P, Q, STRIDE_Y, STRIDE_X, PAD_TOP, PAD_LEFT, DILATION_Y, DILATION_X].join(' ')
}

function forwardOffsets(c: ConvDims): Int32Array {
  const table = new Int32Array(c.P * c.Q * c.R * c.S).fill(-1)
  eachTap(c, (h, v, pixel, tap) => (table[pixel * c.R * c.S + tap] = (h * c.W + v) * c.C * 4))
  return table
}

function inputOffsets(c: ConvDims): Int32Array {
  const table = new Int32Array(c.H * c.W * c.R * c.S).fill(-1)
  eachTap(c, (h, v, pixel, tap) => (table[(h * c.W + v) * c.R * c.S + tap] = pixel * c.K * 4))
  return table
}

/** Visits every pixel of y and tap whose pixel (h, v) of x is inside the photo. */
function eachTap(c: ConvDims, visit: (h: number, v: number, pixel: number, tap: number) => void): void {
  for (let p = 0, pixel = 0; p < c.P; p++) {
    for (let q = 0; q < c.Q; q++, pixel++) {
      for (let r = 0; r < c.R; r++) {
        const h = p * c.STRIDE_Y + r * c.DILATION_Y - c.PAD_TOP
        if (h < 0 || h >= c.H) continue
        for (let s = 0; s < c.S; s++) {
          const v = q * c.STRIDE_X + s * c.DILATION_X - c.PAD_LEFT
          if (v >= 0 && v < c.W) visit(h, v, pixel, r * c.S + s)
        }
      }
    }
  }
}
