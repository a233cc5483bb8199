// The list of photos against a plain filter and sort in memory, for any filter; and what a photo shows of its
// prediction.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Photo, PhotoFilter, PhotoSort } from '../../../../src/contract/records.ts'
import type { WriteDb } from '../../../../src/main/db/database.ts'
import { createPhotoLists } from '../../../../src/main/library/tables/photo-lists.ts'
import { photoDetail, photoPage } from '../../../../src/main/library/photos/photos.ts'
import { createHistory } from '../../../../src/main/library/decisions/history.ts'
import { failure } from '../helpers.ts'
import { addClasses, addPhotos, newDatabase, now } from '../rows.ts'

const splits = ['train', 'validation', 'test', null] as const

/** 60 photos of three classes and none, with problems and the predictions of one run. */
function fill(db: WriteDb): void {
  const classes = [...addClasses(db, 'cat', 'dog', '고양이'), null]
  addPhotos(
    db,
    Array.from({ length: 60 }, (_, i) => ({
      name: `${(i * 37) % 60}_photo%.jpg`,
      folder: i % 2 ? 'left' : 'right/Deep',
      classId: classes[i % 4]!,
      split: splits[i % 3]!,
      excluded: i % 7 === 0,
      usable: i % 11 !== 0,
    })),
  )
  for (const id of db.values<number>('SELECT id FROM photo WHERE id % 5 = 0')) {
    db.run(
      "INSERT INTO problem (photo_id, code, reason, score) VALUES (?, ?, 'because', 0.1)",
      id,
      id % 2 ? 'blurry' : 'dark',
    )
  }
  db.run(
    "INSERT INTO run (id, name, state, created_at, settings_json, label_revision, classes_json) VALUES (1, 'Run 1', 'done', 'now', '{}', 0, '[]')",
  )
  for (const { id, class_id: given } of db.all<{ id: number; class_id: number }>(
    'SELECT id, class_id FROM photo WHERE class_id IS NOT NULL AND id % 6 <> 0',
  )) {
    db.run(
      'INSERT INTO prediction VALUES (1, ?, ?, ?, ?, ?)',
      id,
      1 + (id % 3),
      0.5 + (id % 10) / 20,
      given,
      givenProbability(id),
    )
  }
  db.run('UPDATE photo SET class_id = 1 WHERE id % 8 = 0')
}

function matches(photo: Photo, filter: PhotoFilter): boolean {
  const { prediction } = photo
  const words = filter.text?.trim().split(/\s+/).filter(Boolean) ?? []
  return (
    (filter.classId === undefined || photo.classId === filter.classId) &&
    (filter.split === undefined || photo.split === filter.split) &&
    (filter.excluded === undefined || photo.excluded === filter.excluded) &&
    (filter.usable === undefined || photo.usable === filter.usable) &&
    (filter.problem === undefined ||
      photo.problems.some(problem => filter.problem === 'any' || problem.code === filter.problem)) &&
    words.every(word => `${photo.folder}/${photo.name}`.toLowerCase().includes(word.toLowerCase())) &&
    (filter.wrong === undefined ||
      (prediction !== null && photo.classId !== null && (prediction.classId !== photo.classId) === filter.wrong)) &&
    (filter.givenClassId === undefined || prediction?.seen.classId === filter.givenClassId) &&
    (filter.predictedClassId === undefined || prediction?.classId === filter.predictedClassId) &&
    (filter.confidenceFrom === undefined || (prediction !== null && prediction.confidence >= filter.confidenceFrom)) &&
    (filter.confidenceBelow === undefined || (prediction !== null && prediction.confidence < filter.confidenceBelow))
  )
}

const last = Number.MAX_VALUE
const givenProbability = (id: number) => (id % 9) / 10

/** Suspects whose label stands, then those relabelled since the run, then photos without a prediction. */
function suspicionRank({ prediction }: Photo): number {
  return prediction === null ? 2 : prediction.givenProbability === null ? 1 : 0
}

const keys: Readonly<Record<PhotoSort, (photo: Photo) => readonly (string | number)[]>> = {
  added: photo => [photo.id],
  name: photo => [photo.name, photo.id],
  class: photo => [photo.className === null ? 9 : ['cat', 'dog', '고양이'].indexOf(photo.className), photo.id],
  confidence: photo => [photo.prediction ? -photo.prediction.confidence : last, photo.id],
  suspicion: photo => [suspicionRank(photo), photo.prediction ? givenProbability(photo.id) : 0, photo.id],
}

function byKeys(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  const at = a.findIndex((value, i) => value !== b[i])
  return at < 0 ? 0 : a[at]! < b[at]! ? -1 : 1
}

const anyFilter: fc.Arbitrary<PhotoFilter> = fc.record(
  {
    classId: fc.constantFrom(1, 2, 3, null),
    split: fc.constantFrom(...splits),
    problem: fc.constantFrom('any' as const, 'dark' as const, 'blurry' as const),
    excluded: fc.boolean(),
    usable: fc.boolean(),
    text: fc.constantFrom('left', 'DEEP photo', '1_', '%', '_', 'none', ' ', '\\'),
    wrong: fc.boolean(),
    givenClassId: fc.constantFrom(1, 2),
    predictedClassId: fc.constantFrom(1, 2),
    confidenceFrom: fc.constantFrom(0, 0.6, 0.95),
    confidenceBelow: fc.constantFrom(0.5, 0.75, 1),
  },
  { requiredKeys: [] },
)

describe('a page of photos', () => {
  it('is what filtering and sorting in memory gives, for any filter, sort and page', async () => {
    const { db, close } = await newDatabase()
    fill(db)
    const lists = createPhotoLists(db)
    const all = photoPage(db, lists, { filter: {}, sort: 'added', offset: 0, limit: 1000 }).photos
    expect(all).toHaveLength(60)
    const sorts = fc.constantFrom<PhotoSort>('added', 'name', 'class', 'confidence', 'suspicion')
    fc.assert(
      fc.property(anyFilter, sorts, fc.nat(70), fc.integer({ min: 1, max: 30 }), (filter, sort, offset, limit) => {
        const expected = all
          .filter(photo => matches(photo, filter))
          .sort((a, b) => byKeys(keys[sort](a), keys[sort](b)))
        const page = photoPage(db, lists, { filter, sort, offset, limit })
        expect(page.total).toBe(expected.length)
        expect(page.photos.map(photo => photo.id)).toEqual(
          expected.slice(offset, offset + limit).map(photo => photo.id),
        )
        const places = expected.map((photo, index) => [photo.id, index] as const)
        for (const { id } of all.slice(0, 10))
          expect(lists.place({ filter, sort, photoId: id })).toBe(new Map(places).get(id) ?? null)
      }),
      { numRuns: 300 },
    )
    close()
  })

  it('takes a corrected photo off the wrong ones at once', async () => {
    const { db, close } = await newDatabase()
    fill(db)
    const lists = createPhotoLists(db)
    const wrong = () => photoPage(db, lists, { filter: { wrong: true }, sort: 'confidence', offset: 0, limit: 100 })
    const before = wrong()
    const [worst] = before.photos
    expect(worst!.prediction!.givenProbability).not.toBeNull()
    createHistory(db, now).label({ ids: [worst!.id] }, worst!.prediction!.classId)
    expect(wrong().total).toBe(before.total - 1)
    expect(photoDetail(db, worst!.id).prediction).toMatchObject({
      classId: worst!.prediction!.classId,
      givenProbability: null,
      seen: { probability: worst!.prediction!.givenProbability },
    })
    close()
  })

  it('refuses a photo that is not there', async () => {
    const { db, close } = await newDatabase()
    expect((await failure(() => photoDetail(db, 5))).code).toBe('no-photo')
    close()
  })
})
