// What a suggestion and an estimate take a found device for.

import { expect, it } from 'vitest'
import { speedOf } from '../../../src/renderer/training/speed.ts'

it('a card is a GPU, Mesa is software, and SwiftShader is no faster than the processor', () => {
  expect(speedOf({ kind: 'gpu', adapter: 'nvidia ampere', software: false })).toBe('gpu')
  expect(speedOf({ kind: 'gpu', adapter: 'llvmpipe (LLVM 15.0.6)', software: true })).toBe('software')
  expect(speedOf({ kind: 'gpu', adapter: 'google swiftshader', software: true })).toBe('cpu')
  expect(
    speedOf({
      kind: 'cpu',
      reason: 'noAdapter',
      detail: '',
      processor: { name: 'CPU, 2 threads', threads: 2, simd: 'relaxed' },
    }),
  ).toBe('cpu')
})
