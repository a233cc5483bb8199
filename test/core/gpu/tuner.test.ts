// The tuner measures what is not remembered, remembers what it measured, and trusts nothing foreign. The bench is made
// up: what it says a cut takes is the test's business; that cuts compile and give the same numbers is in
// test/core/gemm.

import { describe, expect, it } from 'vitest'
import { product } from '../../../src/core/gemm/kernels.ts'
import { candidatesFor, type TuningMemory } from '../../../src/core/gemm/tune.ts'
import type { BoundCall } from '../../../src/core/device.ts'
import type { Kernel } from '../../../src/core/kernels/kernel.ts'
import { plainTarget, type Target } from '../../../src/core/kernels/target.ts'
import { Tuner, type Measured, type Workbench } from '../../../src/core/gpu/tuner.ts'
import { reluForward } from '../../../src/core/kernels/elementwise/relu.ts'

const call = (M: number): BoundCall => ({
  kernel: product as unknown as Kernel,
  constants: { M, N: 64, K: 32, TRANSPOSE_A: 0, TRANSPOSE_B: 0 },
  ranges: {},
})
const other: BoundCall = { kernel: reluForward as unknown as Kernel, constants: { LENGTH: 4 }, ranges: {} }

function memory(adapter: string, text?: string): TuningMemory & { text: string | undefined } {
  const held = { adapter, text, load: async () => held.text, save: async (saved: string) => void (held.text = saved) }
  return held
}

/** The third candidate of each product is the fastest. Counts what is timed. */
function bench(): Workbench<number> & { timed: number } {
  const orders = new Map<string, number>()
  const made = {
    timed: 0,
    prepare: async ({ constants }: BoundCall, target: Target) => {
      const key = JSON.stringify([constants, [...target.tuning!.keys()]])
      orders.set(key, (orders.get(key) ?? 0) + 1)
      return orders.get(key)! === 3 ? 1 : 5
    },
    time: async (milliseconds: number) => (made.timed++, milliseconds),
  }
  return made
}

const third = candidatesFor(product.product({ M: 512, N: 64, K: 32, TRANSPOSE_A: 0, TRANSPOSE_B: 0 }), plainTarget)[2]

describe('tuner', () => {
  it('measures each product once, takes the fastest, and leaves other kernels alone', async () => {
    const [kept, work, found] = [memory('gpu'), bench(), [] as Measured[]]
    const tuner = new Tuner({ memory: kept, measures: true, onMeasured: result => found.push(result) })
    await tuner.before([call(512), call(512), other], plainTarget, work)
    expect(work.timed).toBe(6)
    expect([...tuner.configs.values()]).toEqual([third])
    expect(found).toMatchObject([{ milliseconds: 1 }])
    await tuner.before([call(512), call(1024)], plainTarget, work)
    expect(work.timed, 'only the new one').toBe(12)
  })

  it('remembers over devices, and measures nothing then', async () => {
    const kept = memory('gpu')
    await new Tuner({ memory: kept, measures: true }).before([call(512)], plainTarget, bench())
    const [later, work] = [new Tuner({ memory: kept, measures: true }), bench()]
    await later.before([call(512)], plainTarget, work)
    expect(work.timed).toBe(0)
    expect([...later.configs.values()]).toEqual([third])
  })

  it('keeps the findings of others beside the cuts, for this adapter alone', async () => {
    const kept = memory('gpu')
    await new Tuner({ memory: kept, measures: true }).before([call(512)], plainTarget, bench())
    await new Tuner({ memory: kept, measures: true }).remember('which is faster', 'this one', plainTarget)
    const later = new Tuner({ memory: kept, measures: true })
    expect(await later.recall('which is faster', plainTarget)).toBe('this one')
    expect(
      await new Tuner({ memory: memory('another gpu', kept.text), measures: true }).recall(
        'which is faster',
        plainTarget,
      ),
    ).toBeUndefined()
    await later.before([], plainTarget, bench())
    expect([...later.configs.values()], 'the cuts are still there').toEqual([third])
  })

  it('measures anew where what is remembered is of another adapter or broken', async () => {
    const kept = memory('gpu')
    await new Tuner({ memory: kept, measures: true }).before([call(512)], plainTarget, bench())
    for (const foreign of [memory('another gpu', kept.text), memory('gpu', kept.text!.slice(1)), memory('gpu', '{}')]) {
      const work = bench()
      await new Tuner({ memory: foreign, measures: true }).before([call(512)], plainTarget, work)
      expect(work.timed).toBe(6)
      expect(JSON.parse(foreign.text!)).toMatchObject({ adapter: foreign.adapter })
    }
  })

  it('uses what is remembered where it may not measure, and nothing else', async () => {
    const kept = memory('gpu')
    const [unknown, work] = [new Tuner({ memory: kept, measures: false }), bench()]
    await unknown.before([call(512)], plainTarget, work)
    expect([work.timed, unknown.configs.size, kept.text]).toEqual([0, 0, undefined])
    await new Tuner({ memory: kept, measures: true }).before([call(512)], plainTarget, bench())
    const known = new Tuner({ memory: kept, measures: false })
    await known.before([call(512)], plainTarget, work)
    expect([...known.configs.values()]).toEqual([third])
  })

  it('stops when its time is spent, and goes on without a memory that fails', async () => {
    const failing: TuningMemory = {
      adapter: 'gpu',
      load: () => Promise.reject(new Error('no disk')),
      save: () => Promise.reject(new Error('no disk')),
    }
    const [tuner, work] = [new Tuner({ memory: failing, measures: true, budgetMs: 5 }), bench()]
    const slow = {
      ...work,
      time: async (milliseconds: number) => (await new Promise(resolve => setTimeout(resolve, 3)), milliseconds),
    }
    await tuner.before([call(512), call(1024), call(2048)], plainTarget, slow)
    expect(tuner.configs.size).toBe(1)
  })
})
