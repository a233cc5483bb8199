// Likeness by features: the arithmetic on planted points, and on a real library the nearest photos and the odd ones,
// which become problems.

import { copyFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { RunSettings } from '../../../src/contract/records.ts'
import {
  directions,
  featuresOf,
  nearestRows,
  oddRows,
  quantile,
} from '../../../src/main/review/similarity/similarity.ts'
import { openService, writeSquares } from '../runs/open-service.ts'

/** Points in the plane at these degrees, each of another length. */
function at(...degrees: number[]): Float32Array {
  return Float32Array.from(
    degrees.flatMap((degree, i) =>
      [Math.cos((degree * Math.PI) / 180), Math.sin((degree * Math.PI) / 180)].map(value => value * (i + 1)),
    ),
  )
}

describe('likeness', () => {
  it('does not let odd photos pull the centre of their class', () => {
    const points = at(-4, -3, -2, -1, 1, 2, 3, 4, 90, 95)
    const { centre, limit } = featuresOf(directions(points, 2), 2, [...points.keys()].slice(0, 10))
    expect(Math.abs((Math.atan2(centre[1]!, centre[0]!) * 180) / Math.PI)).toBeLessThan(2.5)
    expect(limit).toBeGreaterThan(Math.cos((30 * Math.PI) / 180))
    expect(limit).toBeLessThan(Math.cos((4 * Math.PI) / 180))
  })

  it('cuts at the third quartile and 1.7 times the spread of the middle half', () => {
    const units = directions(at(0, 0, 0, 0, 0, 60, 60, 60, 60), 2)
    // Median 1 (five of nine agree), so the centre is 0 degrees; distances are five 0 and four 0.5: quartiles 0 and
    // 0.5.
    expect(featuresOf(units, 2, [0, 1, 2, 3, 4, 5, 6, 7, 8]).limit).toBeCloseTo(1 - (0.5 + 1.7 * 0.5), 5)
    expect(quantile([4, 1, 3, 2], 0.25)).toBe(1.75)
    expect(featuresOf(units, 2, [0, 5]).limit).toBe(-1)
  })

  it('tells a photo of another class from one of none', () => {
    const points = at(0, 1, 2, 3, 4, 5, 6, 7, 8, 52, 200, 50, 51, 52, 53, 54, 55, 56, 57, 58)
    const labels = [...new Array<number>(11).fill(1), ...new Array<number>(9).fill(2)]
    const odd = oddRows(directions(points, 2), 2, labels)
    expect(odd.map(({ row, label, nearest }) => [row, label, nearest])).toEqual([
      [10, 1, null],
      [9, 1, 2],
    ])
    expect(
      oddRows(
        directions(points, 2),
        2,
        labels.map((label, row) => (row === 10 ? null : label)),
      ).map(({ row }) => row),
    ).toEqual([9])
  })

  it('orders by cosine, whatever the lengths, and bears features of nothing but zeros', () => {
    const units = directions(Float32Array.from([...at(0, 40, 20, 10), 0, 0]), 2)
    expect(nearestRows(units, 2, 0, [1, 2, 3, 4], 3).map(({ row }) => row)).toEqual([3, 2, 1])
    expect(nearestRows(units, 2, 4, [0], 1)).toEqual([{ row: 0, cosine: 0 }])
  })
})

const settings: RunSettings = {
  preset: 'softmax',
  size: 8,
  channels: 3,
  epochs: 1,
  batch: 4,
  rate: 0.01,
  seed: 5,
  augment: false,
}

/** Classes blue, green, red of ten photos, "green twin" a copy of "green 3"; features by class, but "red 0" looks blue
 *  and "red 1" like nothing. */
async function openRun() {
  const test = await openService()
  for (const [c, name] of ['red', 'green', 'blue'].entries()) {
    for (let i = 0; i < 10; i++) await writeSquares(`${test.photos}/${name}/${name} ${i}.png`, c * 100 + i)
  }
  copyFileSync(`${test.photos}/green/green 3.png`, `${test.photos}/green/green twin.png`)
  await test.importPhotos()
  const run = await test.call('runs.create', settings)
  const { photoIds } = await test.call('runs.rows', { runId: run.id })
  const { photos } = await test.call('photos.page', { filter: {}, sort: 'name', offset: 0, limit: 100 })
  const byId = new Map(photos.map(photo => [photo.id, photo]))
  const idOf = (name: string) => photos.find(photo => photo.name === name)!.id
  const features = Float32Array.from(
    photoIds.flatMap((id, row) => {
      const { name, className } = byId.get(id)!
      const direction = name === 'red 0.png' ? 'blue' : name === 'red 1.png' ? 'nothing' : className
      return ['blue', 'green', 'red', 'nothing'].map(own => (own === direction ? 5 + row : 0))
    }),
  )
  const put = (values: Float32Array<ArrayBuffer>) =>
    test.service.bytes.embeddings.put!({ runId: run.id }, new Uint8Array(values.buffer))
  const classId = (name: string) => run.classes.find(own => own.name === name)!.id
  return { ...test, runId: run.id, photoIds, features, put, idOf, classId }
}

describe('features of a run', () => {
  it('answer the nearest photos of given classes, never the photo itself', async () => {
    const { call, reopen, runId, features, put, idOf, classId } = await openRun()
    await expect(call('review.nearest', { runId, photoId: idOf('red 0.png'), limit: 3 })).rejects.toMatchObject({
      code: 'no-embeddings',
    })
    await put(features)
    await reopen()
    const ask = async (name: string, classIds?: number[]) =>
      (await call('review.nearest', { runId, photoId: idOf(name), limit: 4, ...(classIds && { classIds }) })).nearest
    const [red, blue] = await ask('red 0.png', [classId('red'), classId('blue')])
    expect(red).toMatchObject({ className: 'red', photos: expect.any(Array) })
    expect(red!.photos).toHaveLength(4)
    expect(red!.photos.map(({ photo }) => photo.name)).not.toContain('red 0.png')
    expect(blue!.photos[0]!.cosine).toBeGreaterThan(0.9)
    expect(blue!.photos.every(({ photo }) => photo.className === 'blue')).toBe(true)
    expect(blue!.photos.map(({ cosine }) => cosine)).toEqual(
      blue!.photos.map(({ cosine }) => cosine).toSorted((a, b) => b - a),
    )
    const [green, ...others] = await ask('green 3.png')
    expect(others).toEqual([])
    expect(green!.photos.map(({ photo }) => photo.name)).not.toContain('green twin.png')
    await expect(call('review.nearest', { runId, photoId: 999, limit: 3 })).rejects.toMatchObject({
      code: 'not-in-run',
      message: 'Photo 999 was not part of Run 1.',
    })
  })

  it('of a run that is deleted in the same moment end in a sentence', async () => {
    const { call, runId, features, put, reopen } = await openRun()
    await put(features)
    await reopen()
    const asked = [call('review.odd', { runId, offset: 0, limit: 9 }), call('runs.delete', { runId })]
    const [odd, deleted] = await Promise.allSettled(asked)
    expect(deleted!.status).toBe('fulfilled')
    if (odd!.status === 'rejected') expect(odd!.reason).toMatchObject({ code: expect.stringMatching(/^no-/) })
    await expect(call('review.odd', { runId, offset: 0, limit: 9 })).rejects.toMatchObject({ code: 'no-run' })
  })

  it('go by the labels of now', async () => {
    const { call, runId, features, put, idOf, classId } = await openRun()
    await put(features)
    await call('photos.label', { selection: { ids: [idOf('red 0.png')] }, classId: classId('blue') })
    const { nearest } = await call('review.nearest', {
      runId,
      photoId: idOf('blue 3.png'),
      classIds: [classId('blue')],
      limit: 20,
    })
    expect(nearest[0]!.photos.map(({ photo }) => photo.name)).toContain('red 0.png')
    expect((await call('review.odd', { runId, offset: 0, limit: 10 })).odd.map(({ photo }) => photo.name)).toEqual([
      'red 1.png',
    ])
    await call('photos.exclude', { selection: { ids: [idOf('red 1.png')] }, excluded: true })
    expect(await call('review.odd', { runId, offset: 0, limit: 10 })).toEqual({ total: 0, odd: [] })
  })

  it('name the odd photos of each class, and write them down as problems', async () => {
    const { call, runId, features, put, idOf, classId } = await openRun()
    await put(features)
    const { total, odd } = await call('review.odd', { runId, offset: 0, limit: 10 })
    expect(total).toBe(2)
    expect(Object.fromEntries(odd.map(({ photo, nearestClassId }) => [photo.name, nearestClassId]))).toEqual({
      'red 0.png': classId('blue'),
      'red 1.png': null,
    })
    expect(odd.every(({ cosine, cut, classId: own }) => cosine < cut && own === classId('red'))).toBe(true)
    expect(await call('review.odd', { runId, classId: classId('blue'), offset: 0, limit: 10 })).toMatchObject({
      total: 0,
    })
    const problems = async (name: string) =>
      (await call('photos.get', { photoId: idOf(name) })).problems.map(({ code, reason }) => [code, reason])
    expect(await problems('red 0.png')).toContainEqual([
      'unlike-class',
      'To the model this photo looks unlike the rest of “red” and more like “blue”.',
    ])
    expect(await problems('red 1.png')).toContainEqual([
      'outlier',
      'To the model this photo looks unlike the rest of “red”, and like no other class.',
    ])
    expect(
      (
        await call('photos.page', { filter: { problem: 'unlike-class' }, sort: 'name', offset: 0, limit: 5 })
      ).photos.map(({ name }) => name),
    ).toEqual(['red 0.png'])
    await call('photos.label', { selection: { ids: [idOf('red 0.png')] }, classId: classId('blue') })
    expect(
      (await problems('red 0.png')).map(([code]) => code),
      'it was said of another label',
    ).not.toContain('unlike-class')
    expect(
      (await call('photos.page', { filter: { problem: 'unlike-class' }, sort: 'name', offset: 0, limit: 5 })).total,
    ).toBe(0)
    await call('history.undo', {})
    expect((await problems('red 0.png')).map(([code]) => code)).toContain('unlike-class')
    await put(features.map((_, i) => (i % 4 === 0 ? 1 : 0)))
    expect((await problems('red 0.png')).map(([code]) => code)).not.toContain('unlike-class')
  })

  it('are refused where they are no table of the rows or hold no numbers', async () => {
    const { runId, features, put, service } = await openRun()
    await expect(put(features.slice(1))).rejects.toMatchObject({
      code: 'bad-embeddings',
      message: expect.stringContaining('are no table of 31 rows'),
    })
    await expect(put(new Float32Array())).rejects.toMatchObject({ code: 'bad-embeddings' })
    await expect(put(features.map((value, i) => (i === 9 ? NaN : value)))).rejects.toMatchObject({
      code: 'bad-embeddings',
      message: expect.stringContaining('row 2 holds NaN'),
    })
    await expect(service.bytes.embeddings.get({ runId })).rejects.toMatchObject({ code: 'no-embeddings' })
  })
})
