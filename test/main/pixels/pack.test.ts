// The packed caches: what was flushed is there after any crash, whole or not at all; damage is noticed and never handed
// out.

import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Pack } from '../../../src/main/pixels/cache/pack.ts'
import { nameOfShape, openPixelCache, shapeOfIndex } from '../../../src/main/pixels/cache/pixel-cache.ts'
import { openThumbnails } from '../../../src/main/pixels/cache/thumbnails.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'winnow-pack-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const key = (i: number): string => createHash('sha256').update(String(i)).digest('hex')
const bytes = (i: number): Buffer => Buffer.alloc(1 + ((i * 37) % 90), i)

function fill(directory: string, count: number): void {
  const pack = new Pack(directory, 'p', 'test')
  for (let i = 0; i < count; i++) pack.append(key(i), bytes(i))
  pack.close()
}

describe('a pack', () => {
  test('gives back what it took, before and after flushing and reopening', () => {
    const pack = new Pack(folder, 'p', 'test')
    pack.append(key(1), bytes(1))
    expect(pack.get(key(1))).toEqual(bytes(1))
    pack.append(key(2), bytes(2))
    pack.append(key(1), Buffer.from('another'))
    expect([pack.count, pack.get(key(1)), pack.get(key(3))]).toEqual([2, bytes(1), null])
    pack.close()
    const again = new Pack(folder, 'p', 'test')
    expect([again.count, again.get(key(1)), again.get(key(2))]).toEqual([2, bytes(1), bytes(2)])
    again.close()
  })

  test('of another kind, or with a foreign index, starts empty', () => {
    fill(folder, 5)
    const other = new Pack(folder, 'p', 'another kind')
    expect(other.count).toBe(0)
    other.append(key(1), bytes(1))
    expect(other.get(key(1))).toEqual(bytes(1))
    other.close()
    writeFileSync(join(folder, 'p.index'), 'something else entirely')
    const again = new Pack(folder, 'p', 'test')
    expect(again.count).toBe(0)
    again.close()
  })

  test('refuses a key that is no hash', () => {
    const pack = new Pack(folder, 'p', 'test')
    expect(() => pack.append('not hex', bytes(1))).toThrow(RangeError)
    expect(pack.has('not hex')).toBe(false)
    pack.close()
  })

  test('cut at any length, index or data, it holds a beginning of what was written and goes on from there', () => {
    const whole = join(folder, 'whole')
    fill(whole, 30)
    const lengths = {
      index: readFileSync(join(whole, 'p.index')).length,
      data: readFileSync(join(whole, 'p.data')).length,
    }
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (index, data) => {
          const cut = join(folder, 'cut')
          cpSync(whole, cut, { recursive: true })
          truncateSync(join(cut, 'p.index'), Math.floor(lengths.index * index))
          truncateSync(join(cut, 'p.data'), Math.floor(lengths.data * data))
          const pack = new Pack(cut, 'p', 'test')
          const kept = pack.count
          for (let i = 0; i < 30; i++) expect(pack.get(key(i))).toEqual(i < kept ? bytes(i) : null)
          for (let i = 0; i < 30; i++) pack.append(key(i), bytes(i))
          pack.close()
          const again = new Pack(cut, 'p', 'test')
          for (let i = 0; i < 30; i++) expect(again.get(key(i))).toEqual(bytes(i))
          again.close()
          rmSync(cut, { recursive: true })
        },
      ),
      { numRuns: 60 },
    )
  })

  test('with any byte spoilt it never hands out wrong bytes', () => {
    const whole = join(folder, 'whole')
    fill(whole, 30)
    fc.assert(
      fc.property(
        fc.constantFrom('p.index', 'p.data'),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.integer({ min: 1, max: 255 }),
        (file, where, flip) => {
          const spoilt = join(folder, 'spoilt')
          cpSync(whole, spoilt, { recursive: true })
          const content = readFileSync(join(spoilt, file))
          content[Math.floor(content.length * where)]! ^= flip
          writeFileSync(join(spoilt, file), content)
          const pack = new Pack(spoilt, 'p', 'test')
          for (let i = 0; i < 30; i++) expect([null, bytes(i)]).toContainEqual(pack.get(key(i)))
          pack.close()
          rmSync(spoilt, { recursive: true })
        },
      ),
      { numRuns: 60 },
    )
  })

  test('bytes left behind by a crash before their entries were written are overwritten', () => {
    fill(folder, 3)
    appendFileSync(join(folder, 'p.data'), 'half a record')
    const pack = new Pack(folder, 'p', 'test')
    pack.append(key(9), bytes(9))
    expect([pack.count, pack.get(key(2)), pack.get(key(9))]).toEqual([4, bytes(2), bytes(9)])
    pack.close()
  })
})

describe('training pixels', () => {
  const shape = { size: 4, channels: 3 } as const
  const row = (i: number): Uint8Array => new Uint8Array(48).fill(i)

  test('come in the order asked for, whatever the order on disk', () => {
    const cache = openPixelCache(folder, shape)
    for (let i = 0; i < 20; i++) cache.append(key(i), row(i))
    const order = [7, 8, 9, 3, 19, 0, 1, 7]
    const rows = cache.rows(order.map(key), 1, 6)
    expect([...rows].filter((_, i) => i % 48 === 0)).toEqual(order.slice(1, 7))
    expect(rows.length).toBe(6 * 48)
    cache.close()
  })

  test('of squashed photos and of those between bars lie in files of their own, which are found again by name', () => {
    const [squashed, between] = [openPixelCache(folder, shape), openPixelCache(folder, { ...shape, fit: 'letterbox' })]
    squashed.append(key(1), row(1))
    between.append(key(1), row(2))
    expect([...between.rows([key(1)], 0, 1)]).toEqual([...row(2)])
    expect([...squashed.rows([key(1)], 0, 1)]).toEqual([...row(1)])
    for (const cache of [squashed, between]) {
      cache.flush()
      cache.close()
    }
    expect(
      readdirSync(folder)
        .flatMap(name => shapeOfIndex(name) ?? [])
        .map(nameOfShape)
        .sort(),
    ).toEqual(['pixels-4x4x3', 'pixels-4x4x3-letterbox'])
  })

  test('that are missing or damaged are told, and can be made again', () => {
    let cache = openPixelCache(folder, shape)
    for (let i = 0; i < 5; i++) cache.append(key(i), row(i))
    expect(cache.missing([0, 7, 4, 9].map(key))).toEqual([7, 9].map(key))
    expect(() => cache.rows([0, 7, 9].map(key), 0, 3)).toThrow(
      expect.objectContaining({ code: 'pixels-missing', message: expect.stringContaining('2 of 3') }),
    )
    cache.close()
    const file = join(folder, 'pixels-4x4x3.data')
    const content = readFileSync(file)
    content[2 * 48]! ^= 1
    writeFileSync(file, content)
    cache = openPixelCache(folder, shape)
    expect(() => cache.rows([1, 2, 3].map(key), 0, 3)).toThrow(
      expect.objectContaining({ message: expect.stringContaining('1 of 3') }),
    )
    expect(cache.missing([1, 2, 3].map(key))).toEqual([key(2)])
    cache.append(key(2), row(2))
    expect([...cache.rows([key(2)], 0, 1)]).toEqual([...row(2)])
    cache.close()
    cache = openPixelCache(folder, shape)
    expect([...cache.rows([key(2)], 0, 1)]).toEqual([...row(2)])
    cache.close()
  })

  test('are read again by a check, which forgets what is damaged', async () => {
    let cache = openPixelCache(folder, shape)
    for (let i = 0; i < 5; i++) cache.append(key(i), row(i))
    expect(await cache.verify(new AbortController().signal)).toEqual({ records: 5, damaged: 0 })
    cache.close()
    const file = join(folder, 'pixels-4x4x3.data')
    writeFileSync(file, readFileSync(file).fill(99, 100, 101))
    cache = openPixelCache(folder, shape)
    expect(await cache.verify(new AbortController().signal)).toEqual({ records: 5, damaged: 1 })
    expect(cache.missing([0, 1, 2, 3, 4].map(key))).toEqual([key(2)])
    cache.close()
  })

  test('lets others in while it checks, and ends when it is told to', async () => {
    const cache = openPixelCache(folder, shape)
    for (let i = 0; i < 60_000; i++) cache.append(key(i), row(i % 200))
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    expect(await cache.verify(new AbortController().signal)).toEqual({ records: 60_000, damaged: 0 })
    clearInterval(timer)
    expect(turns).toBeGreaterThan(0)
    await expect(cache.verify(AbortSignal.timeout(1))).rejects.toMatchObject({ name: 'TimeoutError' })
    cache.close()
  })

  test('of the wrong length are refused', () => {
    const cache = openPixelCache(folder, shape)
    expect(() => cache.append(key(1), new Uint8Array(47))).toThrow('48 bytes, not 47')
    cache.close()
  })
})

test('thumbnails survive closing', () => {
  let store = openThumbnails(folder)
  store.put(key(1), bytes(1))
  store.close()
  store = openThumbnails(folder)
  expect([store.get(key(1)), store.has(key(2)), store.get(key(2))]).toEqual([bytes(1), false, null])
  store.close()
})
