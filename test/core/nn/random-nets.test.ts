// Whole nets drawn at random: their gradients against finite differences in float64, the GPU against the references,
// and with some layers frozen the gradients of the others.

import { describe, expect, it } from 'vitest'
import { createReferenceDevice } from '../../../src/core/index.ts'
import { zeroStep } from '../../../src/core/kernels/step.ts'
import { forward } from '../../../src/core/nn/build.ts'
import { Trace } from '../../../src/core/tensor/trace.ts'
import { openGpuDevice } from '../devices.ts'
import { expectTrueGradients, runOp, type OpCase, type Results } from '../ops/harness.ts'
import { randomNet } from './random-nets.ts'

/** A net as one op: its batch an input, all its weights parameters. */
function netCase(seed: number, frozen: (name: string) => boolean = () => false): OpCase {
  const { model, shape } = randomNet(seed)
  const trace = new Trace({ training: true })
  forward(model, trace.tensor(shape))
  const parameters = Object.fromEntries([...trace.parameters].map(([name, { tensor }]) => [name, tensor.shape]))
  return {
    inputs: { x: shape },
    parameters,
    frozen,
    build: ({ x }) => forward(model, x!),
    step: { ...zeroStep, seed: 3, step: 5, batchCount: shape[0] },
  }
}

/** The largest difference as a share of the largest gradient of the net, the output's of the largest output: what is 0
 *  but for rounding says nothing. */
function furthest(ours: Results, theirs: Results): number {
  const largest = (results: Results, isOutput: boolean) =>
    Math.max(
      1e-6,
      ...[...results].filter(([name]) => (name === 'y') === isOutput).flatMap(([, values]) => values.map(Math.abs)),
    )
  const scales = { y: largest(theirs, true), gradients: largest(theirs, false) }
  return Math.max(
    ...[...ours].map(
      ([name, values]) =>
        Math.max(...values.map((value, i) => Math.abs(value - theirs.get(name)![i]!))) /
        (name === 'y' ? scales.y : scales.gradients),
    ),
  )
}

const seeds = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
const told = (seed: number) => `net ${seed}: ${JSON.stringify(randomNet(seed))}`

describe('nets drawn at random', () => {
  it('have true gradients', async () => {
    for (const seed of seeds(1, 40))
      await expectTrueGradients(netCase(seed), 1e-5, { least: 1e-3, step: 1e-7 }).catch((error: Error) => {
        throw new Error(`${error.message}, ${told(seed)}`)
      })
  })

  it('are the same on the GPU', async () => {
    const [gpu, cpu] = [await openGpuDevice(), createReferenceDevice()]
    if (!gpu) return console.warn('NO GPU FOUND: random nets are not run on one.')
    for (const seed of seeds(41, 45))
      expect(furthest(await runOp(gpu, netCase(seed)), await runOp(cpu, netCase(seed))), told(seed)).toBeLessThan(1e-4)
    gpu.destroy()
  })

  it('learn in the layers that are not frozen as if none were', async () => {
    const cpu = createReferenceDevice()
    for (const seed of seeds(1, 60)) {
      const test = netCase(seed)
      const stays = (name: string) =>
        name.startsWith('layer') && (Number(/\d+/.exec(name)![0]) + seed) % 2 === 0 && !normNames(seed).has(name)
      const [whole, part] = [await runOp(cpu, test), await runOp(cpu, netCase(seed, stays))]
      expect([...part.keys()].sort(), told(seed)).toEqual(
        [...whole.keys()].filter(name => !stays(name.slice(2))).sort(),
      )
      expect(furthest(part, whole), told(seed)).toBeLessThan(1e-6)
    }
  })
})

/** Parameters of batch norms, which frozen use their running statistics and so give other values. */
function normNames(seed: number): ReadonlySet<string> {
  const names = JSON.stringify(randomNet(seed).model.layers).matchAll(/"batch-norm","name":"(layer\d+)"/g)
  return new Set([...names].flatMap(([, name]) => [`${name}.weight`, `${name}.bias`]))
}
