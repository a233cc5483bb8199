// Linear heads: L-BFGS finds minima that are known, heads learn what is linear, several at once learn what each would
// alone, and held-out photos choose the strength of L2.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chooseHead, headAnswers, LinearHeads, outOfFold, type Device } from '../../../src/core/index.ts'
import { minimise } from '../../../src/core/linear/lbfgs.ts'
import { softmaxLoss } from '../../../src/core/linear/softmax-loss.ts'
import { uniforms } from '../../../src/core/kernels/philox.ts'
import { availableDevices, openDevice, type DeviceKind } from '../devices.ts'

describe('L-BFGS', () => {
  it("finds the minimum of Rosenbrock's valley", async () => {
    const w = Float64Array.of(-1.2, 1)
    const result = await minimise(
      (at, gradient) => {
        const [x, y] = [at[0]!, at[1]!]
        gradient[0] = -400 * x * (y - x * x) - 2 * (1 - x)
        gradient[1] = 200 * (y - x * x)
        return 100 * (y - x * x) ** 2 + (1 - x) ** 2
      },
      w,
      { tolerance: 1e-8 },
    )
    expect(result.converged).toBe(true)
    expect(w[0]).toBeCloseTo(1, 6)
    expect(w[1]).toBeCloseTo(1, 6)
  })

  it('stops at its number of evaluations, at a point no worse than it began', async () => {
    const w = new Float64Array(50)
    const goal = Float64Array.from({ length: 50 }, (_, i) => Math.sin(i))
    const result = await minimise(
      (at, gradient) => {
        let sum = 0
        at.forEach((value, i) => {
          gradient[i] = 2 * (i + 1) * (value - goal[i]!)
          sum += (i + 1) * (value - goal[i]!) ** 2
        })
        return sum
      },
      w,
      { tolerance: 0, evaluations: 5 },
    )
    expect(result.evaluations).toBeLessThanOrEqual(5)
    expect(result.value).toBeLessThan(goal.reduce((sum, value, i) => sum + (i + 1) * value ** 2, 0))
  })
})

it('the slopes of the loss are its differences', () => {
  const rows = { labels: [2, 0, 1], counts: [1, 0, 1], classes: 3 }
  const at = [0.3, -1, 0.5, 9, 9, 9, 2, 0.1, -0.4]
  const slopes = Float64Array.from(at)
  softmaxLoss(slopes, rows)
  at.forEach((_, i) => {
    const loss = (change: number) =>
      softmaxLoss(
        Float64Array.from(at, (v, j) => (i === j ? v + change : v)),
        rows,
      )
    expect(slopes[i]).toBeCloseTo((loss(1e-6) - loss(-1e-6)) / 2e-6, 6)
  })
})

/** Photos of three classes, whose features are their class's own with noise. */
function photos(rows: number, size: number) {
  const next = uniforms(5, 1)
  const centres = Array.from({ length: 3 }, () => Array.from({ length: size }, () => 2 * next() - 1))
  const labels = Array.from({ length: rows }, (_, row) => row % 3)
  const values = Float32Array.from(
    { length: rows * size },
    (_, i) => 5 + centres[labels[Math.floor(i / size)]!]![i % size]! + 2 * (next() - 0.5),
  )
  return { table: { values, size }, labels }
}

const mask = (rows: number, test: (row: number) => boolean) =>
  Uint8Array.from({ length: rows }, (_, row) => (test(row) ? 1 : 0))

describe.each<DeviceKind>(await availableDevices())('heads on %s', kind => {
  let device: Device
  beforeAll(async () => {
    device = await openDevice(kind)
  })
  afterAll(() => device.destroy())

  const [rows, size] = [150, 10]
  const { table, labels } = photos(rows, size)
  const options = { labels, classes: 3 }

  it('learn together what each learns alone', async () => {
    const heads = new LinearHeads(device, table)
    const tasks = [0.1, 0.01].map((l2, i) => ({ l2, learns: mask(rows, row => row % 5 !== i) }))
    const together = await heads.learn(tasks, options)
    for (const [i, task] of tasks.entries()) {
      const [alone] = await heads.learn([task], options)
      alone!.probabilities.forEach((p, j) => expect(Math.abs(p - together[i]!.probabilities[j]!)).toBeLessThan(2e-3))
    }
  })

  it('take features as they are: weight and bias give the same probabilities', async () => {
    const [{ head, probabilities }] = (await new LinearHeads(device, table).learn(
      [{ l2: 0.01, learns: mask(rows, () => true) }],
      options,
    )) as [Awaited<ReturnType<LinearHeads['learn']>>[number]]
    for (const row of [0, 77, 149]) {
      const logits = [0, 1, 2].map(k => {
        let sum = head.bias[k]!
        for (let d = 0; d < size; d++) sum += head.weight[k * size + d]! * table.values[row * size + d]!
        return Math.exp(sum)
      })
      const total = logits.reduce((a, b) => a + b, 0)
      logits.forEach((value, k) => expect(probabilities[row * 3 + k]).toBeCloseTo(value / total, 4))
    }
  })

  it('find photos whose label was changed, by heads that have not learnt from them', async () => {
    const changed = [4, 50, 101]
    const noisy = labels.map((label, row) => (changed.includes(row) ? (label + 1) % 3 : label))
    const foldOf = labels.map((_, row) => (row === 149 ? -1 : Math.floor(row / 3) % 5))
    const first = await outOfFold(new LinearHeads(device, table), { foldOf, folds: 5 }, { labels: noisy, classes: 3 })
    for (const row of changed) expect(first.probabilities[row * 3 + noisy[row]!]).toBeLessThan(0.3)
    expect(first.score.accuracy).toBeGreaterThan(0.85)
    const after = await outOfFold(new LinearHeads(device, table), { foldOf, folds: 5 }, options, first)
    const anew = await outOfFold(new LinearHeads(device, table), { foldOf, folds: 5 }, options, {
      l2: first.l2,
      weights: [],
    })
    after.probabilities.forEach((p, i) => expect(Math.abs(p - anew.probabilities[i]!)).toBeLessThan(0.05))
  })

  it('are chosen by photos they have not learnt from', async () => {
    const judges = mask(rows, row => row % 5 === 0)
    const heads = new LinearHeads(device, table)
    const chosen = await chooseHead(
      heads,
      mask(rows, row => row % 5 !== 0),
      judges,
      options,
    )
    expect(chosen.heldOut.accuracy).toBeGreaterThan(0.8)
    expect([0.3, 0.1, 0.03, 0.01, 0.003]).toContain(chosen.l2)
  })

  it('features that are no numbers are refused', () => {
    const values = Float32Array.of(1, 2, NaN, 4)
    expect(() => new LinearHeads(device, { values, size: 2 })).toThrow('Feature 0 of row 1 is NaN')
  })
})

describe('what heads say of rows of no table', () => {
  it('is the mean of their probabilities', () => {
    const heads = [
      { weight: Float32Array.of(1, 0, 0, 1), bias: Float32Array.of(0, 0) },
      { weight: Float32Array.of(0, 0, 0, 0), bias: Float32Array.of(Math.log(3), 0) },
    ]
    const [first, second, ...more] = headAnswers(heads, { values: Float32Array.of(2, 2, 0, 800), size: 2 }, 2)
    expect([first, second]).toEqual([expect.closeTo((0.5 + 0.75) / 2, 6), expect.closeTo((0.5 + 0.25) / 2, 6)])
    expect(more).toEqual([expect.closeTo(0.375, 6), expect.closeTo(0.625, 6)])
  })

  it('is refused of heads of another size', () => {
    const head = { weight: Float32Array.of(1, 0), bias: Float32Array.of(0, 0) }
    expect(() => headAnswers([head], { values: Float32Array.of(2, 2), size: 2 }, 2)).toThrow('A head of 2 weights')
    expect(() => headAnswers([], { values: Float32Array.of(2, 2), size: 2 }, 2)).toThrow('no head')
  })
})
