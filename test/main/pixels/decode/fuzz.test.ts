// Whole formats with bytes flipped, cut and put in, through the real pool: every file gets a result and no process
// dies. The seed is fixed, so a failure comes again; WINNOW_FUZZ=<count> runs more.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDecodePool } from '../../../../src/main/pixels/pool/pool.ts'
import { makeCorpus } from './corpus.ts'
import { DECODER, decodeAll } from '../pool-helpers.ts'

const COUNT = Number(process.env['WINNOW_FUZZ'] ?? 250)
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'winnow-fuzz-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A small generator with a seed: 0 to below `limit`. */
function dice(seed: number): (limit: number) => number {
  let state = seed
  return limit => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

function harm(bytes: Uint8Array, roll: (limit: number) => number): Buffer {
  const harmed = Buffer.from(bytes)
  // Headers are where decoders are led astray: half of the edits go there.
  for (let edits = 1 + roll(6); edits > 0; edits--) {
    harmed[roll(2) ? roll(Math.min(harmed.length, 200)) : roll(harmed.length)] = roll(2) ? roll(256) : 255
  }
  const at = roll(harmed.length)
  return [
    harmed,
    harmed,
    harmed.subarray(0, at),
    Buffer.concat([harmed.subarray(0, at), Buffer.alloc(roll(50), roll(256)), harmed.subarray(at)]),
  ][roll(4)]!
}

test(`${COUNT} harmed files each get a result, and no process dies`, async () => {
  const roll = dice(7)
  const good = (await makeCorpus()).filter(file => file.expect === 'ok')
  const paths = Array.from({ length: COUNT }, (_, i) => {
    const { name, bytes } = good[i % good.length]!
    const path = join(folder, `${i}-${name}`)
    writeFileSync(path, harm(bytes, roll))
    return path
  })
  const pool = createDecodePool({ decoderPath: DECODER, processes: 2, maxPixels: 4_000_000 })
  try {
    const results = await decodeAll(pool, paths)
    const died = [...results.values()].filter(
      result => result.status === 'failed' && ['decoder-crashed', 'decoder-slow'].includes(result.problem.code),
    )
    expect(died.map(result => paths[result.key])).toEqual([])
    expect(results.size).toBe(COUNT)
    expect([...results.values()].filter(result => result.status === 'failed').length).toBeGreaterThan(COUNT / 10)
  } finally {
    await pool.close()
  }
}, 600_000)
