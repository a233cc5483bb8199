// A whole run through a real service on a real library: photos in, events, checkpoints and predictions out; stopped,
// paused, and with a device that goes away in the middle.

import { describe, expect, it } from 'vitest'
import { createDirectClient } from '../../src/contract/direct.ts'
import type { RunEvent, RunSettings } from '../../src/contract/records.ts'
import type { Client } from '../../src/contract/table.ts'
import { CoreError, createReferenceDevice, decodeSnapshot, type Device } from '../../src/core/index.ts'
import { trainRun } from '../../src/training/session.ts'
import { openService, writeClasses } from '../main/runs/open-service.ts'

const settings: RunSettings = {
  preset: 'simple-conv',
  size: 12,
  channels: 3,
  epochs: 4,
  batch: 6,
  rate: 0.005,
  seed: 3,
  augment: false,
}

async function makeRun(): Promise<{ readonly client: Client; readonly runId: number }> {
  const { service, photos, importPhotos } = await openService()
  await writeClasses(photos, 10)
  await importPhotos()
  const client = createDirectClient(service)
  const { id } = await client.request('runs.create', settings)
  return { client, runId: id }
}

/** A CPU device that fails as a lost GPU does, at its `submit`-th submit. */
function losing(submit: number): Device {
  return besides(submits => {
    if (submits >= submit)
      throw new CoreError('device-lost', 'The GPU stopped answering (pulled by the test).', 'Wait.')
  })
}

/** A CPU device that does something else before each submit, told how many there were. */
function besides(other: (submits: number) => void): Device {
  const device = createReferenceDevice()
  return new Proxy(device, {
    get(target, name: keyof Device) {
      if (name === 'run') {
        return (...args: Parameters<Device['run']>) => {
          other(target.counters.submits)
          return target.run(...args)
        }
      }
      const value = target[name]
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** A CPU device that tells other losses than it measured, from a step on. */
function withLosses(other: (loss: number) => number, from: number): Device {
  const device = createReferenceDevice()
  let submits = 0
  return new Proxy(device, {
    get(target, name: keyof Device) {
      if (name === 'run')
        return (...args: Parameters<Device['run']>) => (
          (submits = Math.max(submits, args[0].at(-1)!.step.step)),
          target.run(...args)
        )
      if (name === 'read') {
        return async (...args: Parameters<Device['read']>) => {
          const bytes = await target.read(...args)
          if (args[0].label !== 'metrics' || submits < from) return bytes
          return new Float32Array(bytes).map((value, i) => (i % 4 === 0 ? other(value) : value)).buffer
        }
      }
      const value = target[name]
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

describe('a run', () => {
  it('learns, and leaves events, checkpoints, predictions and a summary with the service', async () => {
    const { client, runId } = await makeRun()
    const seen: RunEvent[] = []
    const run = await trainRun({
      client,
      runId,
      openDevice: async () => createReferenceDevice(),
      onEvent: event => seen.push(event),
    })
    expect(run.state).toBe('done')
    expect(run.summary).toMatchObject({ epochs: 4, adapter: 'CPU (no GPU)', validationAccuracy: 1 })
    expect(await client.request('runs.events', { runId })).toEqual(seen)
    expect(seen[0]!.type).toBe('started')
    expect(seen.at(-1)).toMatchObject({ type: 'ended', state: 'done', epoch: 4 })
    expect(seen.filter(event => event.type === 'evaluated')).toHaveLength(4)
    expect(seen.some(event => event.type === 'predictions')).toBe(true)
    const { photoIds } = await client.request('runs.rows', { runId })
    const probabilities = new Float32Array((await client.getBytes('predictions', { runId })).buffer)
    expect(probabilities).toHaveLength(photoIds.length * 3)
    expect(await client.getBytes('embeddings', { runId })).toHaveLength(photoIds.length * 64 * 4)
    expect(decodeSnapshot(await client.getBytes('checkpoint', { runId, kind: 'last' })).step).toBe(run.summary!.steps)
    const margins = new Float32Array((await client.getBytes('margins', { runId })).slice().buffer)
    const { splits } = await client.request('runs.rows', { runId })
    expect([...margins.subarray(0, splits.length)].map(Number.isNaN)).toEqual(splits.map(split => split !== 0))
    const shown = [...margins.subarray(splits.length)]
    expect(shown.map(count => count > 0)).toEqual(splits.map(split => split === 0))
    expect(shown.reduce((sum, count) => sum + count, 0)).toBe(run.summary!.steps * settings.batch)
    const { photos } = await client.request('photos.page', {
      filter: { runId, wrong: false },
      sort: 'added',
      offset: 0,
      limit: 100,
    })
    expect(photos).toHaveLength(photoIds.length)
    expect(photos[0]!.prediction!.className).toBe(photos[0]!.className)
  })

  it('stops within a submit when told to, and keeps what it learnt', async () => {
    const { client, runId } = await makeRun()
    const stop = new AbortController()
    const onEvent = (event: RunEvent) => event.type === 'evaluated' && stop.abort()
    const run = await trainRun({
      client,
      runId,
      openDevice: async () => createReferenceDevice(),
      signal: stop.signal,
      onEvent,
    })
    expect(run.state).toBe('stopped')
    expect(run.summary!.epochs).toBeLessThan(4)
    expect((await client.getBytes('predictions', { runId })).length).toBeGreaterThan(0)
  })

  it('stops while its pixels are being made, and says so', async () => {
    const { client, runId } = await makeRun()
    const stop = new AbortController()
    const told: unknown[] = []
    const impatient: Client = {
      ...client,
      request: (name, params, signal) => {
        if (name === 'runs.prepare') {
          told.push(signal)
          stop.abort()
        }
        return client.request(name, params, signal)
      },
    }
    const training = trainRun({
      client: impatient,
      runId,
      openDevice: async () => createReferenceDevice(),
      signal: stop.signal,
    })
    await expect(training).rejects.toMatchObject({
      code: 'cancelled',
      message: 'Training was stopped before it began.',
    })
    expect(told).toEqual([stop.signal])
    expect(await client.request('runs.get', { runId })).toMatchObject({ state: 'failed', error: { code: 'cancelled' } })
  })

  it('waits at the gate, so a pause loses nothing', async () => {
    const { client, runId } = await makeRun()
    let events = 0
    let passes = 0
    const run = await trainRun({
      client,
      runId,
      openDevice: async () => createReferenceDevice(),
      onEvent: () => events++,
      gate: async () => {
        const before = events
        await new Promise(resolve => setTimeout(resolve, passes++ < 3 ? 60 : 0))
        expect(events).toBe(before)
      },
    })
    expect(run.state).toBe('done')
    expect(passes).toBeGreaterThan(3)
  })
})

describe('a run that was stopped', () => {
  it('goes on from its last checkpoint to the weights and margins of one that never was, however often it is stopped within epochs', async () => {
    const weightsOf = async ({ client, runId }: { client: Client; runId: number }) =>
      decodeSnapshot(await client.getBytes('checkpoint', { runId, kind: 'last' }))
    const undisturbed = await makeRun()
    await trainRun({ ...undisturbed, openDevice: async () => createReferenceDevice() })
    const { client, runId } = await makeRun()
    let seconds = 0
    for (let step = 1; step <= 6; step++) {
      const stop = new AbortController()
      let started = false
      const owed = step === 5 // the evaluation of the first epoch, which the stop at step 4 broke off
      const onEvent = (event: RunEvent) => {
        started ||= owed ? event.type === 'checkpoint' && event.kind === 'last' : event.type === 'started'
      }
      const stopped = await trainRun({
        client,
        runId,
        openDevice: async () =>
          besides(() => {
            if (started) stop.abort()
          }),
        signal: stop.signal,
        onEvent,
      })
      expect(stopped).toMatchObject({ state: 'stopped', summary: { epochs: Math.floor(step / 4) } })
      expect((await weightsOf({ client, runId })).step).toBe(step)
      expect(stopped.summary!.seconds).toBeGreaterThan(seconds)
      seconds = stopped.summary!.seconds
      expect(await client.request('runs.resume', { runId })).toMatchObject({ state: 'created' })
    }
    const run = await trainRun({ client, runId, openDevice: async () => createReferenceDevice() })
    expect(run).toMatchObject({ state: 'done', summary: { epochs: 4 } })
    expect(await weightsOf({ client, runId })).toEqual(await weightsOf(undisturbed))
    const events = await client.request('runs.events', { runId })
    expect(events.filter(event => event.type === 'note').map(({ code }) => code)).toEqual(
      Array.from({ length: 6 }, () => 'resumed'),
    )
    const margins = async (of: typeof undisturbed) =>
      new Float32Array((await of.client.getBytes('margins', { runId: of.runId })).slice().buffer)
    const expected = await margins(undisturbed)
    ;(await margins({ client, runId })).forEach((margin, at) =>
      Number.isNaN(margin) ? expect(expected[at]).toBeNaN() : expect(margin).toBeCloseTo(expected[at]!, 4),
    )
  })

  it('is not one that is done, that trains, or that saved nothing', async () => {
    const { client, runId } = await makeRun()
    const other = await client.request('runs.create', settings)
    await client.request('runs.finish', { runId: other.id, state: 'failed', summary: null, error: null })
    await expect(client.request('runs.resume', { runId: other.id })).rejects.toMatchObject({ code: 'no-checkpoint' })
    let asked: unknown
    const onEvent = (event: RunEvent) =>
      event.type === 'evaluated' &&
      event.epoch === 1 &&
      void client.request('runs.resume', { runId }).catch((error: unknown) => (asked = error))
    await trainRun({ client, runId, openDevice: async () => createReferenceDevice(), onEvent })
    expect(asked).toMatchObject({ code: 'cannot-resume', message: expect.stringContaining('is training') })
    await expect(client.request('runs.resume', { runId })).rejects.toMatchObject({
      code: 'cannot-resume',
      message: expect.stringContaining('to its end'),
    })
  })
})

describe('a run with balanced classes and averaged weights', () => {
  it('says the weights, and keeps the averaged ones as its best', async () => {
    const { client } = await makeRun()
    const { id: runId } = await client.request('runs.create', { ...settings, classWeights: 'balanced', average: 0.9 })
    await trainRun({ client, runId, openDevice: async () => createReferenceDevice() })
    const [note] = await client.request('runs.events', { runId })
    expect(note).toMatchObject({ type: 'note', code: 'class-weights', message: expect.stringMatching(/red \d\.\d\d/) })
    const [best, last] = await Promise.all(
      (['best', 'last'] as const).map(async kind =>
        decodeSnapshot(await client.getBytes('checkpoint', { runId, kind })),
      ),
    )
    expect(best!.average).toBeUndefined()
    expect(last!.average!.get('conv1.weight')!.data).not.toEqual(last!.state.get('conv1.weight')!.data)
    if (best!.step === last!.step) expect(best!.state).toEqual(last!.average)
  })
})

describe('what a run shows twice counts once in the margins of its photos', () => {
  /** How often each photo of the run counts, against how often the run that is left has shown it. */
  async function expectCountedOnce({ client, runId }: { client: Client; runId: number }): Promise<void> {
    const { summary } = await client.request('runs.get', { runId })
    const values = new Float32Array((await client.getBytes('margins', { runId })).slice().buffer)
    expect(values.subarray(values.length / 2).reduce((sum, count) => sum + count, 0)).toBe(
      summary!.steps * settings.batch,
    )
  }

  it('after a roll-back past several epochs', async () => {
    const { client } = await makeRun()
    const { id: runId } = await client.request('runs.create', { ...settings, preset: 'softmax', epochs: 80 })
    let isWild = true
    const device = withLosses(loss => (isWild ? loss + 1e3 : loss), 60)
    const codes: string[] = []
    await trainRun({
      client,
      runId,
      openDevice: async () => device,
      onEvent: event => {
        if (event.type === 'note') codes.push(event.code)
        if (event.type === 'note' && event.code === 'rolled-back') isWild = false
      },
    })
    expect(codes).toEqual(['loss-spike', 'rolled-back'])
    await expectCountedOnce({ client, runId })
  })

  it('after the loss of the device, at whichever submit of an epoch and its evaluation', async () => {
    for (let submit = 5; submit <= 12; submit++) {
      const { client, runId } = await makeRun()
      const devices = [losing(submit)]
      await trainRun({ client, runId, openDevice: async () => devices.pop() ?? createReferenceDevice() })
      expect(devices).toEqual([])
      await expectCountedOnce({ client, runId })
    }
  })
})

describe('a run that begins with the weights of another', () => {
  it('takes what fits, says so, and is right from the start', async () => {
    const { client, runId } = await makeRun()
    await trainRun({ client, runId, openDevice: async () => createReferenceDevice() })
    const second = await client.request('runs.create', { ...settings, epochs: 1, rate: 1e-6, fromRunId: runId })
    const run = await trainRun({ client, runId: second.id, openDevice: async () => createReferenceDevice() })
    expect(run.summary).toMatchObject({ epochs: 1, validationAccuracy: 1 })
    const notes = (await client.request('runs.events', { runId: second.id })).filter(event => event.type === 'note')
    expect(notes).toMatchObject([{ code: 'weights-taken', message: '8 of 8 tensors begin with the given weights.' }])
  })
})

describe('a device that goes away', () => {
  it('is replaced, and training goes on from the last checkpoint to the same end', async () => {
    const undisturbed = await makeRun()
    await trainRun({ ...undisturbed, openDevice: async () => createReferenceDevice() })
    const { client, runId } = await makeRun()
    const devices = [losing(11)]
    const run = await trainRun({ client, runId, openDevice: async () => devices.pop() ?? createReferenceDevice() })
    expect(run.state).toBe('done')
    const notes = (await client.request('runs.events', { runId })).filter(event => event.type === 'note')
    expect(notes).toMatchObject([{ code: 'device-lost', warning: true }])
    const weights = await Promise.all(
      [undisturbed, { client, runId }].map(
        async of =>
          decodeSnapshot(await of.client.getBytes('checkpoint', { runId: of.runId, kind: 'last' })).state.get(
            'conv1.weight',
          )!.data,
      ),
    )
    expect(weights[0]).toEqual(weights[1])
  })

  it('keeps the best weights though it goes away between their evaluation and their checkpoint', async () => {
    const bestOf = async ({ client, runId }: { client: Client; runId: number }) =>
      decodeSnapshot(await client.getBytes('checkpoint', { runId, kind: 'best' }))
    const undisturbed = await makeRun()
    await trainRun({ ...undisturbed, openDevice: async () => createReferenceDevice() })
    const expected = await bestOf(undisturbed)
    const { client, runId } = await makeRun()
    let isBest = false
    const onEvent = (event: RunEvent) => {
      isBest ||= event.type === 'evaluated' && event.step === expected.step
    }
    const devices = [
      besides(() => {
        if (isBest) throw new CoreError('device-lost', 'The GPU stopped answering (pulled by the test).', 'Wait.')
      }),
    ]
    const run = await trainRun({
      client,
      runId,
      openDevice: async () => devices.pop() ?? createReferenceDevice(),
      onEvent,
    })
    expect([run.state, devices]).toEqual(['done', []])
    expect(await bestOf({ client, runId })).toEqual(expected)
  })

  it('ends the run with a sentence when it happens twice within a minute, with the checkpoint saved', async () => {
    const { client, runId } = await makeRun()
    const devices = [losing(3), losing(11)]
    await expect(trainRun({ client, runId, openDevice: async () => devices.pop()! })).rejects.toThrow(
      'twice within a minute',
    )
    const run = await client.request('runs.get', { runId })
    expect(run).toMatchObject({ state: 'failed', error: { code: 'device-lost' } })
    expect(decodeSnapshot(await client.getBytes('checkpoint', { runId, kind: 'last' })).step).toBeGreaterThan(0)
  })
})
