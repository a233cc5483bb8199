// The plain kernels of the convolution and their references: forward, gradient of the input, gradient of the filters.
// They take any stride, padding, dilation and groups; src/core/gemm has the fast ones, these judge them.

import forwardWgsl from '../../../../shaders/products/conv2d-forward.wgsl?raw'
import inputGradientWgsl from '../../../../shaders/products/conv2d-input-gradient.wgsl?raw'
import weightGradientWgsl from '../../../../shaders/products/conv2d-weight-gradient.wgsl?raw'
import { elementKernel } from '../kernel.ts'
import { convConstants, type ConvDims } from './conv-dims.ts'
import { convForwardPasses, convInputGradientPasses, convWeightGradientPasses } from './product-passes.ts'

export const conv2dForward = elementKernel({
  name: 'conv2d-forward',
  source: forwardWgsl,
  bindings: { x: 'read', w: 'read', y: 'write' },
  constants: convConstants,
  half: ['x', 'y'],
  elements: c => c.N * c.P * c.Q * c.K,
  work: workOf,
  wasm: convForwardPasses,
  reference: ({ x, w, y }, dims) => {
    const { C, K, GROUPS } = dims
    const [cs, ks] = [C / GROUPS, K / GROUPS]
    y.fill(0)
    eachTap(dims, (xAt, yAt, tap) => {
      for (let g = 0; g < GROUPS; g++) {
        for (let c = 0; c < cs; c++) {
          const value = x[xAt + g * cs + c]!
          const wAt = (tap * cs + c) * K + g * ks
          for (let k = 0; k < ks; k++) y[yAt + g * ks + k]! += value * w[wAt + k]!
        }
      }
    })
  },
})

export const conv2dInputGradient = elementKernel({
  name: 'conv2d-input-gradient',
  source: inputGradientWgsl,
  bindings: { dy: 'read', w: 'read', dx: 'write' },
  constants: convConstants,
  half: ['dy', 'dx'],
  elements: c => c.N * c.H * c.W * c.C,
  work: workOf,
  wasm: convInputGradientPasses,
  reference: ({ dy, w, dx }, dims) => {
    const { C, K, GROUPS } = dims
    const [cs, ks] = [C / GROUPS, K / GROUPS]
    dx.fill(0)
    eachTap(dims, (xAt, yAt, tap) => {
      for (let g = 0; g < GROUPS; g++) {
        for (let c = 0; c < cs; c++) {
          const wAt = (tap * cs + c) * K + g * ks
          let sum = 0
          for (let k = 0; k < ks; k++) sum += dy[yAt + g * ks + k]! * w[wAt + k]!
          dx[xAt + g * cs + c]! += sum
        }
      }
    })
  },
})

export const conv2dWeightGradient = elementKernel({
  name: 'conv2d-weight-gradient',
  source: weightGradientWgsl,
  bindings: { x: 'read', dy: 'read', dw: 'write' },
  constants: [...convConstants, 'SPLITS', 'IMAGES', 'STRIDE'],
  half: ['x', 'dy'],
  elements: c => c.SPLITS * c.R * c.S * (c.C / c.GROUPS) * c.K,
  work: workOf,
  wasm: convWeightGradientPasses,
  reference: ({ x, dy, dw }, dims) => {
    const { C, K, GROUPS, IMAGES, STRIDE } = dims
    const [cs, ks] = [C / GROUPS, K / GROUPS]
    dw.fill(0)
    eachTap(dims, (xAt, yAt, tap, n) => {
      const part = Math.floor(n / IMAGES) * STRIDE
      for (let g = 0; g < GROUPS; g++) {
        for (let c = 0; c < cs; c++) {
          const value = x[xAt + g * cs + c]!
          const wAt = part + (tap * cs + c) * K + g * ks
          for (let k = 0; k < ks; k++) dw[wAt + k]! += value * dy[yAt + g * ks + k]!
        }
      }
    })
  },
})

/** Visits every (output pixel, filter tap) whose input pixel is inside the photo: offsets of x and y, tap = r S + s,
 *  photo n. */
function eachTap(dims: ConvDims, visit: (xAt: number, yAt: number, tap: number, n: number) => void): void {
  const { N, H, W, C, R, S, K, P, Q, STRIDE_Y, STRIDE_X, PAD_TOP, PAD_LEFT, DILATION_Y, DILATION_X } = dims
  for (let n = 0; n < N; n++) {
    for (let p = 0; p < P; p++) {
      for (let r = 0; r < R; r++) {
        const h = p * STRIDE_Y + r * DILATION_Y - PAD_TOP
        if (h < 0 || h >= H) continue
        for (let q = 0; q < Q; q++) {
          for (let s = 0; s < S; s++) {
            const v = q * STRIDE_X + s * DILATION_X - PAD_LEFT
            if (v >= 0 && v < W) visit(((n * H + h) * W + v) * C, ((n * P + p) * Q + q) * K, r * S + s, n)
          }
        }
      }
    }
  }
}

/** Of each of the three. */
function workOf({ N, P, Q, K, R, S, C, GROUPS }: ConvDims): number {
  return N * P * Q * K * R * S * (C / GROUPS)
}
