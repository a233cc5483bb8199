// What the pool promises: one result for every file, whatever files do to the processes that decode them; quick cancel;
// clean ends.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { PixelBudget } from '../../../src/main/pixels/pool/pixel-budget.ts'
import { fromClock, processorTime } from '../../../src/main/pixels/pool/processor-time.ts'
import { createDecodePool } from '../../../src/main/pixels/pool/pool.ts'
import type { DecodePool, DecodePoolOptions, DecodeRequest, DecodeResult } from '../../../src/main/pixels/types.ts'
import { picture } from './decode/corpus.ts'
import { DECODER, decodeAll, everything } from './pool-helpers.ts'

const KILLER = fileURLToPath(new URL('killer-decoder.ts', import.meta.url))
const photo = await picture().jpeg().toBuffer()
// Each test starts processes of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

let folder: string
let pool: DecodePool

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'winnow-pool-'))
})
afterEach(async () => {
  await pool.close()
  rmSync(folder, { recursive: true, force: true })
})

function open(options: Partial<DecodePoolOptions> = {}): void {
  pool = createDecodePool({ decoderPath: KILLER, processes: 2, ...options })
}

function write(names: readonly string[]): string[] {
  return names.map(name => {
    writeFileSync(join(folder, name), photo)
    return join(folder, name)
  })
}

const codeOf = (result: DecodeResult | undefined): string =>
  result?.status === 'failed' ? result.problem.code : (result?.status ?? 'none')
const timesSeen = (name: string): number =>
  readFileSync(join(folder, 'log.txt'), 'utf8')
    .split('\n')
    .filter(line => line === name).length

describe('files that harm their process', () => {
  test.each([
    ['kill', 'decoder-crashed'],
    ['abort', 'decoder-crashed'],
    ['throw', 'decoder-crashed'],
    ['hang', 'decoder-slow'],
    ['block', 'decoder-slow'],
    ['spin', 'decoder-slow'],
  ])('%s: only the culprit is marked', async (kind, code) => {
    // A starved machine must not make the innocent look slow: the short limit only where something hangs.
    open(code === 'decoder-slow' ? { workMs: 2000, stalledMs: kind === 'spin' ? 60_000 : 4000 } : {})
    const names = Array.from({ length: 24 }, (_, i) => (i === 9 ? `${kind}.jpg` : `fine-${i}.jpg`))
    const results = await decodeAll(pool, write(names))
    expect(names.map((_, key) => codeOf(results.get(key)))).toEqual(names.map((_, key) => (key === 9 ? code : 'ok')))
    expect(results.get(9)).toMatchObject({ problem: { reason: expect.stringContaining(`${kind}.jpg`) } })
    expect(timesSeen(`${kind}.jpg`)).toBeLessThanOrEqual(3)
  })

  test('many killers among many files', async () => {
    open()
    const names = Array.from({ length: 24 }, (_, i) => (i % 12 === 3 ? `kill-${i}.jpg` : `fine-${i}.jpg`))
    const results = await decodeAll(pool, write(names))
    expect(names.map((_, key) => codeOf(results.get(key)))).toEqual(
      names.map(name => (name.startsWith('kill') ? 'decoder-crashed' : 'ok')),
    )
  })

  test('a file that was in flight when a process died is decoded alone, and marked after its second death', async () => {
    open({ processes: 1 })
    const paths = write(['fine-1.jpg', 'kill.jpg', 'fine-2.jpg'])
    const batches: number[][] = []
    const requests = paths.map((path, key): DecodeRequest => ({ key, path, outputs: everything, alone: key === 1 }))
    const codes: string[] = []
    for await (const result of pool.decode(requests, {
      signal: new AbortController().signal,
      onInFlight: keys => batches.push([...keys]),
    })) {
      codes[result.key] = codeOf(result)
    }
    expect(codes).toEqual(['ok', 'decoder-crashed', 'ok'])
    expect(batches).toEqual([[0], [1], [1], [2]])
  })

  test('slow files within the limit are not marked, though their batch takes longer than it', async () => {
    open({ processes: 1, workMs: 1000 })
    const results = await decodeAll(pool, write(Array.from({ length: 8 }, (_, i) => `slow-${i}.jpg`)))
    expect([...results.values()].map(codeOf)).toEqual(Array.from({ length: 8 }, () => 'ok'))
  })
})

describe('the limit is on what a decoder works', () => {
  test('not on how long it waits for a disk, or for its turn on a busy machine', async () => {
    open({ processes: 1, workMs: 1000, stalledMs: 60_000 })
    const results = await decodeAll(pool, write(['wait.jpg', ...(process.platform === 'win32' ? [] : ['stop.jpg'])]))
    for (const result of results.values()) expect(codeOf(result)).toBe('ok')
  })

  test('the two sentences say which it was', async () => {
    open({ workMs: 1500, stalledMs: 3000 })
    const results = await decodeAll(pool, write(['spin.jpg', 'hang.jpg']))
    expect(results.get(0)).toMatchObject({ problem: { values: { seconds: 1.5 } } })
    expect(results.get(1)).toMatchObject({ problem: { values: { stalled: 3 } } })
  })

  test('is read of any process', async () => {
    const worked = await processorTime(process.pid)
    const { user, system } = process.cpuUsage()
    expect(Math.abs(worked! - (user + system) / 1000)).toBeLessThan(500)
    expect(await processorTime(2 ** 30)).toBeNull()
    expect([fromClock('  0:01.25\n'), fromClock('1-02:03:04'), fromClock('nothing')]).toEqual([1250, 93_784_000, null])
  })
})

describe('large photos', () => {
  test('wait for each other, and the wait is not held against them', async () => {
    open({ workMs: 1000 })
    const results = await decodeAll(pool, write(Array.from({ length: 12 }, (_, i) => `large-${i}.jpg`)))
    expect([...results.values()].map(codeOf)).toEqual(Array.from({ length: 12 }, () => 'ok'))
    const turns = readFileSync(join(folder, 'log.txt'), 'utf8')
      .split('\n')
      .filter(line => line.startsWith('large '))
    expect(turns).toEqual(Array.from({ length: 12 }, () => ['large begins', 'large ends']).flat())
  })

  test('share a budget: what fits goes at once, what does not waits, what is larger than all goes alone', async () => {
    const budget = new PixelBudget(300)
    const [a, b, c] = [budget.share(), budget.share(), budget.share()]
    expect(await Promise.all([a.take(100), b.take(200)])).toEqual([true, true])
    const order: string[] = []
    const waiting = c.take(500).then(taken => {
      order.push('c')
      return taken
    })
    expect(await a.take(50)).toBe(true)
    b.release()
    expect(order).toEqual([])
    a.release()
    expect(await waiting).toBe(true)
    const refused = budget.share()
    const never = refused.take(1)
    refused.release()
    expect(await never).toBe(false)
  })
})

describe('the calls', () => {
  test('every file is written down as in flight before a process sees it', async () => {
    open()
    const paths = write(Array.from({ length: 30 }, (_, i) => `fine-${i}.jpg`))
    const inFlight = new Set<number>()
    const requests = paths.map((path, key): DecodeRequest => ({ key, path, outputs: everything }))
    const call = {
      signal: new AbortController().signal,
      onInFlight: (keys: readonly number[]) => keys.forEach(key => inFlight.add(key)),
    }
    for await (const result of pool.decode(requests, call)) expect(inFlight.has(result.key)).toBe(true)
    expect(inFlight.size).toBe(30)
  })

  test('cancelling waits for no decoder that hangs, and the pool goes on working', async () => {
    open({ workMs: 60_000 })
    const abort = new AbortController()
    const paths = write(['hang-1.jpg', 'hang-2.jpg', 'fine.jpg'])
    const pending = decodeAll(pool, paths, everything, abort.signal)
    setTimeout(() => abort.abort(new Error('cancelled by the test')), 700)
    const started = performance.now()
    await expect(pending).rejects.toThrow('cancelled by the test')
    expect(performance.now() - started).toBeLessThan(30_000) // of the 60 that the decoders may take
    expect(codeOf((await decodeAll(pool, [paths[2]!])).get(0))).toBe('ok')
  })

  test('a call that waits for another one can be cancelled too', async () => {
    open({ processes: 1, workMs: 60_000 })
    const paths = write(['hang.jpg', 'fine.jpg'])
    const first = new AbortController(),
      second = new AbortController()
    const holding = decodeAll(pool, [paths[0]!], everything, first.signal)
    const waiting = decodeAll(pool, [paths[1]!], everything, second.signal)
    setTimeout(() => second.abort(new Error('enough')), 300)
    await expect(waiting).rejects.toThrow('enough')
    first.abort(new Error('enough too'))
    await expect(holding).rejects.toThrow('enough too')
  })

  test('a process that died while idle is replaced without a word', async () => {
    open({ processes: 1 })
    const [later, fine] = write(['later.jpg', 'fine.jpg'])
    expect(codeOf((await decodeAll(pool, [later!])).get(0))).toBe('ok')
    await expect.poll(() => readFileSync(join(folder, 'log.txt'), 'utf8')).toContain('gone')
    await new Promise(resolve => setTimeout(resolve, 400)) // what is left is that the pool hears of it
    const batches: number[][] = []
    const call = {
      signal: new AbortController().signal,
      onInFlight: (keys: readonly number[]) => {
        batches.push([...keys])
      },
    }
    for await (const result of pool.decode([{ key: 5, path: fine!, outputs: everything }], call))
      expect(codeOf(result)).toBe('ok')
    expect(batches).toEqual([[5]])
  })

  test('leaving the loop early stops the work and closes the source', async () => {
    open()
    const [path] = write(['fine.jpg'])
    let asked = 0
    let closed = false
    function* endless(): Generator<DecodeRequest> {
      try {
        for (;;) yield { key: asked++, path: path!, outputs: everything }
      } finally {
        closed = true
      }
    }
    let seen = 0
    for await (const _result of pool.decode(endless(), { signal: new AbortController().signal }))
      if (++seen === 20) break
    expect(closed).toBe(true)
    expect(asked).toBeLessThan(1500)
  })

  test('two calls share the processes', async () => {
    open({ decoderPath: DECODER })
    const paths = write(Array.from({ length: 20 }, (_, i) => `fine-${i}.jpg`))
    const [first, second] = await Promise.all([decodeAll(pool, paths), decodeAll(pool, paths)])
    expect([first.size, second.size]).toEqual([20, 20])
  })

  test('closing ends a call at work with a clear error', async () => {
    open({ workMs: 60_000 })
    const pending = decodeAll(pool, write(['hang.jpg']))
    setTimeout(() => void pool.close(), 500)
    await expect(pending).rejects.toMatchObject({ code: 'decoder-closed' })
  })

  test('a decoder that cannot start is an error that says why, not a thousand bad photos', async () => {
    open({ decoderPath: join(folder, 'no-such-decoder.ts') })
    await expect(decodeAll(pool, write(['fine.jpg']))).rejects.toMatchObject({
      code: 'decoder-not-started',
      message: expect.stringContaining('no-such-decoder.ts'),
    })
  })

  test('a decoder that starts slowly is given a second try', async () => {
    const late = join(folder, 'late-decoder.mjs')
    const started = join(folder, 'started')
    writeFileSync(
      late,
      `import { existsSync, writeFileSync } from 'node:fs'
      const again = existsSync(${JSON.stringify(started)})
      writeFileSync(${JSON.stringify(started)}, '')
      if (!again) await new Promise(resolve => setTimeout(resolve, 600_000))
      await import(${JSON.stringify(KILLER)})`,
    )
    open({ decoderPath: late, processes: 1, startWaitsMs: [1500, 60_000] })
    expect(codeOf((await decodeAll(pool, write(['fine.jpg']))).get(0))).toBe('ok')
  })

  test('one that is never ready is an error that does not speak of an installation', async () => {
    const never = join(folder, 'never.mjs')
    writeFileSync(never, 'setTimeout(() => {}, 600_000)')
    open({ decoderPath: never, processes: 1, startWaitsMs: [500, 1000] })
    await expect(decodeAll(pool, write(['fine.jpg']))).rejects.toMatchObject({
      code: 'decoder-not-started',
      message: expect.stringContaining('was not ready after 0.5 and then 1 seconds'),
      fix: expect.not.stringContaining('npm'),
    })
  })

  test('an error of the source ends the call with that error', async () => {
    open()
    const [path] = write(['fine.jpg'])
    async function* broken(): AsyncGenerator<DecodeRequest> {
      yield { key: 0, path: path!, outputs: everything }
      throw new Error('the scan failed')
    }
    const all = async (): Promise<void> => {
      for await (const _result of pool.decode(broken(), { signal: new AbortController().signal }));
    }
    await expect(all()).rejects.toThrow('the scan failed')
  })
})
