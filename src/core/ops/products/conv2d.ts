// A 2-d convolution (cross-correlation, as everywhere in this field). x [N H W C], w [R S C/G K], b [K] -> y [N P Q K],
// then ReLU if asked. P = floor((H + pads - dilation (R-1) - 1) / stride) + 1

import { CoreError } from '../../error.ts'
import { expectRank, shapeText } from '../../tensor/shape.ts'
import type { Tensor } from '../../tensor/trace.ts'
import { convForward, convInputGradient, convWeightBiasGradient, convWeightGradient } from '../../gemm/kernels.ts'
import { addBias, biasGradient } from './bias.ts'
import type { ConvDims } from '../../kernels/products/conv-dims.ts'
import { conv2dForward, conv2dInputGradient, conv2dWeightGradient } from '../../kernels/products/conv2d.ts'
import { reluGradient, applyReluMask } from '../relu.ts'

export interface Conv2dOptions {
  readonly bias?: Tensor
  readonly relu?: boolean
  readonly stride?: readonly [number, number]
  /** [top, left, bottom, right] */
  readonly padding?: readonly [number, number, number, number]
  readonly dilation?: readonly [number, number]
  readonly groups?: number
}

export function conv2d(x: Tensor, w: Tensor, options: Conv2dOptions = {}): Tensor {
  const { bias, relu = false } = options
  const shape = convShape(x, w, options)
  const { trace } = x
  const y = trace.tensor([shape.N, shape.P, shape.Q, shape.K])
  trace.call(shape.GROUPS > 1 ? conv2dForward : convForward, { x, w, y }, shape)
  if (bias) addBias(y, bias, { relu })
  trace.onBackward(y, dy => {
    const dz = relu && bias ? reluGradient(y, dy) : dy
    const gradients = trace.isFrozen(w) && (!bias || trace.isFrozen(bias)) ? [] : weightGradients(x, w, bias, dz, shape)
    return trace.needsGradient(x) ? [...gradients, [x, inputGradient(x, w, dz, shape)]] : gradients
  })
  return y
}

/** Elements of all partial sums of a weight gradient: enough slices to fill a large GPU, few enough to add up in no
 *  time. */
const partialElements = 262_144

function weightGradients(
  x: Tensor,
  w: Tensor,
  bias: Tensor | undefined,
  dz: Tensor,
  shape: ConvDims,
): [Tensor, Tensor][] {
  const { trace } = x
  const images = Math.ceil(shape.N / Math.min(shape.N, Math.ceil(partialElements / w.size)))
  const splits = Math.ceil(shape.N / images)
  const dw = trace.gradient(w, splits)
  const constants = { ...shape, SPLITS: splits, IMAGES: images, STRIDE: dw.shape[1]! }
  if (bias && shape.GROUPS === 1) {
    const db = trace.gradient(bias, splits)
    trace.call(convWeightBiasGradient, { x, dy: dz, dw, db }, { ...constants, BIAS_STRIDE: db.shape[1]! })
    return [
      [w, dw],
      [bias, db],
    ]
  }
  trace.call(shape.GROUPS > 1 ? conv2dWeightGradient : convWeightGradient, { x, dy: dz, dw }, constants)
  return bias
    ? [
        [w, dw],
        [bias, biasGradient(dz, bias)],
      ]
    : [[w, dw]]
}

function inputGradient(x: Tensor, w: Tensor, dz: Tensor, shape: ConvDims): Tensor {
  const { trace } = x
  const dx = trace.tensor(x.shape)
  trace.call(shape.GROUPS > 1 ? conv2dInputGradient : convInputGradient, { dy: dz, w, dx }, shape)
  return applyReluMask(x, dx)
}

export function convShape(x: Tensor, w: Tensor, options: Conv2dOptions): ConvDims {
  const { stride = [1, 1], padding = [0, 0, 0, 0], dilation = [1, 1], groups = 1 } = options
  expectRank(x, 4, '[N, H, W, C]', w.name)
  const [N, H, W, C] = x.shape as [number, number, number, number]
  const [R, S, perGroup, K] = w.shape as [number, number, number, number]
  const P = Math.floor((H + padding[0] + padding[2] - dilation[0] * (R - 1) - 1) / stride[0]) + 1
  const Q = Math.floor((W + padding[1] + padding[3] - dilation[1] * (S - 1) - 1) / stride[1]) + 1
  if (perGroup * groups !== C || K % groups !== 0 || P < 1 || Q < 1) throw doesNotFit(x, w, groups, P, Q)
  return {
    N,
    H,
    W,
    C,
    R,
    S,
    K,
    P,
    Q,
    STRIDE_Y: stride[0],
    STRIDE_X: stride[1],
    PAD_TOP: padding[0],
    PAD_LEFT: padding[1],
    DILATION_Y: dilation[0],
    DILATION_X: dilation[1],
    GROUPS: groups,
  }
}

function doesNotFit(x: Tensor, w: Tensor, groups: number, P: number, Q: number): CoreError {
  const why =
    P < 1 || Q < 1
      ? `its output would be ${P} x ${Q}`
      : `with ${groups} group${groups === 1 ? '' : 's'} the channels do not match`
  return new CoreError(
    'shape-mismatch',
    `${w.name} ${shapeText(w.shape)} does not fit its input ${shapeText(x.shape)}: ${why}.`,
    'Use larger photos, more padding, or a filter that fits.',
  )
}
