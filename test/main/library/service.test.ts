// The service from outside: libraries come and go, the page picks folders it has been shown, bytes come by id, the
// sample is whole.

import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { unpackThumbnails } from '../../../src/contract/thumbnail-pack.ts'
import type { SampleAnswers } from '../../../src/main/library/import/sample.ts'
import { tiff } from '../pixels/decode/tiff-writer.ts'
import { png, startApp, writeFiles } from './app.ts'
import { failure, temporaryFolder } from './helpers.ts'

describe('libraries', () => {
  it('are made, remembered and opened again, one at a time', async () => {
    const app = startApp()
    const { client } = app
    expect(await client.request('library.current', {})).toBeNull()
    expect(await failure(client.request('classes.list', {}))).toMatchObject({
      code: 'no-library',
      message: 'No library is open.',
    })
    const first = await client.request('libraries.create', { name: '강아지' })
    await client.request('classes.create', { name: 'cat' })
    const second = await client.request('libraries.create', { name: 'second' })
    expect(await client.request('classes.list', {})).toEqual([])
    expect((await client.request('libraries.recent', {})).map(({ name }) => name)).toEqual(['second', '강아지'])
    expect(await client.request('libraries.open', { id: first.id })).toMatchObject({
      id: first.id,
      name: '강아지',
      classes: [{ name: 'cat', photos: 0 }],
    })
    expect(second.id).not.toBe(first.id)
    expect(await failure(client.request('libraries.create', { name: '강아지' }))).toMatchObject({
      code: 'library-exists',
    })
    expect(await failure(client.request('libraries.create', { name: '../up' }))).toMatchObject({ code: 'bad-name' })
    expect(await failure(app.service.openLibraryAt(join(app.folder, 'none.winnow')))).toMatchObject({
      code: 'library-missing',
    })
    expect(await client.request('library.current', {})).toMatchObject({ id: first.id })
    expect(await client.request('libraries.open', { id: first.id })).toMatchObject({ id: first.id })
    await client.request('libraries.open', { id: second.id })
    rmSync(join(app.folder, 'libraries', '강아지.winnow'), { recursive: true })
    expect((await client.request('libraries.recent', {})).map(({ name }) => name)).toEqual(['second'])
    expect(await failure(client.request('libraries.open', { id: first.id }))).toMatchObject({ code: 'library-missing' })
    expect(await client.request('library.current', {})).toMatchObject({ id: second.id })
  })

  it('that cannot be read any more are let go of, so that another can be opened', async () => {
    const { client, service, folder } = startApp()
    await client.request('libraries.create', { name: 'spoilt' })
    const other = new Database(join(folder, 'libraries', 'spoilt.winnow', 'library.db'))
    other.exec('ALTER TABLE photo RENAME TO gone')
    other.close()
    await failure(client.request('libraries.create', { name: 'next' }))
    expect(await service.openLibraryAt(join(folder, 'libraries', 'next.winnow'))).toMatchObject({
      name: 'next',
      photos: 0,
    })
  })

  it('can be left for another though no backup of them can be made, which is told', async () => {
    const { client, folder } = startApp()
    const { id } = await client.request('libraries.create', { name: 'other' })
    await client.request('libraries.create', { name: 'cramped' })
    await client.request('classes.create', { name: 'owl' })
    writeFileSync(join(folder, 'libraries', 'cramped.winnow', 'backups'), 'in the way')
    let rings = 0
    client.subscribe('library', {}, () => rings++)
    await failure(client.request('libraries.open', { id }))
    expect(await client.request('library.current', {})).toMatchObject({ name: 'other' })
    await expect.poll(() => rings).toBeGreaterThan(0)
  })

  it('tell the page when something changed', async () => {
    const { client } = startApp()
    await client.request('libraries.create', { name: 'bell' })
    const rang = new Promise(done => client.subscribe('library', {}, done))
    await client.request('classes.create', { name: 'cat' })
    expect(await rang).toEqual({ revision: 1 })
    expect(await failure(client.request('classes.create', { name: ' cat ' }))).toMatchObject({ code: 'class-exists' })
    expect(await failure(client.request('classes.create', { name: 'c\u0061t'.normalize('NFD') }))).toMatchObject({
      code: 'class-exists',
    })
  })
})

describe('the folder picker', () => {
  it('shows folders below home and what the host has granted, by ids that nobody else can make', async () => {
    const app = startApp()
    writeFiles(app.folder, {
      'pictures/a.jpg': '',
      'pictures/b.PNG': '',
      'pictures/notes.txt': '',
      'pictures/list.csv': '',
      'pictures/set.ZIP': '',
      'pictures/pets/c.jpg': '',
      '.secret/d.jpg': '',
    })
    mkdirSync(join(app.folder, 'pictures', 'empty'))
    const elsewhere = writeFiles(temporaryFolder(), { 'd.jpg': '' })
    symlinkSync(elsewhere, join(app.folder, 'pictures', 'linked'))
    const root = await app.client.request('folders.list', { id: null })
    expect(root).toMatchObject({ parentId: null, imageFiles: 0 })
    const home = await app.client.request('folders.list', { id: root.entries[0]!.id })
    expect(home.entries.map(entry => entry.name)).toEqual(['pictures'])
    const pictures = await app.client.request('folders.list', { id: home.entries[0]!.id })
    expect(pictures).toMatchObject({ name: 'pictures', parentId: home.id, imageFiles: 2 })
    expect(pictures.entries.map(entry => entry.name)).toEqual(['empty', 'pets'])
    expect(pictures.files!.map(({ name, kind }) => [name, kind])).toEqual([
      ['list.csv', 'csv'],
      ['set.ZIP', 'zip'],
    ])
    for (const id of ['/etc', '../..', app.folder, 'constructor', '']) {
      expect(await failure(app.client.request('folders.list', { id }))).toMatchObject({ code: 'no-folder' })
    }
    const granted = await app.service.grantFolder(temporaryFolder())
    expect((await app.client.request('folders.list', { id: null })).entries.map(entry => entry.id)).toContain(granted)
    expect(await app.client.request('import.preview', { folderIds: [home.entries[0]!.id] })).toMatchObject({
      photos: 4, // the linked one too: data sets made of links are normal
      skipped: 3,
    })
  })
})

describe('bytes of photos', () => {
  it('are the small photo itself, or a thumbnail that is made again when the cache was deleted', async () => {
    const small = png(1)
    const large = png(2, { width: 600, height: 300 })
    const folder = writeFiles(temporaryFolder(), { 'cat/small.png': small, 'cat/large.png': large })
    const app = startApp()
    const { name } = await app.client.request('libraries.create', { name: 'bytes' })
    await app.importFolders(folder)
    const { photos } = await app.client.request('photos.page', { filter: {}, sort: 'name', offset: 0, limit: 10 })
    const [largeId, smallId] = photos.map(photo => photo.id)
    expect(Buffer.from(await app.client.getBytes('thumbnail', { photoId: smallId! })).equals(small)).toBe(true)
    expect(Buffer.from(await app.client.getBytes('photo', { photoId: largeId! })).equals(large)).toBe(true)
    const thumbnail = await app.client.getBytes('thumbnail', { photoId: largeId! })
    expect(Buffer.from(thumbnail.subarray(8, 12)).toString()).toBe('WEBP')
    expect(await failure(app.client.getBytes('photo', { photoId: 99 }))).toMatchObject({ code: 'no-photo' })
    const together = new Blob([await app.client.getBytes('thumbnails', { photoIds: `${largeId},99,${smallId}` })])
    const pictures = await Promise.all(
      (await unpackThumbnails(together, 3)).map(async picture => picture && Buffer.from(await picture.arrayBuffer())),
    )
    expect(pictures).toEqual([Buffer.from(thumbnail), null, small])

    await app.client.request('libraries.create', { name: 'other' })
    rmSync(join(app.folder, 'libraries', `${name}.winnow`, 'cache'), { recursive: true })
    await app.service.openLibraryAt(join(app.folder, 'libraries', `${name}.winnow`))
    expect(
      Buffer.from((await app.client.getBytes('thumbnail', { photoId: largeId! })).subarray(8, 12)).toString(),
    ).toBe('WEBP')
    rmSync(join(folder, 'cat', 'large.png'))
    expect(await failure(app.client.getBytes('photo', { photoId: largeId! }))).toMatchObject({ code: 'photo-missing' })
  })
})

describe('photos that browsers show otherwise or not at all', () => {
  it('are shown as they are trained with: upright, of any format, small and large', async () => {
    const lying = (width: number, height: number) =>
      sharp({ create: { width, height, channels: 3, background: '#a05030' } })
        .withMetadata({ orientation: 6 })
        .webp()
        .toBuffer()
    const deep = tiff({ width: 300, height: 20, bits: 16, orientation: 6, value: () => 40_000 })
    const folder = writeFiles(temporaryFolder(), {
      'a/1.webp': await lying(96, 64),
      'a/2.webp': await lying(900, 600),
      'a/3.tif': deep,
      'a/4.jpg': await sharp({ create: { width: 90, height: 60, channels: 3, background: '#a05030' } })
        .withMetadata({ orientation: 6 })
        .jpeg()
        .toBuffer(),
    })
    const app = startApp()
    await app.client.request('libraries.create', { name: 'upright' })
    await app.importFolders(folder)
    const sizes = [
      [64, 96],
      [600, 900],
      [20, 300],
    ]
    for (const [i, [width, height]] of sizes.entries()) {
      const shown = await sharp(await app.client.getBytes('photo', { photoId: i + 1 })).metadata()
      expect([shown.format, shown.width, shown.height, shown.orientation]).toEqual(['webp', width, height, undefined])
      const small = await sharp(await app.client.getBytes('thumbnail', { photoId: i + 1 })).metadata()
      expect(small.width! < small.height!).toBe(true)
    }
    // Browsers turn a JPEG by themselves.
    const jpeg = readFileSync(join(folder, 'a/4.jpg'))
    expect(Buffer.from(await app.client.getBytes('photo', { photoId: 4 })).equals(jpeg)).toBe(true)
  })
})

describe('the sample', () => {
  it('holds what its answers say, and is made once', async () => {
    const app = startApp()
    const { jobId } = await app.client.request('libraries.sample', {})
    expect(await app.ended(jobId)).toMatchObject({ state: 'done', result: { imported: 257, broken: 7 } })
    const answers = JSON.parse(
      readFileSync(join(app.folder, 'libraries', 'Sample photos', 'answers.json'), 'utf8'),
    ) as SampleAnswers
    const withProblem = async (
      problem:
        | 'truncated'
        | 'empty'
        | 'not-an-image'
        | 'wrong-extension'
        | 'dark'
        | 'exact-duplicate'
        | 'near-duplicate',
    ) =>
      (await app.client.request('photos.page', { filter: { problem }, sort: 'added', offset: 0, limit: 100 })).photos
        .map(photo => `${photo.folder}/${photo.name}`)
        .sort()
    expect(await withProblem('truncated')).toEqual(answers.truncated.toSorted())
    expect(await withProblem('empty')).toEqual(answers.empty.toSorted())
    expect(await withProblem('not-an-image')).toEqual(answers.notImages.toSorted())
    expect(await withProblem('wrong-extension')).toEqual(answers.wrongExtension.toSorted())
    expect(await withProblem('dark')).toEqual(answers.dark.toSorted())
    expect(await withProblem('exact-duplicate')).toEqual(answers.copies.map(({ path }) => path).sort())
    expect(await withProblem('near-duplicate')).toEqual(answers.nearCopies.map(({ path }) => path).sort())
    expect(answers.mislabelled).toHaveLength(12)
    expect(answers.mislabelled.every(({ path, label, truth }) => path.startsWith(`${label}/`) && label !== truth)).toBe(
      true,
    )
    expect(await app.client.request('libraries.sample', {})).toEqual({ jobId })
  })
})
