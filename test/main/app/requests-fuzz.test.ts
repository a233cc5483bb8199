// Requests with made-up values, in random order and many in one tick, against a library that has photos, decisions and runs: each
// ends, in an answer or in a sentence of its own, and the service answers others meanwhile. WINNOW_FUZZ=100000 sends so many.

import { describe, expect, it } from 'vitest'
import { createDirectClient } from '../../../src/contract/direct.ts'
import { requests, type RequestName } from '../../../src/contract/table.ts'
import { ServiceError } from '../../../src/contract/errors.ts'
import { streams, uniforms } from '../../../src/core/kernels/philox.ts'
import { openService, writeClasses, type TestService } from '../runs/open-service.ts'
import { valueOf } from './made-up-values.ts'

const sent = Number(process.env['WINNOW_FUZZ'] ?? 3000)
const inOneTick = 24

/** These open another library, or begin a decoding of all photos that other tests look at. */
const leftOut: readonly RequestName[] = ['libraries.create', 'libraries.open', 'libraries.sample', 'backbones.get']
const names = (Object.keys(requests) as RequestName[]).filter(name => !leftOut.includes(name))

async function openLibrary(): Promise<TestService> {
  const test = await openService()
  await writeClasses(test.photos, 4)
  await test.importPhotos()
  for (let i = 0; i < 6; i++) await makeRun(test)
  return test
}

/** A run with everything that others read: answers, margins and features. */
async function makeRun({ call, service }: TestService): Promise<void> {
  const { id: runId, photos } = await call('runs.create', {
    preset: 'softmax',
    size: 8,
    channels: 3,
    epochs: 1,
    batch: 4,
    rate: 0.01,
    seed: 5,
    augment: false,
  })
  const rows = photos.train + photos.validation + photos.test
  const floats = (count: number, value: number) => new Uint8Array(new Float32Array(count).fill(value).buffer)
  await service.bytes.predictions.put!({ runId }, floats(rows * 3, 1 / 3))
  await service.bytes.margins.put!({ runId }, floats(2 * rows, 1))
  await service.bytes.embeddings.put!({ runId }, floats(4 * rows, 1))
}

/** The longest time in ms in which nothing else was answered; `stop` tells it. */
function watchPings(): { stop(): number } {
  let [last, longest] = [performance.now(), 0]
  const timer = setInterval(() => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }, 20)
  return {
    stop() {
      clearInterval(timer)
      return longest
    },
  }
}

describe('requests in random order', () => {
  it('all end, none by a fault, and none keeps the others waiting', { timeout: 60_000 + sent * 40 }, async () => {
    const test = await openLibrary()
    const client = createDirectClient(test.service)
    const next = uniforms(7, streams.sample)
    const answered = new Set<RequestName>()
    const faults: string[] = []
    const pings = watchPings()
    const ask = async (name: RequestName) => {
      const params = valueOf(requests[name].params, next)
      try {
        await client.request(name, params as never)
        answered.add(name)
      } catch (error) {
        if (error instanceof ServiceError && error.code !== 'internal') return
        faults.push(`${name} ${JSON.stringify(params).slice(0, 200)}: ${String(error)}`)
      }
    }
    for (let done = 0; done < sent; done += inOneTick) {
      await Promise.all(Array.from({ length: inOneTick }, () => ask(names[Math.floor(next() * names.length)]!)))
      if (done % (40 * inOneTick) === 0) await makeRun(test).catch(() => {})
    }
    expect(faults).toEqual([])
    expect(pings.stop()).toBeLessThan(1000)
    // Values that are all refused would try nothing.
    expect(answered.size).toBeGreaterThan(0.7 * names.length)
  })
})
