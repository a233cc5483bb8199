// Photos without a label: what is proposed for them is made by a label check, read most useful or surest first, and accepted above
// a confidence as one decision that undo takes back.

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createDirectClient } from '../../../src/contract/direct.ts'
import { createCpuDevice } from '../../../src/core/cpu/cpu-device.ts'
import { backboneId } from '../../../src/main/backbones/backbone-store.ts'
import { chanceOf, fitPlatt } from '../../../src/main/features/proposals/platt.ts'
import { readBackbone } from '../../../src/training/features/backbone.ts'
import { computeFeatures } from '../../../src/training/features/compute-features.ts'
import { LabelChecker } from '../../../src/training/features/label-check.ts'
import { openService, writePhoto } from '../runs/open-service.ts'
import { tinyBackbone } from './tiny-backbone.ts'

/** Twelve bright and twelve dark photos, of which the last eight of each have no label. */
async function library() {
  const test = await openService()
  for (const [name, [r, g, b]] of [
    ['bright', [200, 190, 60]],
    ['dark', [30, 40, 120]],
  ] as const)
    for (let i = 0; i < 12; i++)
      await writePhoto(join(test.photos, name, `${i}.png`), [r + i, g - i, b + ((i * 5) % 30)], i)
  await test.importPhotos()
  const client = createDirectClient(test.service)
  const all = await client.request('photos.page', { filter: {}, sort: 'added', offset: 0, limit: 100 })
  const hidden = all.photos.filter(({ name }) => Number.parseInt(name) >= 4)
  const truth = new Map(all.photos.map(({ id, classId }) => [id, classId]))
  await client.request('photos.label', { selection: { ids: hidden.map(({ id }) => id) }, classId: null })
  const bytes = tinyBackbone(1)
  const backbone = readBackbone(backboneId(bytes), 'tiny', bytes)
  const openDevice = () => createCpuDevice()
  const { kind } = await computeFeatures({ client, backbone, size: 32, openDevice })
  const checker = new LabelChecker({ client, kind, openDevice })
  return { ...test, client, truth, checker, hidden }
}

describe('proposed labels', () => {
  it('are those of the classes, most useful first or surest first', async () => {
    const { client, checker, truth } = await library()
    expect(await client.request('proposals.summary', {})).toMatchObject({
      unlabelled: 16,
      answered: 0,
      labelRevision: null,
    })
    await checker.check()
    const summary = await client.request('proposals.summary', {})
    expect(summary).toMatchObject({ unlabelled: 16, answered: 16 })
    expect(summary.above.map(({ confidence }) => confidence).filter(c => [0.5, 0.95, 0.99].includes(c))).toHaveLength(3)
    expect(summary.above[0]!.photos).toBeGreaterThanOrEqual(summary.above.at(-1)!.photos)
    const sure = await client.request('proposals.page', { order: 'sure', offset: 0, limit: 200 })
    expect(sure.proposals.map(({ photo, classId }) => classId === truth.get(photo.id))).toEqual(Array(16).fill(true))
    const confidences = sure.proposals.map(({ confidence }) => confidence)
    expect(confidences).toEqual(confidences.toSorted((a, b) => b - a))
    expect(sure.proposals[0]!.secondClassName).not.toBe(sure.proposals[0]!.className)
    const useful = await client.request('proposals.page', { order: 'useful', offset: 3, limit: 2 })
    expect([useful.total, useful.proposals.length]).toEqual([16, 2])
    checker.close()
  })

  it('are accepted above a confidence as one decision, which undo takes back', async () => {
    const { client, checker, truth } = await library()
    await checker.check()
    const { above } = await client.request('proposals.summary', {})
    const step = above.find(({ confidence }) => confidence === 0.6)!
    expect(step.photos).toBeGreaterThan(0)
    const decision = await client.request('proposals.accept', { above: 0.6 })
    expect(decision).toMatchObject({ changed: step.photos, kind: 'proposals-accept', values: { above: '60 %' } })
    const after = await client.request('photos.page', { filter: {}, sort: 'added', offset: 0, limit: 100 })
    expect(after.photos.every(({ id, classId }) => classId === null || classId === truth.get(id))).toBe(true)
    expect((await client.request('proposals.summary', {})).unlabelled).toBe(16 - step.photos)
    await client.request('history.undo', {})
    expect(await client.request('proposals.summary', {})).toMatchObject({ unlabelled: 16, answered: 16 })
    expect((await client.request('proposals.accept', { above: 1 })).changed).toBe(0)
    checker.close()
  })

  it('leave out what is excluded, and a class that is gone', async () => {
    const { client, checker, hidden } = await library()
    await checker.check()
    await client.request('photos.exclude', { selection: { ids: [hidden[0]!.id] }, excluded: true })
    expect(await client.request('proposals.summary', {})).toMatchObject({ unlabelled: 15, answered: 15 })
    const [bright, dark] = await client.request('classes.list', {})
    await client.request('classes.merge', { classId: bright!.id, intoId: dark!.id })
    const { proposals } = await client.request('proposals.page', { order: 'sure', offset: 0, limit: 200 })
    expect(new Set(proposals.map(({ className }) => className))).toEqual(new Set([dark!.name]))
    checker.close()
  })

  it('are refused where bytes do not fit', async () => {
    const { client, checker } = await library()
    const { report } = await checker.check()
    expect(report.photos).toBe(8)
    await expect(client.putBytes('labelCheckProposals', { checkId: 1 }, new Uint8Array(12))).rejects.toMatchObject({
      code: 'bad-probabilities',
    })
    await expect(client.putBytes('labelCheckProposals', { checkId: 9 }, new Uint8Array(12))).rejects.toMatchObject({
      code: 'stale-check',
    })
    checker.close()
  })
})

describe('the chance that an answer is right', () => {
  it('is that of held-out answers: too sure a model is taken down, too modest a one up', () => {
    // Of answers with 0.9 half are right, of those with 0.6 a quarter.
    const sure = Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? 0.9 : 0.6))
    const tooSure = fitPlatt(
      sure,
      sure.map((_, i) => (i % 2 === 0 ? i % 4 === 0 : i % 8 === 1)),
    )
    expect(chanceOf(tooSure, 0.9)).toBeCloseTo(0.5, 1)
    expect(chanceOf(tooSure, 0.6)).toBeCloseTo(0.25, 1)
    const modest = fitPlatt(
      sure,
      sure.map((_, i) => i % 20 !== 0),
    )
    expect(chanceOf(modest, 0.6)).toBeGreaterThan(0.9)
  })

  it('is never certain, however few answers there are', () => {
    const alwaysRight = fitPlatt([0.99, 0.95, 0.999], [true, true, true])
    expect(chanceOf(alwaysRight, 1)).toBeLessThan(1)
    expect(chanceOf(alwaysRight, 0.9)).toBeGreaterThan(0.6)
    expect(chanceOf(fitPlatt([], []), 0.7)).toBeCloseTo(0.7, 0)
  })
})
