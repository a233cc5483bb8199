// How often a run is written down: where writing is slow beside the training, rarely; at its end always.

import { afterEach, describe, expect, it, vi } from 'vitest'
import { createDirectClient } from '../../src/contract/direct.ts'
import type { RunEvent } from '../../src/contract/records.ts'
import type { Client } from '../../src/contract/table.ts'
import { createCpuDevice, decodeSnapshot } from '../../src/core/index.ts'
import { SavePace } from '../../src/training/save-pace.ts'
import { trainRun } from '../../src/training/session.ts'
import { openService, writeClasses } from '../main/runs/open-service.ts'

describe('the pace of saving', () => {
  afterEach(() => void vi.useRealTimers())

  it('is due at first, and again once nine tenths of the time were work', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] })
    const pace = new SavePace()
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

describe('a run whose disk is slow', () => {
  /** Takes a second for each checkpoint to go on from. */
  function slow(client: Client): Client {
    return {
      ...client, request: client.request.bind(client), getBytes: client.getBytes.bind(client),
      putBytes: async (name, params, bytes) => {
        if ('kind' in params && params.kind === 'last') await new Promise(resolve => setTimeout(resolve, 1_000))
        return client.putBytes(name, params, bytes)
      },
    } as Client
  }

  it('is written down after its first epoch and at its end, and tells what is on the disk alone', async () => {
    const { service, photos, importPhotos } = await openService()
    await writeClasses(photos, 10)
    await importPhotos()
    const client = createDirectClient(service)
    const { id: runId } = await client.request('runs.create', { preset: 'simple-conv', size: 12, channels: 3, epochs: 5, batch: 6, rate: 0.005, seed: 3, augment: false })
    const last: RunEvent[] = []
    const onEvent = (event: RunEvent) => event.type === 'checkpoint' && event.kind === 'last' && last.push(event)
    const { summary } = await trainRun({ client: slow(client), runId, openDevice: async () => createCpuDevice(), onEvent })
    expect(summary!.epochs).toBe(5)
    expect(last).toMatchObject([{ epoch: 1 }, { epoch: 5, step: summary!.steps }])
    expect(decodeSnapshot(await client.getBytes('checkpoint', { runId, kind: 'last' })).step).toBe(summary!.steps)
  })
})
