// Columns of photos, splits dealt with groups on one side, and accuracy by a column.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SplitName } from '../../../src/contract/records.ts'
import { finishedRun } from '../export/finished-run.ts'
import { openService, writePhoto } from '../runs/open-service.ts'

/** Two classes of `patients` patients with three photos each. */
async function patients(count: number) {
  const test = await openService()
  for (const [c, name] of ['ill', 'well'].entries()) {
    for (let patient = 0; patient < count; patient++) {
      const folder = join(test.photos, name, `patient-${name}-${patient}`)
      mkdirSync(folder, { recursive: true })
      for (let i = 0; i < 3; i++)
        await writePhoto(join(folder, `${i}.png`), [c * 120 + patient, 40 * i, 90], 100 * patient + i)
    }
  }
  await test.importPhotos()
  const splits = async () => {
    const { photos } = await test.call('photos.page', { filter: {}, sort: 'name', offset: 0, limit: 1000 })
    return photos.map(({ folder, split }) => ({
      patient: /patient-\w+-\d+/.exec(folder)![0],
      class: folder.split('/')[0]!,
      split: split!,
    }))
  }
  return { ...test, splits }
}

const countsOf = (rows: readonly { split: SplitName }[]) =>
  (['train', 'validation', 'test'] as const).map(name => rows.filter(({ split }) => split === name).length)

describe('dealing splits', () => {
  it('gives each class its shares, the same way for the same seed, as one decision', async () => {
    const { call, splits } = await patients(10)
    const deal = (seed: number) => call('photos.dealSplits', { shares: { train: 70, validation: 20, test: 10 }, seed })
    expect(await deal(1)).toMatchObject({ changed: 60, kind: 'split-deal', text: '60 photos dealt into splits' })
    const first = await splits()
    expect(countsOf(first)).toEqual([42, 12, 6])
    for (const name of ['ill', 'well']) expect(countsOf(first.filter(row => row.class === name))).toEqual([21, 6, 3])
    expect((await deal(1)).changed).toBe(0)
    expect((await deal(2)).changed).toBeGreaterThan(5)
    await call('history.undo', {})
    expect(await splits()).toEqual(first)
  })

  it('keeps all photos of a patient on one side, near the shares', async () => {
    const { call, splits } = await patients(10)
    await call('photos.dealSplits', {
      shares: { train: 60, validation: 20, test: 20 },
      groupBy: '/patient-\\w+-\\d+/',
      seed: 3,
    })
    const rows = await splits()
    for (const own of Map.groupBy(rows, ({ patient }) => patient).values())
      expect(new Set(own.map(({ split }) => split)).size).toBe(1)
    expect(countsOf(rows)).toEqual([36, 12, 12])
  })

  it('puts a group larger than a split on one side all the same', async () => {
    const { call, splits } = await patients(3)
    await call('photos.dealSplits', {
      shares: { train: 50, validation: 25, test: 25 },
      groupBy: '/^(?:ill|well)/',
      seed: 1,
    })
    const sides = Map.groupBy(await splits(), row => row.class)
    for (const own of sides.values()) expect(new Set(own.map(({ split }) => split)).size).toBe(1)
  })

  it('refuses shares of nothing, unknown columns and broken patterns', async () => {
    const { call } = await patients(2)
    const shares = { train: 70, validation: 20, test: 10 }
    await expect(
      call('photos.dealSplits', { shares: { train: 0, validation: 0, test: 0 }, seed: 1 }),
    ).rejects.toMatchObject({ code: 'bad-shares' })
    await expect(call('photos.dealSplits', { shares, groupBy: 'moon', seed: 1 })).rejects.toMatchObject({
      code: 'no-column',
    })
    await expect(call('photos.dealSplits', { shares, groupBy: '/(/', seed: 1 })).rejects.toMatchObject({
      code: 'no-column',
    })
  })
})

describe('accuracy by a column', () => {
  it('has the worst value first, and every photo of the split in one of them', async () => {
    const { call, runId } = await finishedRun(splits => splits.indexOf(0))
    const { slices, accuracy } = await call('review.slices', { runId, split: 'train', by: 'class' })
    expect(slices.reduce((sum, { photos }) => sum + photos, 0)).toBe(
      (await call('review.report', { runId, split: 'train' })).photos,
    )
    expect(accuracy.value).toBeCloseTo((await call('review.report', { runId, split: 'train' })).accuracy.value!, 9)
    const highs = slices.map(slice => slice.accuracy.high)
    expect(highs).toEqual(highs.toSorted((a, b) => a - b))
    await expect(call('review.slices', { runId, split: 'train', by: 'moon' })).rejects.toMatchObject({
      code: 'no-column',
    })
    await expect(call('review.slices', { runId: 77, split: 'train', by: 'class' })).rejects.toMatchObject({
      code: 'no-run',
    })
  })
})
