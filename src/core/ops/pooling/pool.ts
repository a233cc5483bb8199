// What the pooling ops share: the shape of a pool in dims, and the walk over its windows for the references.

import { CoreError } from '../../error.ts'
import { expectRank, shapeText, type Tensor } from '../../tensor/tensor.ts'

export interface PoolOptions {
  readonly size: readonly [number, number]
  /** Default: the size, so that windows do not overlap. */
  readonly stride?: readonly [number, number]
  /** [top, left, bottom, right] */
  readonly padding?: readonly [number, number, number, number]
}

export type PoolShape = Readonly<
  Record<'N' | 'H' | 'W' | 'C' | 'R' | 'S' | 'P' | 'Q' | 'STRIDE_Y' | 'STRIDE_X' | 'PAD_TOP' | 'PAD_LEFT', number>
>

export function poolShape(x: Tensor, options: PoolOptions): PoolShape {
  const { size, stride = size, padding = [0, 0, 0, 0] } = options
  expectRank(x, 4, '[N, H, W, C]', 'A pool')
  const [N, H, W, C] = x.shape as [number, number, number, number]
  const P = Math.floor((H + padding[0] + padding[2] - size[0]) / stride[0]) + 1
  const Q = Math.floor((W + padding[1] + padding[3] - size[1]) / stride[1]) + 1
  if (P < 1 || Q < 1) {
    throw new CoreError(
      'shape-mismatch',
      `A pool of ${size.join(' x ')} does not fit its input ${shapeText(x.shape)}.`,
      'Use larger photos or fewer pools.',
    )
  }
  if (padding.some((side, i) => side >= size[i % 2]!)) {
    throw new CoreError(
      'shape-mismatch',
      `A pool of ${size.join(' x ')} has the padding [${padding.join(', ')}], so some windows of ${shapeText(x.shape)} would hold no pixel.`,
      'Pad by less than the size of the window.',
    )
  }
  return {
    N,
    H,
    W,
    C,
    R: size[0],
    S: size[1],
    P,
    Q,
    STRIDE_Y: stride[0],
    STRIDE_X: stride[1],
    PAD_TOP: padding[0],
    PAD_LEFT: padding[1],
  }
}

/** Visits every (window, tap) inside the photo: offsets of x and y, tap = r S + s. */
export function eachWindowElement(
  dims: Readonly<Record<string, number>>,
  visit: (xAt: number, yAt: number, tap: number) => void,
): void {
  const { N, H, W, C, R, S, P, Q, STRIDE_Y, STRIDE_X, PAD_TOP, PAD_LEFT } = dims as PoolShape
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
