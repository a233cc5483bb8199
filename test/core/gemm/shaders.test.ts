// What the emitter writes, to be read: the weight gradient of the second layer of deep-convnet in both families, and
// the rules of WebGPU on Dawn that every shader must keep.

import { describe, expect, it } from 'vitest'
import { forwardProduct, inputGradientProduct, weightGradientProduct } from '../../../src/core/gemm/convolution.ts'
import { emit } from '../../../src/core/gemm/emit.ts'
import { matmulProduct } from '../../../src/core/gemm/matmul.ts'
import { pickTileConfig, tileConfigsFor } from '../../../src/core/gemm/tile-configs.ts'
import { plainTarget, type Target } from '../../../src/core/kernels/target.ts'

const conv2 = {
  N: 100,
  H: 28,
  W: 28,
  C: 16,
  K: 16,
  R: 3,
  S: 3,
  P: 28,
  Q: 28,
  STRIDE_Y: 1,
  STRIDE_X: 1,
  PAD_TOP: 1,
  PAD_LEFT: 1,
  DILATION_Y: 1,
  DILATION_X: 1,
  GROUPS: 1,
}
const weightGradient = weightGradientProduct(conv2, { slices: 100, photos: 1, stride: 2304, biasStride: 64 })
const lavapipe: Target = { lanes: 8, software: true }
const products = [
  weightGradient,
  forwardProduct(conv2),
  inputGradientProduct(conv2),
  matmulProduct({ M: 1024, N: 1024, K: 1024 }),
  matmulProduct({ M: 100, N: 10, K: 50, transposeB: true }),
  inputGradientProduct({ ...conv2, P: 14, Q: 14, STRIDE_Y: 2, STRIDE_X: 2 }),
]

describe('the weight gradient 16 -> 16 at 28 x 28, batch 100', () => {
  it('on a real GPU', async () => {
    await expect(emit(weightGradient, pickTileConfig(weightGradient, plainTarget)).wgsl).toMatchFileSnapshot(
      'weight-gradient.tiles.wgsl',
    )
  })

  it('on lavapipe', async () => {
    await expect(emit(weightGradient, pickTileConfig(weightGradient, lavapipe)).wgsl).toMatchFileSnapshot(
      'weight-gradient.lanes.wgsl',
    )
  })
})

describe('every variant of the table', () => {
  const tiles = tileConfigsFor(plainTarget)

  it('stays within the default limits of WebGPU', () => {
    for (const variant of tiles) {
      if (variant.family !== 'tiles') throw new Error('A real GPU gets tiles.')
      const { down, across, rows, quads, depth } = variant
      expect(down * across).toBeLessThanOrEqual(256)
      expect((down * rows + across * quads * 4) * depth * 4).toBeLessThanOrEqual(16_384)
    }
  })

  it('keeps loops finite and indices provable: steps of one, literal ends, no shifts or masks', () => {
    for (const variant of tiles) {
      for (const product of products) {
        const { wgsl } = emit(product, variant)
        for (const [loop] of wgsl.matchAll(/for \(.*\{$/gm))
          expect(loop).toMatch(/^for \(var (\w) = 0u; \1 < \d+u; \1\+\+\) \{$/)
        expect(wgsl).not.toMatch(/<<|>>|[^&]&[^&]/)
      }
    }
  })

  it('gives each result to exactly one tile', () => {
    for (const variant of tiles) {
      if (variant.family !== 'tiles') continue
      const [height, width] = [variant.down * variant.rows, variant.across * variant.quads * 4]
      const [x, y] = emit(products[3]!, variant).workgroups
      expect(x * y).toBe(Math.ceil(1024 / height) * Math.ceil(1024 / width))
    }
  })
})

describe('the choice without measuring', () => {
  it('takes subgroups only where a software GPU has one size of them', () => {
    for (const product of products) {
      expect(pickTileConfig(product, lavapipe).family).toBe('lanes')
      expect(pickTileConfig(product, { lanes: 0, software: true }).family).toBe('tiles')
      expect(pickTileConfig(product, { lanes: 32, software: false }).family).toBe('tiles')
    }
  })

  it('keeps to four rows a lane on SwiftShader, which does not end compiling eight', () => {
    const swiftShader: Target = { lanes: 4, software: true }
    for (const product of products)
      expect(pickTileConfig(product, swiftShader)).toMatchObject({ family: 'lanes', lanes: 4, rows: 4 })
  })

  it('is no wider than the result needs', () => {
    expect(pickTileConfig(products[1]!, plainTarget)).toMatchObject({ across: 4, quads: 1 })
    expect(pickTileConfig(products[1]!, lavapipe)).toMatchObject({ quads: 4 })
  })
})
