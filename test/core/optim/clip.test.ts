// The norm of all gradients together, over more parameters than one workgroup adds up.

import { describe, expect, it } from 'vitest'
import { zeroStep } from '../../../src/core/kernels/step.ts'
import { zeros } from '../../../src/core/nn/initialisers.ts'
import { clipping } from '../../../src/core/optim/clip.ts'
import { compile } from '../../../src/core/tensor/plan.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { Trace } from '../../../src/core/tensor/trace.ts'
import { availableDevices, openDevice } from '../devices.ts'
import { copy } from '../ops/harness.ts'

/** A gradient in two partial sums, a parameter without one between, and one that ends within a block. */
const sizes = { a: 5_000, still: 70, b: 130 }
const value = (i: number) => ((i * 7_919) % 2_001) / 1_000 - 1

describe.each(await availableDevices())('on the %s device', kind => {
  it('the factor brings the norm down to the largest allowed', async () => {
    const device = await openDevice(kind)
    const trace = new Trace({ training: true })
    const written: Float32Array<ArrayBuffer>[] = []
    for (const [name, splits] of [
      ['a', 2],
      ['still', 0],
      ['b', 1],
    ] as const) {
      const parameter = trace.parameter(name, [sizes[name]], zeros, { decay: true })
      if (splits === 0) continue
      const gradient = trace.gradient(parameter, splits)
      trace.gradients.set(name, gradient)
      const values = Float32Array.from({ length: gradient.size }, (_, i) =>
        i % gradient.shape[1]! < sizes[name] ? value(i) : 0,
      )
      written.push(
        values.slice(0, gradient.shape[1]).map((v, i) => v + (splits === 2 ? values[gradient.shape[1]! + i]! : 0)),
      )
      copy(
        trace.state(`values of ${name}`, gradient.shape, 'f32', to => to.set(values)),
        gradient,
      )
    }
    clipping(trace, 3)
    const store = new Store(device, 1)
    const plan = await compile(device, trace, store)
    plan.run(zeroStep)
    const [factor, norm] = await store.read('optimizer.clip')
    const wanted = Math.sqrt(written.flatMap(values => [...values]).reduce((sum, v) => sum + v * v, 0))
    expect(wanted).toBeGreaterThan(30)
    expect(norm! / wanted).toBeCloseTo(1, 5)
    expect(factor! * norm!).toBeCloseTo(3, 4)
    plan.dispose()
    store.dispose()
    device.destroy()
  })
})
