// A photo asked of a trained run: the answer is the run's own, whether the photo comes from the library or from
// outside, with a heat map where the net has places.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createDirectClient } from '../../src/contract/direct.ts'
import type { RunSettings } from '../../src/contract/records.ts'
import { createReferenceDevice } from '../../src/core/index.ts'
import { openPredictor } from '../../src/training/predictor.ts'
import { trainRun } from '../../src/training/session.ts'
import { openService, writeClasses } from '../main/runs/open-service.ts'

const settings: RunSettings = {
  preset: 'simple-conv',
  size: 12,
  channels: 3,
  epochs: 1,
  batch: 6,
  rate: 0.005,
  seed: 3,
  augment: false,
}
const openDevice = async () => createReferenceDevice()

async function trained(preset: string) {
  const { service, photos, importPhotos } = await openService()
  await writeClasses(photos, 4)
  await importPhotos()
  const client = createDirectClient(service)
  const { id: runId } = await client.request('runs.create', { ...settings, preset })
  await trainRun({ client, runId, openDevice })
  const { photoIds } = await client.request('runs.rows', { runId })
  const predictions = new Float32Array((await client.getBytes('predictions', { runId })).slice().buffer)
  const rowOf = async (name: string) => {
    const names = await Promise.all(
      photoIds.map(async photoId => (await client.request('photos.get', { photoId })).name),
    )
    return names.indexOf(name)
  }
  return { client, runId, photos, predictions, rowOf }
}

describe('a photo asked of a run', () => {
  it.each(['simple-conv', 'softmax'])(
    "of %s gets the run's own answer, from the library and from outside",
    async preset => {
      const { client, runId, photos, predictions, rowOf } = await trained(preset)
      const row = await rowOf('green 2.png')
      const visitor = { visitorId: 'v', name: 'from outside.png' }
      await client.putBytes('visitor', visitor, new Uint8Array(readFileSync(join(photos, 'green', 'green 2.png'))))
      const asker = await openPredictor({ client, runId, openDevice })
      const known = await asker.predict(await client.getBytes('pixels', { runId, from: row, count: 1 }))
      const fresh = await asker.predict(await client.getBytes('visitorPixels', { ...visitor, runId }))
      const about = await asker.predict(await client.getBytes('visitorPixels', { ...visitor, runId }), 2)
      await expect(asker.predict(new Uint8Array(5))).rejects.toMatchObject({ code: 'bad-data' })
      asker.close()
      const expected = [...predictions.subarray(row * 3, row * 3 + 3)]
      known.probabilities.forEach((p, k) => expect(p).toBeCloseTo(expected[k]!, 5))
      expect([...fresh.probabilities]).toEqual([...known.probabilities])
      expect(known).toMatchObject({ label: expected.indexOf(Math.max(...expected)), size: 12 })
      expect(about.label).toBe(2)
      if (preset === 'softmax') expect(known.heat).toBeNull()
      else
        expect([known.heat!.length, Math.min(...known.heat!) >= 0, Math.max(...known.heat!) <= 1]).toEqual([
          144,
          true,
          true,
        ])
    },
  )

  it('that has no weights says so', async () => {
    const { service, photos, importPhotos } = await openService()
    await writeClasses(photos, 4)
    await importPhotos()
    const client = createDirectClient(service)
    const { id: runId } = await client.request('runs.create', settings)
    await expect(openPredictor({ client, runId, openDevice })).rejects.toMatchObject({ code: 'no-checkpoint' })
  })
})
