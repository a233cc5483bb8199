// Training in half precision: its losses are those of f32 within 2 %, gradients that overflow skip the update and halve
// the loss scale, a resume is exact to the bit, and activations take half the memory.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  adagrad,
  adam,
  withEma,
  createReferenceDevice,
  describePreset,
  rmsprop,
  sgd,
  type Device,
  type Snapshot,
  type TrainEvent,
} from '../../../src/core/index.ts'
import { DataLoader } from '../../../src/core/data/data-loader.ts'
import { zeroStep } from '../../../src/core/kernels/step.ts'
import { lossScale, lossScaleState, scaledLoss } from '../../../src/core/ops/loss-scale.ts'
import { unscaleGradients } from '../../../src/core/optim/unscale.ts'
import { lower } from '../../../src/core/tensor/lower.ts'
import { planMemory } from '../../../src/core/tensor/memory.ts'
import { compile } from '../../../src/core/tensor/plan.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { Trace } from '../../../src/core/tensor/trace.ts'
import { traceTrainingStep } from '../../../src/core/train/steps/step.ts'
import { openGpuDevice } from '../devices.ts'
import { bits, streamingDevice, tinyTraining } from './tiny.ts'

const device = await openGpuDevice()
if (!device?.info.halfPrecision) console.warn('NO GPU WITH shader-f16 FOUND: training in half precision is not run.')

describe.skipIf(!device?.info.halfPrecision)('a training in half precision', () => {
  let streamed: Device
  beforeAll(() => {
    streamed = streamingDevice(device!) // every step is a submit, and so an event
  })
  afterAll(() => device!.destroy())
  const inHalf = (options: Parameters<typeof tinyTraining>[1] = {}) =>
    tinyTraining(streamed, { ...options, more: { precision: 'f16', ...options.more } })

  it('has the losses of f32 within 2 % for 20 steps', async () => {
    const [full, half] = [
      losses((await tinyTraining(streamed, { more: { steps: 20, precision: 'f32' } })).events),
      losses((await inHalf({ more: { steps: 20 } })).events),
    ]
    expect(half).toHaveLength(20)
    expect(half).not.toEqual(full)
    for (const [step, loss] of half.entries())
      expect(Math.abs(loss / full[step]! - 1), `step ${step}: ${loss} for ${full[step]}`).toBeLessThan(0.02)
  })

  it('17 steps and 23 more are 40, bit for bit, with the loss scale', async () => {
    const more = { optimizer: withEma(adam({ weightDecay: 0.01, clipNorm: 0.5 }), 0.9) }
    const whole = await inHalf({ more })
    const part = await inHalf({ more, stopAfter: 16 })
    expect(part.last.step).toBe(17)
    expect([...part.last.moments.get(lossScaleState)!]).toEqual([2 ** 15, 17, 0])
    expect(bits((await inHalf({ more, from: part.last })).last)).toEqual(bits(whole.last))
  })

  it.each([adam(), sgd({ momentum: 0.9, weightDecay: 0.1 }), rmsprop(), adagrad()])(
    'skips updates that overflow, halves the scale each time, and goes on: optimizer %#',
    async optimizer => {
      const start = withScale((await inHalf({ more: { optimizer, steps: 1 } })).last, 2 ** 26)
      const one = await inHalf({ more: { optimizer, steps: 2 }, from: start })
      expect([...one.last.moments.get(lossScaleState)!]).toEqual([2 ** 25, 0, 1])
      expect(learnt(one.last)).toEqual(learnt(start))
      const more = { optimizer, steps: 14 }
      const [many, again] = [await inHalf({ more, from: start }), await inHalf({ more, from: start })]
      const [scale, good, skipped] = many.last.moments.get(lossScaleState)!
      expect([Math.log2(scale!) + skipped!, good! + skipped!]).toEqual([26, 13])
      expect(good).toBeGreaterThan(2)
      expect(learnt(many.last)).not.toEqual(learnt(start))
      expect(bits(again.last)).toEqual(bits(many.last))
    },
  )

  it('goes on from a snapshot of f32, and f32 from one of its own', async () => {
    const [full, half] = [
      await tinyTraining(streamed, { more: { steps: 3, precision: 'f32' } }),
      await inHalf({ more: { steps: 3 } }),
    ]
    expect([...(await inHalf({ more: { steps: 5 }, from: full.last })).last.moments.get(lossScaleState)!]).toEqual([
      2 ** 15,
      2,
      0,
    ])
    expect(
      (await tinyTraining(streamed, { more: { steps: 5, precision: 'f32' }, from: half.last })).last.moments.has(
        lossScaleState,
      ),
    ).toBe(false)
  })

  it('does the same in two parts as f32 does', async () => {
    const narrow = streamingDevice(device!, 11_000) // no room for the partial gradients of a whole batch
    const [full, half] = [
      await tinyTraining(narrow, { more: { steps: 4, precision: 'f32' } }),
      await tinyTraining(narrow, { more: { steps: 4, precision: 'f16' } }),
    ]
    expect(half.events.filter(({ type }) => type === 'note')).toMatchObject([{ code: 'batch-split' }])
    expect([...half.last.moments.get(lossScaleState)!]).toEqual([2 ** 15, 4, 0])
    expect(Math.abs(losses(half.events).at(-1)! / losses(full.events).at(-1)! - 1)).toBeLessThan(0.1)
  })

  it('moves the scale as its reference does', async () => {
    const cases = [
      [
        [3, 4, 9, 0],
        [2 ** 15, 0, 0],
      ],
      [
        [3, Infinity],
        [2 ** 15, 7, 2],
      ],
      [[NaN], [1, 0, 0]],
      [
        [1, 2],
        [2 ** 15, 999, 1],
      ],
      [[1], [2 ** 16, 999, 0]],
    ] as const
    for (const [squares, scale] of cases)
      for (const maximum of [0, 1e-5]) {
        const [shader, reference] = [
          await moved(device!, squares, scale, maximum),
          await moved(createReferenceDevice(), squares, scale, maximum),
        ]
        expect(shader.scale).toEqual(reference.scale)
        for (const [i, value] of reference.others.entries()) expect(shader.others[i]! / value || 1).toBeCloseTo(1, 5)
      }
  })
})

describe('without a GPU that stores f16', () => {
  it('half precision is refused in a sentence', async () => {
    await expect(tinyTraining(createReferenceDevice(), { more: { precision: 'f16' } })).rejects.toThrow(
      'CPU (no GPU) cannot store 16-bit numbers, which the precision f16 needs.',
    )
  })
})

describe('the memory of a step in half precision', () => {
  it.each(['deep-convnet', 'photo-convnet', 'resnet18', 'googlenet'])(
    '%s takes about half for activations and their gradients',
    preset => {
      const [full, half] = [slotBytes(preset, 'f32'), slotBytes(preset, 'f16')]
      expect(half / full).toBeLessThan(0.6)
      expect(half / full).toBeGreaterThan(0.45)
    },
  )
})

function slotBytes(preset: string, precision: 'f32' | 'f16'): number {
  const model = describePreset(preset, { height: 64, width: 64, channels: 3, classes: ['a', 'b', 'c'] })
  const photos = {
    images: new Uint8Array(16 * 64 * 64 * 3),
    labels: new Uint32Array(16),
    height: 64,
    width: 64,
    channels: 3,
  }
  const trace = traceTrainingStep(
    { model, batchSize: 16, optimizer: adam(), labelSmoothing: 0, trainRows: new Uint32Array(16), precision },
    new DataLoader(photos, 16, createReferenceDevice()),
  )
  return planMemory(lower(trace)).slots.reduce((sum, bytes) => sum + bytes, 0)
}

function losses(events: readonly TrainEvent[]): number[] {
  return events.flatMap(event => (event.type === 'step' ? [event.loss] : []))
}

function withScale(snapshot: Snapshot, scale: number): Snapshot {
  return { ...snapshot, moments: new Map([...snapshot.moments, [lossScaleState, Float32Array.of(scale, 0, 0)]]) }
}

/** What an update changes: weights and moments, not the running statistics of batch norm. */
function learnt(snapshot: Snapshot): [string, string][] {
  return [...bits(snapshot)].filter(([name]) => !name.includes('running') && name !== lossScaleState)
}

async function moved(
  on: Device,
  squares: readonly number[],
  scale: readonly number[],
  maximum: number,
): Promise<{ readonly scale: number[]; readonly others: number[] }> {
  const trace = new Trace({ training: true })
  const [input, clip] = [
    trace.state('squares', [squares.length], 'f32', values => values.set(squares)),
    trace.state('clip', [2], 'f32'),
  ]
  lossScale(trace)
  const gradient = scaledLoss(input)
  unscaleGradients(gradient, clip, maximum)
  const store = new Store(on, 1)
  const plan = await compile(on, trace, store)
  try {
    store.write(lossScaleState, Float32Array.from(scale))
    plan.run(zeroStep)
    return { scale: [...(await store.read(lossScaleState))], others: [...(await store.read('clip'))] }
  } finally {
    plan.dispose()
    store.dispose()
  }
}
