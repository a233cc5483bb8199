// Whole nets: core's own answers against ONNX Runtime's on the exported file, with random weights and running
// statistics, so that layouts, padding and the order of a flatten agree all the way through.

import { describe, expect, it } from 'vitest'
import { encodeOnnx } from '../../../src/core/io/onnx.ts'
import { createReferenceDevice, type ModelDescription, predict } from '../../../src/core/index.ts'
import { openEngine } from '../../../src/main/export/model/engine.ts'
import { randomNet } from '../nn/random-nets.ts'
import { photoSet, randomState, wholeNets } from './whole-nets.ts'

describe('core and ONNX Runtime give the same answers', () => {
  it.each(Object.entries(wholeNets))('%s', async (_name, model) => {
    const { ours, theirs } = await answersOf(model)
    expect(furthest(theirs, ours)).toBeLessThan(1e-5)
    expect(furthest(ours.subarray(0, 4), ours.subarray(4, 8))).toBeGreaterThan(1e-4)
  })

  it('nets drawn at random, of grey or colour photos', async () => {
    const nets = Array.from({ length: 60 }, (_, seed) => randomNet(seed + 1).model).filter(
      ({ input: { channels } }) => channels % 2 === 1,
    )
    expect(nets.length).toBeGreaterThan(20)
    for (const net of nets) {
      const { channels } = net.input
      const model = {
        ...net,
        normalise: { mean: [0.48, 0.45, 0.41].slice(0, channels), std: [0.23, 0.22, 0.24].slice(0, channels) },
      }
      const { ours, theirs } = await answersOf(model)
      expect(furthest(theirs, ours), JSON.stringify(model)).toBeLessThan(1e-4)
    }
  })
})

/** Probabilities of three photos, from core and from ONNX Runtime. */
async function answersOf(model: ModelDescription) {
  const state = await randomState(model)
  const set = photoSet(model, 3)
  const device = createReferenceDevice()
  const ours = await predict(device, model, state, set, Uint32Array.of(0, 1, 2))
  device.destroy()
  const engine = await openEngine(encodeOnnx(model, state, { run: 'test', appVersion: '0' }))
  const theirs = await engine.run(set.images, 3)
  await engine.close()
  return { ours, theirs }
}

function furthest(a: Float32Array, b: Float32Array): number {
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)))
}
