// What the pooling ops share: the shape of a pool in dims.

import { CoreError } from '../../error.ts'
import type { PoolDims } from '../../kernels/pooling/windows.ts'
import { expectRank, shapeText } from '../../tensor/shape.ts'
import type { Tensor } from '../../tensor/trace.ts'

export interface PoolOptions {
  readonly size: readonly [number, number]
  /** Default: the size, so that windows do not overlap. */
  readonly stride?: readonly [number, number]
  /** [top, left, bottom, right] */
  readonly padding?: readonly [number, number, number, number]
}

export function poolShape(x: Tensor, options: PoolOptions): PoolDims {
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
