// How photos without a split are dealt out: the promised shares, every class in them, copies together, always the same
// way.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dealSplits, photosForRun, type SplitPhoto } from '../../../../src/main/library/photos/splits.ts'
import { addClasses, addPhotos, newDatabase } from '../rows.ts'

const photo = (id: number, classId: number, more: Partial<SplitPhoto> = {}): SplitPhoto => ({
  id,
  classId,
  split: null,
  group: `g${id}`,
  ...more,
})
const set = (count: number, classes: number, more: Partial<SplitPhoto> = {}) =>
  Array.from({ length: count }, (_, i) => photo(i, i % classes, more))

function count(photos: readonly SplitPhoto[], dealt: Map<number, string>, classId?: number) {
  const counts = { train: 0, validation: 0, test: 0 }
  for (const { id, classId: own } of photos)
    if (classId === undefined || own === classId) counts[dealt.get(id) as keyof typeof counts]++
  return counts
}

describe('shares', () => {
  it('are 80/20 for few photos, 70/15/15 from 200 on, in every class', () => {
    const few = set(150, 3)
    expect(count(few, dealSplits(few, 1), 2)).toEqual({ train: 40, validation: 10, test: 0 })
    const many = set(300, 3)
    expect(count(many, dealSplits(many, 1), 0)).toEqual({ train: 70, validation: 15, test: 15 })
  })

  it('keep given splits; a missing validation split is taken from the training photos', () => {
    const given = set(1000, 2).map((one, i): SplitPhoto => ({ ...one, split: i < 800 ? 'train' : 'test' }))
    const dealt = dealSplits(given, 1)
    expect(count(given, dealt)).toEqual({ train: 680, validation: 120, test: 200 })
    expect(given.filter(one => one.split === 'test').every(one => dealt.get(one.id) === 'test')).toBe(true)
    const complete = set(100, 2).map((one, i): SplitPhoto => ({ ...one, split: i < 60 ? 'train' : 'validation' }))
    expect(count(complete, dealSplits(complete, 1))).toEqual({ train: 60, validation: 40, test: 0 })
  })

  it('leave a training photo in training where a copy of it is in the test split: that is told, not changed', () => {
    const leaked = set(400, 2).map((one, i): SplitPhoto => ({
      ...one,
      split: i < 300 ? 'train' : 'test',
      group: i % 100 < 40 ? `copies ${i % 100}` : one.group,
    }))
    const dealt = dealSplits(leaked, 1)
    expect(leaked.filter(one => one.split === 'train').every(one => dealt.get(one.id) !== 'test')).toBe(true)
    expect(leaked.filter(one => one.split === 'test').every(one => dealt.get(one.id) === 'test')).toBe(true)
  })

  it('leave a photo of each class for training, and give validation one from the second on', () => {
    const photos = [photo(1, 0), photo(2, 1), photo(3, 1), photo(4, 2), photo(5, 2), photo(6, 2)]
    const dealt = dealSplits(photos, 1)
    expect(dealt.get(1)).toBe('train')
    expect(count(photos, dealt, 1)).toEqual({ train: 1, validation: 1, test: 0 })
    expect(count(photos, dealt, 2)).toEqual({ train: 2, validation: 1, test: 0 })
  })
})

describe('dealing', () => {
  it('never parts copies, gives everyone a split, keeps given ones, and does not depend on order', () => {
    const anyPhoto = fc.record({
      classId: fc.nat(2),
      split: fc.constantFrom(null, null, null, 'train' as const, 'test' as const),
      group: fc.nat(30),
    })
    fc.assert(
      fc.property(fc.array(anyPhoto, { maxLength: 80 }), fc.nat(), (plain, seed) => {
        const photos = plain.map((one, id) => photo(id, one.classId, { split: one.split, group: `g${one.group}` }))
        const dealt = dealSplits(photos, seed)
        expect(dealt.size).toBe(photos.length)
        expect(dealSplits(photos.toReversed(), seed)).toEqual(dealt)
        for (const group of Map.groupBy(photos, one => one.group).values()) {
          const free = group.every(one => one.split === null)
          if (free) expect(new Set(group.map(one => dealt.get(one.id))).size).toBe(1)
        }
        for (const one of photos) if (one.split === 'test') expect(dealt.get(one.id)).toBe('test')
      }),
    )
  })

  it('changes with the seed and hardly with one photo more', () => {
    const photos = set(200, 2)
    const dealt = dealSplits(photos, 1)
    expect(dealSplits(photos, 2)).not.toEqual(dealt)
    const more = dealSplits([...photos, photo(1000, 0)], 1)
    expect(photos.filter(one => more.get(one.id) !== dealt.get(one.id)).length).toBeLessThanOrEqual(2)
  })

  it('in a library leaves out what is unusable, excluded or unlabelled, and keeps found copies together', async () => {
    const { db, close } = await newDatabase()
    const [cat] = addClasses(db, 'cat')
    const ids = addPhotos(db, [
      ...Array.from({ length: 40 }, (_, i) => ({ classId: cat!, pixels: i % 2 ? 'same' : `p${i}` })),
      { classId: cat!, usable: false },
      { classId: cat!, excluded: true },
      { classId: null },
    ])
    for (const id of [ids[2]!, ids[4]!, ids[6]!]) {
      db.run(
        "INSERT INTO problem (photo_id, code, reason, values_json) VALUES (?, 'near-duplicate', 'x', ?)",
        id,
        JSON.stringify({ keeper: ids[0] }),
      )
    }
    const dealt = photosForRun(db)
    expect(dealt.map(one => one.id).toSorted((a, b) => a - b)).toEqual(ids.slice(0, 40))
    const splitOf = new Map(dealt.map(one => [one.id, one.split]))
    expect(
      new Set(
        ids
          .slice(0, 40)
          .filter((_, i) => i % 2 === 1)
          .map(id => splitOf.get(id)),
      ).size,
    ).toBe(1)
    expect(new Set([0, 2, 4, 6].map(i => splitOf.get(ids[i]!))).size).toBe(1)
    close()
  })
})
