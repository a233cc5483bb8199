// How often a run is written down: where writing is slow beside the training, rarely; at its end always.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createDirectClient } from '../../src/contract/direct.ts'
import { ServiceError } from '../../src/contract/errors.ts'
import type { RunEvent } from '../../src/contract/records.ts'
import type { Client } from '../../src/contract/table.ts'
import { CoreError, createReferenceDevice, decodeSnapshot } from '../../src/core/index.ts'
import { SavePacing } from '../../src/training/weights/save-pacing.ts'
import { trainRun } from '../../src/training/session.ts'
import { openService, writeClasses } from '../main/runs/open-service.ts'

describe('the pace of saving', () => {
  afterEach(() => void vi.useRealTimers())

  it('is due at first, and again once nine tenths of the time were work', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] })
    const pace = new SavePacing()
    expect(pace.isDue).toBe(true)
    const saved = pace.timed(() => new Promise(resolve => setTimeout(resolve, 300)))
    vi.advanceTimersByTime(300)
    await saved
    vi.advanceTimersByTime(2_900)
    expect(pace.isDue).toBe(false)
    vi.advanceTimersByTime(200)
    expect(pace.isDue).toBe(true)
  })
})

async function makeRun(): Promise<{ readonly client: Client; readonly runId: number }> {
  const { service, photos, importPhotos } = await openService()
  await writeClasses(photos, 10)
  await importPhotos()
  const client = createDirectClient(service)
  const { id: runId } = await client.request('runs.create', {
    preset: 'simple-conv',
    size: 12,
    channels: 3,
    epochs: 5,
    batch: 6,
    rate: 0.005,
    seed: 3,
    augment: false,
  })
  return { client, runId }
}

const now = performance.now.bind(performance)
let hours = 0
beforeEach(() => {
  hours = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now() + hours * 3_600_000)
})
afterEach(() => void vi.restoreAllMocks())

/** Takes an hour of the clock for each checkpoint to go on from; `onLast` is told before. */
function slow(client: Client, onLast: () => void = () => {}): Client {
  return {
    ...client,
    request: client.request.bind(client),
    getBytes: client.getBytes.bind(client),
    putBytes: async (name, params, bytes) => {
      if ('kind' in params && params.kind === 'last') {
        onLast()
        hours++
      }
      return client.putBytes(name, params, bytes)
    },
  } as Client
}

describe('a run whose disk is slow', () => {
  it('is written down after its first epoch and at its end, and tells what is on the disk alone', async () => {
    const { client, runId } = await makeRun()
    const last: RunEvent[] = []
    const onEvent = (event: RunEvent) => event.type === 'checkpoint' && event.kind === 'last' && last.push(event)
    const { summary } = await trainRun({
      client: slow(client),
      runId,
      openDevice: async () => createReferenceDevice(),
      onEvent,
    })
    expect(summary!.epochs).toBe(5)
    expect(last).toMatchObject([{ epoch: 1 }, { epoch: 5, step: summary!.steps }])
    expect(decodeSnapshot(await client.getBytes('checkpoint', { runId, kind: 'last' })).step).toBe(summary!.steps)
  })
})

describe('a run that was cut off behind its last checkpoint', () => {
  it('does not put worse weights in the place of the best it had kept', async () => {
    const { client, runId } = await makeRun()
    const bestOnDisk = async () =>
      decodeSnapshot(await client.getBytes('checkpoint', { runId, kind: 'best' })).progress.best!
    await new Promise<void>(cutOff => {
      let isOver = false
      const onEvent = (event: RunEvent) =>
        (isOver ||= event.type === 'checkpoint' && event.kind === 'best' && event.epoch === 4)
      const gate = () => (isOver ? new Promise<void>(() => cutOff()) : Promise.resolve())
      void trainRun({ client: slow(client), runId, openDevice: async () => createReferenceDevice(), onEvent, gate })
    })
    await client.request('runs.finish', { runId, state: 'failed', summary: null, error: null })
    expect(decodeSnapshot(await client.getBytes('checkpoint', { runId, kind: 'last' })).progress.best!.epoch).toBe(1)
    const before = await bestOnDisk()
    expect(before.epoch).toBe(4)
    await client.request('runs.resume', { runId })
    const stop = new AbortController()
    const scores: number[] = []
    const onEvent = (event: RunEvent) => {
      if (event.type !== 'evaluated') return
      scores.push(event.loss)
      if (event.epoch === 2) stop.abort()
    }
    await trainRun({ client, runId, openDevice: async () => createReferenceDevice(), signal: stop.signal, onEvent })
    expect(scores).toHaveLength(1)
    expect(scores[0]).toBeGreaterThan(before.loss)
    expect(await bestOnDisk()).toEqual(before)
  })
})

describe('a run that fails', () => {
  /** Trains until epoch 3 has been measured; then nothing runs any more. */
  async function failing(client: Client, runId: number): Promise<RunEvent[]> {
    const seen: RunEvent[] = []
    const device = createReferenceDevice()
    const run = device.run.bind(device)
    device.run = turns => {
      if (seen.some(event => event.type === 'evaluated' && event.epoch === 3))
        throw new CoreError('shader-failed', 'The GPU refused a command (told so by the test).', 'Wait.')
      run(turns)
    }
    await expect(
      trainRun({ client, runId, openDevice: async () => device, onEvent: event => seen.push(event) }),
    ).rejects.toMatchObject({ code: 'shader-failed' })
    return seen
  }

  it.each([
    ['fast', (client: Client) => client],
    ['slow', slow],
  ])('leaves all that it told, and the newest to go on from, on a disk that is %s', async (_, on) => {
    const { client, runId } = await makeRun()
    const seen = await failing(on(client), runId)
    expect(await client.request('runs.events', { runId })).toEqual(seen)
    expect(seen.findLast(event => event.type === 'checkpoint' && event.kind === 'last')).toMatchObject({ epoch: 2 })
    expect(await client.request('runs.get', { runId })).toMatchObject({
      state: 'failed',
      error: { code: 'shader-failed' },
    })
  })

  it('says why, and leaves what it told, though it cannot be written down either', async () => {
    const { client, runId } = await makeRun()
    let saves = 0
    const full = () => {
      if (++saves > 1) throw new ServiceError('disk-full', 'The disk is full (filled by the test).', 'Make room.')
    }
    const seen = await failing(slow(client, full), runId)
    expect(saves).toBe(2)
    expect(await client.request('runs.events', { runId })).toEqual(seen)
    expect(await client.request('runs.get', { runId })).toMatchObject({
      state: 'failed',
      error: { code: 'shader-failed' },
    })
  })
})
