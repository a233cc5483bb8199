// Names of folders for copies: any class gets a folder of its own that every file system takes.

import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openCopies } from '../../../src/main/export/dataset/copies.ts'
import { safeName } from '../../../src/main/common/file-names.ts'
import { withFileLimit } from '../faults/faults.ts'
import { failure, temporaryFolder } from '../library/helpers.ts'

describe('a folder for copies', () => {
  it('is not made inside the photos, whichever way leads there', async () => {
    const place = temporaryFolder()
    const photos = join(place, 'photos')
    mkdirSync(join(photos, 'cat'), { recursive: true })
    symlinkSync(photos, join(place, 'link'))
    symlinkSync(join(photos, 'cat'), join(place, 'deep'))
    const open = (folder: string, source: string) => openCopies({ folder, name: 'Out' }, [source])
    for (const [folder, source] of [
      [photos, join(place, 'link')],
      [join(place, 'link', 'cat'), photos],
      [join(place, 'deep'), photos],
      [join(photos, 'new'), `${join(place, 'link')}/`],
    ] as const) {
      expect(await failure(open(folder, source)), `${folder} in ${source}`).toMatchObject({ code: 'copies-inside' })
    }
    expect(readdirSync(photos, { recursive: true })).toEqual(['cat'])
    expect((await open(place, join(place, 'link'))).folder).toBe(join(place, 'Out'))
  })

  it('holds nothing of a file for which the disk had no room', async () => {
    const place = { folder: temporaryFolder(), name: 'Out' }
    const copies = await openCopies(place, [])
    const large = Buffer.alloc(100_000, 1)
    expect(await withFileLimit(4096, () => failure(copies.write('large.jpg', large, ['cat'])))).toMatchObject({
      code: 'disk-failed',
    })
    expect(readdirSync(copies.folder, { recursive: true })).toEqual(['cat'])
    expect(await (await openCopies(place, [], true)).write('large.jpg', large, ['cat'])).toBe('cat/large.jpg')
  })
})

describe('a photo whose name', () => {
  it('is as long as a file system takes has room for a number, and one that is longer is cut', async () => {
    const place = temporaryFolder()
    const long = `${'사'.repeat(83)}ab.jpg`
    for (const folder of ['1', '2']) mkdirSync(join(place, folder))
    for (const folder of ['1', '2']) writeFileSync(join(place, folder, long), folder)
    const copies = await openCopies({ folder: place, name: 'Out' }, [])
    const made = [
      await copies.copy(join(place, '1', long), ['cat']),
      await copies.copy(join(place, '2', long), ['cat']),
      await copies.write(`${'사'.repeat(90)}.jpg`, Buffer.from('3'), ['cat']),
    ]
    expect(made.map(path => readFileSync(join(place, 'Out', path), 'utf8'))).toEqual(['1', '2', '3'])
    expect(made).toEqual([
      `cat/${long}`,
      expect.stringMatching(/^cat\/사+ \(2\)\.jpg$/),
      expect.stringMatching(/^cat\/사+-[\da-f]{8}\.jpg$/),
    ])
  })
})

describe('a photo whose name', () => {
  it.each([
    ['Foto 10:20?.jpg', 'Foto 10 20.jpg'],
    ['con.png', '_con.png'],
    ['a\\b.png', 'a b.png'],
    ['x.jp:g', 'x.jpg'],
    ['two  spaces .png', 'two  spaces .png'],
    ['.hidden.png', '.hidden.png'],
    ['no ending. ', 'no ending'],
    ['강아지.png', '강아지.png'],
  ])('is %s is copied as %s', async (name, made) => {
    const place = temporaryFolder()
    writeFileSync(join(place, name), 'photo')
    const copies = await openCopies({ folder: place, name: 'Out' }, [])
    expect(await copies.copy(join(place, name), ['cat'])).toBe(`cat/${made}`)
  })
})

describe('a class whose name', () => {
  it('is longer than a file system takes has a folder, another one for each', async () => {
    const place = temporaryFolder()
    const file = join(place, 'a.jpg')
    writeFileSync(file, 'photo')
    const copies = await openCopies({ folder: place, name: 'Out' }, [])
    const long = '아주 긴 이름 '.repeat(30)
    const made = [await copies.copy(file, ['train', `${long}1`]), await copies.copy(file, ['train', `${long}2`])]
    expect(new Set(made).size).toBe(2)
    for (const path of made) expect(existsSync(join(place, 'Out', path))).toBe(true)
    expect(made[0]).toMatch(/^train\/아주 긴 이름 .*[가-힣]\/a\.jpg$/)
  })

  it.each([
    ['con', '_con'],
    ['Aux.v2', '_Aux.v2'],
    ['NUL .x', '_NUL .x'],
    ['com7', '_com7'],
    ['console', 'console'],
    ['com10', 'com10'],
    ['a.con', 'a.con'],
    ['..', '_'],
    ['a/b: c.', 'a b c'],
  ])('is %s has the folder %s', (name, folder) => {
    expect(safeName(name)).toBe(folder)
  })
})
