// Copies: what is flagged, how that follows what people decide, and the groups shown for a distance.

import { join } from 'node:path'
import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { WriteDb } from '../../../../src/main/db/database.ts'
import { openDatabase } from '../../../../src/main/db/open.ts'
import { checkReport } from '../../../../src/main/library/checks/check-report.ts'
import { checkPhotos, setNearDistance } from '../../../../src/main/library/checks/check.ts'
import { readNearDistance } from '../../../../src/main/library/checks/duplicates.ts'
import { createDuplicateGroups, type CopyKind } from '../../../../src/main/library/photos/duplicate-groups.ts'
import { createHistory } from '../../../../src/main/library/decisions/history.ts'
import { problemCounts, singleProblems } from '../../../../src/main/library/tables/problem-counts.ts'
import { createPhotoLists } from '../../../../src/main/library/tables/photo-lists.ts'
import { png, startApp, writeFiles, type TestApp } from '../app.ts'
import { failure, temporaryFolder } from '../helpers.ts'
import { addClasses, addPhotos, newDatabase, now } from '../rows.ts'

const check = (db: WriteDb) =>
  checkPhotos({ library: { db } as never, changed() {} }, { signal: new AbortController().signal })
const flags = (db: WriteDb) =>
  db.all<{ photo_id: number; code: string; keeper: number }>(
    'SELECT photo_id, code, keeper FROM problem WHERE keeper IS NOT NULL ORDER BY photo_id',
  )

/** Hashes `bits` bits away from zero's neighbourhood, in one run of ones. */
const hash = (value: bigint) => value.toString(16).padStart(16, '0')
const base = 0x5a5a_3c3c_0f0f_9999n

describe('the check', () => {
  it('flags all of a group but its keeper, exact copies as such even of a near copy', async () => {
    const { db, close } = await newDatabase()
    const [cat, dog] = addClasses(db, 'cat', 'dog')
    const ids = addPhotos(db, [
      { classId: cat!, folder: 'a', name: 'first.jpg', pixels: 'A', phash: hash(base) },
      { classId: cat!, pixels: 'A', phash: hash(base) },
      { classId: cat!, pixels: 'B', phash: hash(base ^ 0b111n) },
      { classId: dog!, pixels: 'B', phash: hash(base ^ 0b111n) },
      { classId: dog!, pixels: 'C', phash: hash(base ^ 0x7f_0000n) },
      { classId: dog!, pixels: 'A', phash: hash(base), usable: false },
    ])
    await check(db)
    expect(flags(db)).toEqual([
      { photo_id: ids[1], code: 'exact-duplicate', keeper: ids[0] },
      { photo_id: ids[2], code: 'near-duplicate', keeper: ids[0] },
      { photo_id: ids[3], code: 'exact-duplicate', keeper: ids[2] },
    ])
    expect(db.value('SELECT reason FROM problem WHERE photo_id = ?', ids[1]!)).toBe(
      'This photo has the same pixels as a/first.jpg.',
    )
    const before = flags(db)
    await check(db)
    expect(flags(db)).toEqual(before)
    close()
  })

  it('takes a kind found in more than a tenth of the photos for a property of the set', async () => {
    const { db, close } = await newDatabase()
    const ids = addPhotos(
      db,
      Array.from({ length: 100 }, () => ({})),
    )
    const flag = (code: string, photos: readonly number[]) =>
      photos.forEach(id => db.run("INSERT INTO problem (photo_id, code, reason) VALUES (?, ?, 'x')", id, code))
    flag('greyscale', ids)
    flag('dark', ids.slice(0, 11))
    flag('blurry', ids.slice(20, 30))
    flag('exact-duplicate', ids.slice(40, 60))
    expect(problemCounts(db)).toEqual([
      { code: 'greyscale', photos: 100, property: true },
      { code: 'exact-duplicate', photos: 20, property: false },
      { code: 'dark', photos: 11, property: true },
      { code: 'blurry', photos: 10, property: false },
    ])
    expect(singleProblems(db)).toEqual(['exact-duplicate', 'blurry'])
    const lists = createPhotoLists(db)
    const total = (problem: 'any' | 'dark') =>
      lists.page({ filter: { problem }, sort: 'added', offset: 0, limit: 1 }).total
    expect([total('any'), total('dark')]).toEqual([30, 11])
    close()
  })
})

describe('flags of exact copies', () => {
  it('stay what a fresh check would say, whatever is excluded, kept, undone and redone', async () => {
    const { db, close } = await newDatabase()
    addPhotos(
      db,
      Array.from({ length: 9 }, (_, i) => ({
        pixels: `set ${i % 3}`,
        phash: hash(0x1111_0000_ffff_0000n << BigInt(i % 3)),
      })),
    )
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('exclude' as const),
        ids: fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        value: fc.boolean(),
      }),
      fc.record({ kind: fc.constant('keep' as const), id: fc.integer({ min: 1, max: 9 }) }),
      fc.record({ kind: fc.constant('undo' as const) }),
      fc.record({ kind: fc.constant('redo' as const) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async steps => {
        for (const table of ['decision', 'decision_group', 'problem']) db.run(`DELETE FROM ${table}`)
        db.run('UPDATE photo SET excluded = 0, keeper = 0')
        await check(db)
        const history = createHistory(db, now)
        const groups = createDuplicateGroups(db, history, () => null)
        for (const one of steps) {
          try {
            if (one.kind === 'exclude') history.exclude({ ids: one.ids }, one.value)
            else if (one.kind === 'keep') groups.keep(one.id)
            else history[one.kind]()
          } catch (error) {
            if (!['nothing-to-undo', 'nothing-to-redo', 'no-copies'].includes((error as { code?: string }).code ?? ''))
              throw error
          }
          const local = flags(db)
          await check(db)
          expect(local).toEqual(flags(db))
        }
      }),
      { numRuns: 40 },
    )
    close()
  })
})

describe('groups', () => {
  it('follow the distance, show different labels first, and can be resolved and undone', async () => {
    const { db, close } = await newDatabase()
    const [cat, dog] = addClasses(db, 'cat', 'dog')
    const other = 0xf0f0_1234_5678_9abcn
    const third = 0x0123_4567_89ab_cdefn
    const ids = addPhotos(db, [
      { classId: cat!, phash: hash(base), pixels: 'A', split: 'train' },
      { classId: cat!, phash: hash(base), pixels: 'A', split: 'train' },
      { classId: cat!, phash: hash(base ^ 0xffn), pixels: 'A2', split: 'train' },
      { classId: cat!, phash: hash(other), split: 'train' },
      { classId: dog!, phash: hash(other ^ 1n), split: 'train' },
      { classId: cat!, phash: hash(third), split: 'train' },
      { classId: cat!, phash: hash(third ^ 3n), split: 'test' },
    ])
    await check(db)
    const history = createHistory(db, now)
    const groups = createDuplicateGroups(db, history, () => null)
    const shape = (kind: CopyKind = 'both') =>
      groups.page(kind, 0, 10).groups.map(group => [group.keeper.id, ...group.members.map(member => member.photo.id)])
    expect(groups.page('exact-duplicate', 0, 10)).toMatchObject({ total: 1, copies: 1, conflicting: 0, leaking: 0 })
    expect([shape('exact-duplicate'), shape('near-duplicate')]).toEqual([
      [[ids[0], ids[1]]],
      [
        [ids[3], ids[4]],
        [ids[5], ids[6]],
      ],
    ])
    const flagged = () => db.values<number>("SELECT photo_id FROM problem WHERE code = 'near-duplicate' ORDER BY 1")
    expect([readNearDistance(db), flagged()]).toEqual([6, [ids[4], ids[6]]])
    setNearDistance(db, 8)
    expect([readNearDistance(db), flagged()]).toEqual([8, [ids[2], ids[4], ids[6]]])
    await check(db)
    expect(flagged()).toEqual([ids[2], ids[4], ids[6]])
    // What is excluded at once is said beforehand, and so is what is left to a person.
    expect(groups.page('both', 0, 10)).toMatchObject({ total: 3, copies: 4, agreeing: 3, conflicting: 1, leaking: 1 })
    expect(shape()[2]).toEqual([ids[0], ids[1], ids[2]])
    expect(groups.page('both', 2, 1).groups[0]!.members.map(({ distance, exact }) => [distance, exact])).toEqual([
      [0, true],
      [8, false],
    ])

    expect(groups.keep(ids[2]!).text).toBe('Another copy kept')
    expect(shape()[2]![0]).toBe(ids[2])
    const left = () => problemCounts(db).find(({ code }) => code === 'near-duplicate')?.photos
    const before = left()!
    expect(groups.exclude('both', null)).toMatchObject({ changed: 3 })
    expect(groups.page('both', 0, 10)).toMatchObject({ copies: 1, agreeing: 0 })
    expect(left()).toBeLessThan(before)
    expect(shape()).toEqual([[ids[3], ids[4]]])
    history.undo()
    expect(left()).toBe(before)
    expect(shape()).toHaveLength(3)
    expect(groups.exclude('near-duplicate', [ids[3]!])).toMatchObject({ changed: 1 })
    expect((await failure(() => groups.keep(ids[4]!))).code).toBe('no-copies')
    expect((await failure(() => groups.keep(999))).code).toBe('no-photo')
    close()
  })
})

describe('the report', () => {
  it('counts what can be trained on and says what stands in the way, weightiest first', async () => {
    const { db, close } = await newDatabase()
    expect(checkReport(db)).toMatchObject({ classes: [], sizes: null, formats: [], advice: [{ code: 'few-classes' }] })
    const [cat, dog, owl] = addClasses(db, 'cat', 'dog', 'owl')
    addPhotos(db, [
      ...Array.from({ length: 200 }, () => ({ classId: cat! })),
      ...Array.from({ length: 25 }, () => ({ classId: dog! })),
      { classId: dog!, usable: false },
      { classId: dog!, excluded: true },
      { classId: owl!, pixels: 'same', split: 'train' },
      { classId: cat!, pixels: 'same', split: 'test' },
      { classId: null },
    ])
    await check(db)
    const report = checkReport(db)
    expect(report.classes.map(({ name, photos, usable }) => [name, photos, usable])).toEqual([
      ['cat', 201, 201],
      ['dog', 27, 25],
      ['owl', 1, 1],
    ])
    expect(report.sizes).toEqual({
      smallest: { width: 100, height: 80 },
      middle: { width: 100, height: 80 },
      largest: { width: 100, height: 80 },
    })
    expect(report.formats).toEqual([{ format: 'jpeg', photos: 230 }])
    expect(report.advice.map(({ code, values }) => [code, values])).toEqual([
      ['copies-conflict', { photos: 1 }],
      ['copies-leak', { photos: 1 }],
      ['few-photos', { class: 'owl', photos: 1, wanted: 20 }],
      ['uneven', { most: 'cat', least: 'owl', times: 201 }],
      ['unlabelled', { photos: 1 }],
    ])
    close()
  })
})

describe('turned copies', () => {
  it('are flagged, listed in groups, told when they leak, and keep to one split', async () => {
    const app = startApp()
    await app.client.request('libraries.create', { name: 'turned' })
    const picture = png(9, { width: 160, height: 120 })
    const [mirrored, turned] = [
      await sharp(picture).flop().jpeg({ quality: 80 }).toBuffer(),
      await sharp(picture).rotate(90).png().toBuffer(),
    ]
    await app.importFolders(
      writeFiles(temporaryFolder(), {
        'train/a/whole.png': picture,
        'test/a/mirrored.jpg': mirrored,
        'train/a/turned.png': turned,
        'train/a/other.png': png(3),
        'train/b/another.png': png(4),
      }),
    )
    await expectTurned(app)
  })

  it('among photos that an earlier version imported are found by a check', async () => {
    const app = startApp()
    const { id } = await app.client.request('libraries.create', { name: 'earlier' })
    const picture = png(9, { width: 160, height: 120 })
    await app.importFolders(
      writeFiles(temporaryFolder(), {
        'a/whole.png': picture,
        'a/mirrored.png': await sharp(picture).flop().png().toBuffer(),
      }),
    )
    await app.client.request('libraries.create', { name: 'other' })
    const { db, close } = await openDatabase(join(app.folder, 'libraries', 'earlier.winnow'), { create: false, now })
    db.run('UPDATE photo SET turns = NULL')
    db.run('DELETE FROM problem')
    close()
    await app.client.request('libraries.open', { id })
    await app.ended((await app.client.request('check.start', {})).jobId)
    expect(
      (
        await app.client.request('photos.page', {
          filter: { problem: 'near-duplicate' },
          sort: 'name',
          offset: 0,
          limit: 10,
        })
      ).total,
    ).toBe(1)
  })
})

/** Two turned copies of a third photo, in one group that leaks. */
async function expectTurned(app: TestApp): Promise<void> {
  const { photos } = await app.client.request('photos.page', {
    filter: { problem: 'near-duplicate' },
    sort: 'name',
    offset: 0,
    limit: 10,
  })
  const told = photos.map(({ name, problems }) => ({ name, ...problems.find(({ code }) => code === 'near-duplicate') }))
  expect(told).toHaveLength(2)
  for (const one of told)
    expect(one).toMatchObject({
      reason: expect.stringMatching(/^Mirrored or turned, this photo shows nearly the same picture as/),
      values: { turned: 1 },
    })
  const { groups, leaking } = await app.client.request('duplicates.groups', {
    kind: 'near-duplicate',
    offset: 0,
    limit: 10,
  })
  expect(groups.map(({ keeper, members }) => [keeper.name, ...members.map(({ photo }) => photo.name)].sort())).toEqual([
    ['mirrored.jpg', 'turned.png', 'whole.png'],
  ])
  expect(groups[0]!.members.every(({ turned, exact }) => turned && !exact)).toBe(true)
  expect(leaking).toBe(1)
  expect((await app.client.request('check.report', {})).advice.map(({ code }) => code)).toContain('copies-leak')
}
