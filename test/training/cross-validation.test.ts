// Cross-validation on a real library: every row is judged by a net that did not see it, a stopped check goes on where
// it was, and a photo that was labelled wrongly is the first suspect.

import { expect, it } from 'vitest'
import { createDirectClient } from '../../src/contract/direct.ts'
import type { RunSettings } from '../../src/contract/records.ts'
import { CoreError, createReferenceDevice, decodeSnapshot, type Device } from '../../src/core/index.ts'
import { trainFolds } from '../../src/training/cross-validation.ts'
import { openService, writeClasses, writePhoto } from '../main/runs/open-service.ts'

const settings: RunSettings = {
  preset: 'simple-conv',
  size: 12,
  channels: 3,
  epochs: 6,
  batch: 6,
  rate: 0.005,
  seed: 3,
  augment: false,
}

it('finds the red photo among the blue ones, taken up again after a stop', async () => {
  const { service, photos, importPhotos } = await openService()
  await writeClasses(photos, 10)
  await writePhoto(`${photos}/blue/really red.png`, [200, 30, 30], 77)
  await importPhotos()
  const client = createDirectClient(service)
  const { id: runId } = await client.request('runs.create', settings)
  const stop = new AbortController()
  const options = { client, runId, folds: 3, seed: 5, openDevice: async () => createReferenceDevice() }
  const stopped = await trainFolds({
    ...options,
    signal: stop.signal,
    onProgress: ({ fold }) => fold === 1 && stop.abort(),
  })
  expect(stopped).toBe(false)
  expect((await client.request('runs.folds', { runId, folds: 3, seed: 5 })).done).toEqual([0])
  const seen: number[] = []
  expect(await trainFolds({ ...options, onProgress: ({ fold }) => seen.push(fold) })).toBe(true)
  expect(new Set(seen)).toEqual(new Set([1, 2]))
  expect(decodeSnapshot(await client.getBytes('foldCheckpoint', { runId, fold: 2 })).model.classes).toEqual([
    'blue',
    'green',
    'red',
  ])
  expect(await client.request('review.report', { runId, split: 'validation', folds: true })).toMatchObject({
    accuracy: { value: expect.any(Number) },
  })
  const evidence = await client.request('suspects.find', { runId, method: 'folds' })
  const { suspects } = await client.request('suspects.page', {
    evidenceId: evidence.id,
    state: 'open',
    offset: 0,
    limit: 5,
  })
  expect(suspects[0]).toMatchObject({ photo: { name: 'really red.png' } })
})

/** A CPU device that fails as a lost GPU does, at its `submit`-th submit. */
function losing(submit: number): Device {
  return new Proxy(createReferenceDevice(), {
    get(target, name: keyof Device) {
      if (name === 'run' && target.counters.submits >= submit)
        throw new CoreError('device-lost', 'The GPU stopped answering (pulled by the test).', 'Wait.')
      const value = target[name]
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

it('goes on on another device where one goes away, to the same weights, but not twice within a minute', async () => {
  const { service, photos, importPhotos } = await openService()
  await writeClasses(photos, 10)
  await importPhotos()
  const client = createDirectClient(service)
  const { id: runId } = await client.request('runs.create', settings)
  const weights = async (seed: number, first?: Device) => {
    const opened: Device[] = []
    const openDevice = async () => {
      opened.push(opened.length === 0 && first ? first : createReferenceDevice())
      return opened.at(-1)!
    }
    expect(await trainFolds({ client, runId, folds: 2, seed, openDevice })).toBe(true)
    expect(opened).toHaveLength(first ? 3 : 2)
    return decodeSnapshot(await client.getBytes('foldCheckpoint', { runId, fold: 0 })).state
  }
  const expected = await weights(7)
  await weights(8) // another seed takes the place of the first
  expect(await weights(7, losing(4))).toEqual(expected)
  const twice = [losing(1), losing(4)]
  await expect(trainFolds({ client, runId, folds: 2, seed: 9, openDevice: async () => twice.pop()! })).rejects.toThrow(
    'twice within a minute',
  )
})
