// A 2-d convolution (cross-correlation, as everywhere in this field).
// x [N H W C], w [R S C/G K], b [K] -> y [N P Q K], then ReLU if asked.  P = floor((H + pads - dilation (R-1) - 1) / stride) + 1

import { CoreError } from '../error.ts'
import { expectRank, shapeText, type Tensor } from '../tensor/tensor.ts'
import { addBias, biasGradient } from './bias.ts'
import { conv2dForward, conv2dInputGradient, conv2dWeightGradient } from './conv2d-kernels.ts'
import { reluGradient } from './relu.ts'

export interface Conv2dOptions {
  readonly bias?: Tensor
  readonly relu?: boolean
  readonly stride?: readonly [number, number]
  /** [top, left, bottom, right] */
  readonly padding?: readonly [number, number, number, number]
  readonly dilation?: readonly [number, number]
  readonly groups?: number
}

/** The letters of one convolution, as its kernels take them. */
export type ConvShape = Readonly<Record<'N' | 'H' | 'W' | 'C' | 'R' | 'S' | 'K' | 'P' | 'Q' | 'STRIDE_Y' | 'STRIDE_X' | 'PAD_TOP' | 'PAD_LEFT' | 'DILATION_Y' | 'DILATION_X' | 'GROUPS', number>>

export function conv2d(x: Tensor, w: Tensor, options: Conv2dOptions = {}): Tensor {
  const { bias, relu = false } = options
  const shape = convShape(x, w, options)
  const { trace } = x
  const y = trace.tensor([shape.N, shape.P, shape.Q, shape.K])
  trace.call(conv2dForward, { x, w, y }, shape)
  if (bias) addBias(y, bias, { relu })
  trace.onBackward(y, dy => convBackward(x, w, bias, relu && bias ? reluGradient(y, dy) : dy, shape))
  return y
}

function convBackward(x: Tensor, w: Tensor, bias: Tensor | undefined, dz: Tensor, shape: ConvShape): [Tensor, Tensor][] {
  const { trace } = x
  const splits = Math.min(shape.N, Math.max(1, Math.ceil(16_384 / w.size)))
  const dw = trace.gradient(w, splits)
  trace.call(conv2dWeightGradient, { x, dy: dz, dw }, { ...shape, SPLITS: splits, IMAGES: Math.ceil(shape.N / splits), STRIDE: dw.shape[1]! })
  const gradients: [Tensor, Tensor][] = [[w, dw]]
  if (bias) gradients.push([bias, biasGradient(dz, bias)])
  if (trace.needsGradient(x)) {
    const dx = trace.tensor(x.shape)
    trace.call(conv2dInputGradient, { dy: dz, w, dx }, shape)
    gradients.push([x, dx])
  }
  return gradients
}

export function convShape(x: Tensor, w: Tensor, options: Conv2dOptions): ConvShape {
  const { stride = [1, 1], padding = [0, 0, 0, 0], dilation = [1, 1], groups = 1 } = options
  expectRank(x, 4, '[N, H, W, C]', w.name)
  const [N, H, W, C] = x.shape as [number, number, number, number]
  const [R, S, perGroup, K] = w.shape as [number, number, number, number]
  const P = Math.floor((H + padding[0] + padding[2] - dilation[0] * (R - 1) - 1) / stride[0]) + 1
  const Q = Math.floor((W + padding[1] + padding[3] - dilation[1] * (S - 1) - 1) / stride[1]) + 1
  if (perGroup * groups !== C || K % groups !== 0 || P < 1 || Q < 1) throw doesNotFit(x, w, groups, P, Q)
  return {
    N, H, W, C, R, S, K, P, Q, STRIDE_Y: stride[0], STRIDE_X: stride[1], PAD_TOP: padding[0], PAD_LEFT: padding[1],
    DILATION_Y: dilation[0], DILATION_X: dilation[1], GROUPS: groups,
  }
}

function doesNotFit(x: Tensor, w: Tensor, groups: number, P: number, Q: number): CoreError {
  const why = P < 1 || Q < 1 ? `its output would be ${P} x ${Q}` : `with ${groups} group${groups === 1 ? '' : 's'} the channels do not match`
  return new CoreError('shape-mismatch', `${w.name} ${shapeText(w.shape)} does not fit its input ${shapeText(x.shape)}: ${why}.`, 'Use larger photos, more padding, or a filter that fits.')
}
