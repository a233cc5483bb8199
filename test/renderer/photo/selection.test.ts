// The algebra of selections: the same answers as a plain set of ids, whether it is held as ids or as a query with
// exceptions.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Selection } from '../../../src/contract/records.ts'
import * as algebra from '../../../src/renderer/stores/library/selection-algebra.ts'
import type { Selected } from '../../../src/renderer/stores/library/selection-algebra.ts'

const everyId = Array.from({ length: 20 }, (_, id) => id)
const steps = fc.array(
  fc.oneof(
    fc.record({ what: fc.constant('toggle' as const), ids: fc.tuple(fc.nat(19)) }),
    fc.record({ what: fc.constant('add' as const), ids: fc.array(fc.nat(19), { maxLength: 6 }) }),
    fc.record({ what: fc.constant('all' as const), ids: fc.constant([]) }),
    fc.record({ what: fc.constant('none' as const), ids: fc.constant([]) }),
  ),
  { maxLength: 30 },
)

describe('a selection', () => {
  it('holds what a plain set of ids holds', () => {
    fc.assert(
      fc.property(steps, list => {
        let selected: Selected = algebra.nothing
        let plain = new Set<number>()
        for (const { what, ids } of list) {
          if (what === 'all') [selected, plain] = [algebra.everything({ classId: 1 }), new Set(everyId)]
          else if (what === 'none') [selected, plain] = [algebra.nothing, new Set()]
          else if (what === 'add') {
            selected = algebra.add(selected, ids)
            ids.forEach(id => plain.add(id))
          } else {
            selected = algebra.toggle(selected, ids[0]!)
            if (!plain.delete(ids[0]!)) plain.add(ids[0]!)
          }
          expect(everyId.filter(id => algebra.has(selected, id))).toEqual(everyId.filter(id => plain.has(id)))
          expect(algebra.countOf(selected, everyId.length)).toBe(plain.size)
        }
      }),
    )
  })

  it('of everything is one small query', () => {
    expect(algebra.asRequest(algebra.everything({ split: 'train' }))).toEqual({ filter: { split: 'train' } })
  })

  it('of everything but some is one query too', () => {
    expect(algebra.asRequest(algebra.toggle(algebra.everything({ split: 'train' }), 3))).toEqual({
      filter: { split: 'train' },
      except: [3],
    })
  })

  it('of nothing, or of more ids than the service takes, asks for nothing', () => {
    expect(algebra.asRequest(algebra.nothing)).toBeNull()
    expect(algebra.asRequest(algebra.some(Array.from({ length: algebra.MAX_IDS + 1 }, (_, id) => id)))).toBeNull()
  })

  it('does not change what it was made from', () => {
    const first = algebra.some([1, 2])
    algebra.toggle(first, 1)
    algebra.add(first, [9])
    expect(first).toEqual(algebra.some([1, 2]))
  })
  it('means photos on screen by their ids, or where the list is that very query, and else only the service knows', () => {
    const shown = { split: 'train' } as const
    const meant = (selection: Selection) => {
      const touches = algebra.touches(selection, shown)
      return touches && everyId.filter(id => touches({ id }))
    }
    expect(meant({ ids: [3, 5, 99] })).toEqual([3, 5])
    expect(meant({ filter: shown, except: [0, 1] })).toEqual(everyId.slice(2))
    expect(meant({ filter: shown })).toEqual(everyId)
    expect(meant({ filter: { split: 'test' } })).toBeNull()
  })
})
