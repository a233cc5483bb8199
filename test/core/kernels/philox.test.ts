// The random generator against the known answers of Random123 (kat_vectors: philox4x32 10), on the CPU and in the
// shader.

import { describe, expect, it } from 'vitest'
import { kernel } from '../../../src/core/kernels/kernel.ts'
import { zeroStep } from '../../../src/core/kernels/step.ts'
import { permutation, philox, streams, uniforms, unit } from '../../../src/core/kernels/philox.ts'
import { compile } from '../../../src/core/tensor/plan.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { Trace } from '../../../src/core/tensor/trace.ts'
import { availableDevices, openDevice } from '../devices.ts'

type Six = [number, number, number, number, number, number]

const answers: { readonly from: Six; readonly to: string }[] = [
  { from: [0, 0, 0, 0, 0, 0], to: '6627e8d5 e169c58d bc57ac4c 9b00dbd8' },
  {
    from: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    to: '408f276d 41c83b0e a20bc7c6 6d5451fd',
  },
  {
    from: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0],
    to: 'd16cfe09 94fdcceb 5001e420 24126ea1',
  },
]

const hex = (values: Iterable<number>) => [...values].map(value => value.toString(16).padStart(8, '0')).join(' ')

describe('philox', () => {
  it.each(answers)('$to', ({ from, to }) => {
    expect(hex(philox(...from))).toBe(to)
  })

  it('is the same in the shader', async () => {
    const inputs = Uint32Array.from(
      [
        ...answers.map(({ from }) => from),
        ...Array.from({ length: 60 }, (_, i) => philox(i, 1, 2, 3, 4, 5).concat(philox(i, 9, 9, 9, 9, 9).slice(0, 2))),
      ].flat(),
    )
    for (const kind of await availableDevices()) {
      const device = await openDevice(kind)
      const trace = new Trace({ training: false })
      const results = trace.state('results', [63, 4], 'u32')
      trace.call(
        philoxKernel,
        { inputs: trace.state('inputs', [63, 6], 'u32', values => values.set(inputs)), results },
        { COUNT: 63 },
      )
      const store = new Store(device, 1)
      const plan = await compile(device, trace, store)
      plan.run(zeroStep)
      const words = new Uint32Array((await store.read('results')).buffer)
      for (let i = 0; i < 63; i++)
        expect(hex(words.slice(i * 4, i * 4 + 4))).toBe(
          hex(philox(...(inputs.slice(i * 6, i * 6 + 6) as unknown as Six))),
        )
      plan.dispose()
      store.dispose()
      device.destroy()
    }
  })

  it('gives numbers in [0, 1) with the mean and deviation of a uniform', () => {
    const next = uniforms(5, streams.sample)
    const values = Array.from({ length: 20_000 }, next)
    const mean = values.reduce((a, b) => a + b) / values.length
    expect(mean).toBeCloseTo(0.5, 2)
    expect(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length).toBeCloseTo(1 / 12, 2)
    expect(unit(0xffffffff)).toBeLessThan(1)
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
  })
})

describe('permutation', () => {
  it('holds every number once, and is another for each seed, stream and epoch', () => {
    const orders = [
      permutation(500, 1, streams.shuffle, 0),
      permutation(500, 2, streams.shuffle, 0),
      permutation(500, 1, streams.split, 0),
      permutation(500, 1, streams.shuffle, 1),
    ]
    for (const order of orders) expect([...order].toSorted((a, b) => a - b)).toEqual([...Array(500).keys()])
    expect(new Set(orders.map(order => order.join())).size).toBe(4)
    expect(permutation(500, 1, streams.shuffle, 0)).toEqual(orders[0])
  })

  it('puts each number first about equally often', () => {
    const counts = new Array<number>(5).fill(0)
    for (let epoch = 0; epoch < 5000; epoch++) counts[permutation(5, 1, streams.shuffle, epoch)[0]!]!++
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120)
  })

  it('can be empty', () => {
    expect(permutation(0, 1, streams.shuffle, 0)).toHaveLength(0)
  })
})

const philoxKernel = kernel({
  name: 'test-philox',
  source: `#include "lib/philox.wgsl"
    @group(0) @binding(0) var<storage, read> inputs: array<u32>;
    @group(0) @binding(1) var<storage, read_write> results: array<vec4u>;
    @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
      let i = id.x * 6u;
      if (id.x < COUNT) {
        results[id.x] = philox(vec4u(inputs[i], inputs[i + 1u], inputs[i + 2u], inputs[i + 3u]), vec2u(inputs[i + 4u], inputs[i + 5u]));
      }
    }`,
  bindings: { inputs: 'read u32', results: 'write u32' },
  constants: ['COUNT'],
  grid: () => [1, 1, 1],
  reference: ({ inputs, results }, { COUNT }) => {
    for (let i = 0; i < COUNT; i++) results.set(philox(...(inputs.slice(i * 6, i * 6 + 6) as unknown as Six)), i * 4)
  },
})
