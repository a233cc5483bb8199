// The memory plan: two tensors that live at the same time never share a slot, whatever the calls.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kernel } from '../../../src/core/kernels/kernel.ts'
import { planMemory } from '../../../src/core/tensor/memory.ts'
import { bytesOf } from '../../../src/core/tensor/shape.ts'
import { type Tensor, Trace } from '../../../src/core/tensor/trace.ts'

/** A call that reads and writes nothing but touches these tensors. */
function call(trace: Trace, ...tensors: readonly Tensor[]): void {
  const bound = Object.fromEntries(tensors.map((tensor, i) => [`t${i}`, tensor]))
  const bindings = Object.fromEntries(Object.keys(bound).map(name => [name, 'update' as const]))
  const nothing = kernel({
    name: 'nothing',
    source: '',
    bindings,
    constants: [],
    grid: () => [1, 1, 1],
    reference: () => {},
  })
  trace.call(nothing, bound, {})
}

describe('planMemory', () => {
  it('uses two slots for a chain however long it is', () => {
    const trace = new Trace({ training: false })
    let x = trace.tensor([100])
    for (let i = 0; i < 10; i++) {
      const y = trace.tensor([100])
      call(trace, x, y)
      x = y
    }
    expect(planMemory(trace.calls).slots).toEqual([400, 400])
  })

  it('keeps what is read later, by whatever name', () => {
    const trace = new Trace({ training: false })
    const [x, y, z] = [trace.tensor([4]), trace.tensor([4]), trace.tensor([4])]
    call(trace, x)
    call(trace, y)
    call(trace, z, trace.alias(x, [2, 2]))
    const { slotOf } = planMemory(trace.calls)
    expect(slotOf.get(y)).not.toBe(slotOf.get(x))
    expect(slotOf.get(z)).not.toBe(slotOf.get(x))
  })

  it('never lets two living tensors share a slot, and every slot holds its tensors', () => {
    const reads = fc.array(fc.tuple(fc.nat({ max: 8 }), fc.nat({ max: 3 }), fc.integer({ min: 1, max: 50 })), {
      minLength: 1,
      maxLength: 40,
    })
    fc.assert(
      fc.property(reads, calls => {
        const trace = new Trace({ training: false })
        const made: Tensor[] = [trace.tensor([7])]
        for (const [back, aliased, size] of calls) {
          const read = made[Math.max(0, made.length - 1 - back)]!
          const y = trace.tensor([size], size % 3 === 0 ? 'u8' : 'f32')
          call(trace, aliased === 0 ? trace.alias(read, [read.size, 1]) : read, y)
          made.push(y)
        }
        const { slots, slotOf } = planMemory(trace.calls)
        const lives = made.map(tensor => ({
          tensor,
          at: trace.calls.flatMap((c, i) => (Object.values(c.tensors).some(t => (t.base ?? t) === tensor) ? [i] : [])),
        }))
        for (const a of lives) {
          expect(slots[slotOf.get(a.tensor)!]).toBeGreaterThanOrEqual(bytesOf(a.tensor))
          for (const b of lives) {
            const apart = a === b || a.at.at(-1)! < b.at[0]! || b.at.at(-1)! < a.at[0]!
            if (!apart) expect(slotOf.get(a.tensor)).not.toBe(slotOf.get(b.tensor))
          }
        }
      }),
      { numRuns: 60, seed: 1 },
    )
  })
})
