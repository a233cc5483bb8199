// The losses beside softmax cross entropy: gradients against finite differences, both devices, PyTorch's formulae, and a
// loss of one's own.

import { describe, expect, it } from 'vitest'
import { createReferenceDevice } from '../../../src/core/index.ts'
import { elementKernel } from '../../../src/core/kernels/kernel.ts'
import { zeroStep } from '../../../src/core/kernels/step.ts'
import { binaryCrossEntropy, focalLoss, meanSquaredError } from '../../../src/core/ops/losses/class-losses.ts'
import { softmaxCrossEntropy } from '../../../src/core/ops/losses/cross-entropy.ts'
import { lossOf, metricsRing, type Loss, type LossOptions } from '../../../src/core/ops/losses/loss.ts'
import { copy, expectTrueGradients, judge, runOp, type OpCase } from './harness.ts'

const labelOf = (n: number, k: number) => (n * 5 + 1) % k

/** The ring of metrics is the output and `dy` picks the loss of the step. */
function lossCase(loss: Loss, [n, k]: readonly [number, number], options: LossOptions = {}, mixed = false): OpCase {
  return {
    inputs: { logits: [n, k] },
    build: ({ logits }) => {
      const { trace } = logits!
      const labels = trace.state('labels', [n], 'u32', values => values.set(values.map((_, i) => labelOf(i, k))))
      const others = trace.state('others', [n], 'u32', values => values.set(values.map((_, i) => (i * 2) % k)))
      const shares = trace.state('shares', [n], 'f32', values =>
        values.set(Float32Array.from({ length: n }, (_, i) => 0.5 + i / (2 * n))),
      )
      const scalar = loss.record(logits!, labels, { ...options, ...(mixed && { mixed: { others, shares } }) })
      const y = trace.tensor([metricsRing, 4])
      copy(trace.state('metrics', y.shape, 'f32'), y)
      trace.onBackward(y, dy => [[scalar, dy]])
      return y
    },
    step: { ...zeroStep, step: 3 },
    value: (name, u, i) => (name === 'dy' ? Number(i === 3 * 4) : 4 * u - 2),
  }
}

/** The formulae of torch.nn.functional with reduction = mean and one-hot labels, in float64. */
const torch: readonly (readonly [loss: Loss, formula: (z: readonly number[], label: number) => number])[] = [
  [
    binaryCrossEntropy(),
    (z, label) => {
      const terms = z.map((value, k) => {
        const sigmoid = 1 / (1 + Math.exp(-value))
        return -Math.log(k === label ? sigmoid : 1 - sigmoid)
      })
      return terms.reduce((a, b) => a + b, 0) / z.length
    },
  ],
  [
    meanSquaredError(),
    (z, label) => z.reduce((sum, value, k) => sum + (value - Number(k === label)) ** 2, 0) / z.length,
  ],
  [focalLoss(), (z, label) => -((1 - softmax(z)[label]!) ** 2) * Math.log(softmax(z)[label]!)],
  [focalLoss({ gamma: 0.5 }), (z, label) => -((1 - softmax(z)[label]!) ** 0.5) * Math.log(softmax(z)[label]!)],
]

function softmax(z: readonly number[]): number[] {
  const sum = z.reduce((total, value) => total + Math.exp(value), 0)
  return z.map(value => Math.exp(value) / sum)
}

describe.each(torch.map(([loss, formula], i) => [`${loss.name} ${i}`, loss, formula] as const))(
  '%s',
  (_, loss, formula) => {
    const { compare } = judge()

    it.each([
      [1, 2],
      [3, 10],
      [7, 3],
    ] as const)('[%i %i] has the gradient of finite differences', async (n, k) => {
      await expectTrueGradients(lossCase(loss, [n, k]))
      await expectTrueGradients(lossCase(loss, [n, k], { smoothing: 0.1 }))
      const classWeights = Array.from({ length: k }, (_, i) => (i + 1) / k)
      await expectTrueGradients(lossCase(loss, [n, k], { smoothing: 0.2, classWeights }, true))
    })

    it('is the same on both devices', async () => {
      await compare(lossCase(loss, [300, 5], { smoothing: 0.1 }))
      await compare(lossCase(loss, [6, 4], { classWeights: [1, 2, 0, 0.5] }, true))
    })

    it("is PyTorch's formula", async () => {
      const test = lossCase(loss, [6, 4])
      const values = new Map<number, number>()
      const spied: OpCase = {
        ...test,
        value: (name, u, i) => {
          const value = test.value!(name, u, i)
          if (name === 'logits') values.set(i, value)
          return value
        },
      }
      const results = await runOp(createReferenceDevice(), spied)
      const rows = Array.from({ length: 6 }, (_, n) => Array.from({ length: 4 }, (_, k) => values.get(n * 4 + k)!))
      const mean = rows.reduce((sum, z, n) => sum + formula(z, labelOf(n, 4)), 0) / 6
      expect(results.get('y')![3 * 4]).toBeCloseTo(mean, 5)
    })

    it('stays finite for logits of a thousand', async () => {
      const large = {
        ...lossCase(loss, [5, 4]),
        value: (name: string, u: number, i: number) => (name === 'dy' ? Number(i === 12) : (2 * u - 1) * 1000),
      }
      const results = await runOp(createReferenceDevice(), large)
      expect([...results.get('y')!.slice(12, 14), ...results.get('d.logits')!].every(Number.isFinite)).toBe(true)
      await compare(large)
    })
  },
)

describe('focal loss', () => {
  it('with gamma 0 is the cross entropy', async () => {
    const [focal, plain] = await Promise.all(
      [focalLoss({ gamma: 0 }), softmaxCrossEntropy].map(loss =>
        runOp(createReferenceDevice(), lossCase(loss, [7, 3])),
      ),
    )
    focal!.get('d.logits')!.forEach((value, i) => expect(value).toBeCloseTo(plain!.get('d.logits')![i]!, 6))
    expect(focal!.get('y')![12]).toBeCloseTo(plain!.get('y')![12]!, 6)
    expect(focal!.get('y')![13]).toBe(plain!.get('y')![13])
  })

  it('refuses what is no gamma, and options that it does not have', () => {
    expect(() => focalLoss({ gamma: -1 })).toThrow('gamma of focalLoss is -1.')
    expect(() => focalLoss({ gamma: NaN })).toThrow('gamma of focalLoss is NaN.')
    // @ts-expect-error: misspelt
    expect(() => focalLoss({ gama: 2 })).toThrow('focalLoss has no option "gama".')
  })
})

describe('a loss of your own', () => {
  const { compare } = judge()

  it('is a kernel that writes losses and their gradient', async () => {
    const hinge = elementKernel({
      name: 'test-hinge',
      source: `#include "lib/index.wgsl"
@group(0) @binding(0) var<storage, read> logits: array<f32>;
@group(0) @binding(1) var<storage, read> goals: array<f32>;
@group(0) @binding(2) var<storage, read> counts: array<f32>;
@group(0) @binding(3) var<storage, read_write> losses: array<f32>;
@group(0) @binding(4) var<storage, read_write> dlogits: array<f32>;
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = flat_index(id, groups);
  if (n >= N) { return; }
  var loss = 0.0;
  for (var k = 0u; k < K; k++) {
    let sign = 2.0 * goals[n * K + k] - 1.0;
    let short = max(0.0, 1.0 - sign * logits[n * K + k]);
    loss += short * counts[n];
    dlogits[n * K + k] = select(0.0, -sign * counts[n], short > 0.0);
  }
  losses[n] = loss;
}`,
      bindings: { logits: 'read', goals: 'read', counts: 'read', losses: 'write', dlogits: 'write' },
      constants: ['N', 'K'],
      elements: c => c.N,
      reference: ({ logits, goals, counts, losses, dlogits }, { N, K }) => {
        losses.fill(0)
        for (let i = 0; i < N * K; i++) {
          const [n, sign] = [Math.floor(i / K), 2 * goals[i]! - 1]
          const short = Math.max(0, 1 - sign * logits[i]!)
          losses[n]! += short * counts[n]!
          dlogits[i] = short > 0 ? -sign * counts[n]! : 0
        }
      },
    })
    const loss = lossOf('hinge', tensors => {
      const [N, K] = tensors.logits.shape as [number, number]
      tensors.logits.trace.call(hinge, tensors, { N, K })
    })
    await expectTrueGradients(lossCase(loss, [7, 3]))
    await compare(lossCase(loss, [7, 3]))
  })
})
