// The means of P x Q windows that share a photo out evenly: window p has the rows from floor(p H / P) to ceil((p + 1) H /
// P), so windows overlap where H is no multiple of P (PyTorch's adaptive pool).  x [N H W C] -> y [N P Q C]

import backwardWgsl from '../../../../shaders/pooling/adaptive-average-pool-backward.wgsl?raw'
import forwardWgsl from '../../../../shaders/pooling/adaptive-average-pool-forward.wgsl?raw'
import { elementKernel, type Dims } from '../kernel.ts'

const constants = ['N', 'H', 'W', 'C', 'P', 'Q'] as const

export const adaptiveAveragePoolForward = elementKernel({
  name: 'adaptive-average-pool-forward',
  source: forwardWgsl,
  bindings: { x: 'read', y: 'write' },
  constants,
  half: ['x', 'y'],
  elements: c => c.N * c.P * c.Q * c.C,
  reference: ({ x, y }, dims) => {
    y.fill(0)
    eachPixelOfWindows(dims, (xAt, yAt, count) => {
      for (let c = 0; c < dims.C; c++) y[yAt + c]! += x[xAt + c]! / count
    })
  },
})

export const adaptiveAveragePoolBackward = elementKernel({
  name: 'adaptive-average-pool-backward',
  source: backwardWgsl,
  bindings: { dy: 'read', dx: 'write' },
  constants,
  half: ['dy', 'dx'],
  elements: c => c.N * c.H * c.W * c.C,
  reference: ({ dy, dx }, dims) => {
    dx.fill(0)
    eachPixelOfWindows(dims, (xAt, yAt, count) => {
      for (let c = 0; c < dims.C; c++) dx[xAt + c]! += dy[yAt + c]! / count
    })
  },
})

/** Visits every pixel of every window: offsets of x and y, and how many pixels the window has. */
function eachPixelOfWindows(
  { N, H, W, C, P, Q }: Dims<(typeof constants)[number]>,
  visit: (xAt: number, yAt: number, count: number) => void,
): void {
  const edges = (i: number, length: number, windows: number) =>
    [Math.floor((i * length) / windows), Math.ceil(((i + 1) * length) / windows)] as const
  for (let i = 0; i < N * P * Q; i++) {
    const [n, p, q] = [Math.floor(i / (P * Q)), Math.floor(i / Q) % P, i % Q]
    const [[top, bottom], [left, right]] = [edges(p, H, P), edges(q, W, Q)]
    for (let h = top; h < bottom; h++)
      for (let w = left; w < right; w++) visit(((n * H + h) * W + w) * C, i * C, (bottom - top) * (right - left))
  }
}
