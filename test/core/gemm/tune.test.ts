// Tile configs chosen by measuring and remembered as text; text that is foreign or broken counts as nothing.

import { describe, expect, it } from 'vitest'
import { matmulProduct } from '../../../src/core/gemm/matmul.ts'
import { readTuning, tuneProduct, writeTuning } from '../../../src/core/gemm/tune.ts'
import { pickTileConfig, tileConfigsFor } from '../../../src/core/gemm/tile-configs.ts'
import { type TileConfig, plainTarget } from '../../../src/core/kernels/target.ts'

const product = matmulProduct({ M: 512, N: 64, K: 256 })
const adapter = 'some GPU, driver 1'
const cuts = new Map<string, TileConfig>([['product M=512', tileConfigsFor(plainTarget)[3]!]])

describe('tuning', () => {
  it('takes the fastest cut and passes over one that does not compile', async () => {
    const times = [3, Number.NaN, 1, 2, 5, 4]
    const measured: TileConfig[] = []
    const chosen = await tuneProduct(product, plainTarget, async variant => {
      const time = times[measured.push(variant) - 1]!
      if (Number.isNaN(time)) throw new Error('does not compile')
      return time
    })
    expect(measured).toHaveLength(6)
    expect(chosen).toEqual({ config: measured[2], milliseconds: 1 })
  })

  it('keeps the rule of thumb where nothing can be measured', async () => {
    expect((await tuneProduct(product, plainTarget, () => Promise.reject(new Error('lost')))).config).toEqual(
      pickTileConfig(product, plainTarget),
    )
  })
})

describe('remembered tile configs', () => {
  it('come back for the same adapter', () => {
    expect(readTuning(writeTuning(adapter, cuts), adapter, plainTarget)).toEqual(cuts)
  })

  it.each([
    ['another adapter', writeTuning('another GPU', cuts)],
    [
      'another kind of device',
      writeTuning(
        adapter,
        new Map([['product M=512', { family: 'lanes', lanes: 8, rows: 4, quads: 4, step: 4 } as const]]),
      ),
    ],
    [
      'a cut beyond the table',
      writeTuning(
        adapter,
        new Map([['product M=512', { family: 'tiles', down: 64, across: 64, rows: 8, quads: 8, depth: 64 } as const]]),
      ),
    ],
    ['a later version', writeTuning(adapter, cuts).replace('"version":1', '"version":2')],
    ['half a file', writeTuning(adapter, cuts).slice(0, 40)],
    ['something else', '[1, null]'],
    ['nothing', 'null'],
  ])('are ignored from %s', (_, text) => {
    expect(readTuning(text, adapter, plainTarget)).toEqual(new Map())
  })
})
