// Files that go, change, come back or move; the library's own folder moving; backups when it closes; the full check.

import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { checkerPath, png, startApp, writeFiles, type TestApp } from '../app.ts'
import { temporaryFolder } from '../helpers.ts'

async function photosOf({ client }: TestApp) {
  const { photos } = await client.request('photos.page', { filter: {}, sort: 'name', offset: 0, limit: 100 })
  return photos.map(photo => [photo.name, photo.usable, ...photo.problems.map(problem => problem.code)])
}

async function run(app: TestApp, name: 'check.start' | 'library.verify') {
  return app.ended((await app.client.request(name, {})).jobId)
}

async function relink(app: TestApp, folder: string) {
  return app.ended(
    (await app.client.request('files.relink', { folderId: await app.service.grantFolder(folder) })).jobId,
  )
}

describe('files', () => {
  it('that go are marked missing and come back unharmed; changed ones are read again by an import', async () => {
    const folder = writeFiles(temporaryFolder(), {
      'cat/a.png': png(1),
      'cat/b.png': png(2),
      'cat/c.png': png(3),
      'cat/d.png': 'broken',
    })
    const app = startApp()
    await app.client.request('libraries.create', { name: 'files' })
    await app.importFolders(folder)
    renameSync(join(folder, 'cat/a.png'), join(folder, 'cat/a.away'))
    writeFileSync(join(folder, 'cat/b.png'), png(4, { width: 50 }))
    utimesSync(join(folder, 'cat/c.png'), 1, 1)
    expect((await run(app, 'check.start')).result).toMatchObject({ missing: 1, changed: 1 })
    expect(await photosOf(app)).toEqual([
      ['a.png', false, 'missing'],
      ['b.png', false, 'changed-while-read'],
      ['c.png', true],
      ['d.png', false, 'not-an-image'],
    ])
    renameSync(join(folder, 'cat/a.away'), join(folder, 'cat/a.png'))
    await run(app, 'check.start')
    await app.importFolders(folder)
    expect(await photosOf(app)).toEqual([
      ['a.png', true],
      ['b.png', true],
      ['c.png', true],
      ['d.png', false, 'not-an-image'],
    ])
  })

  it('in a folder that moved are found by their content, with their labels, and are called what they are called now', async () => {
    const home = temporaryFolder()
    const folder = writeFiles(join(home, 'old'), {
      'cat/a.png': png(1),
      'cat/b.png': png(2),
      'dog/c.png': png(3),
      'dog/twin.png': png(1),
    })
    const app = startApp()
    await app.client.request('libraries.create', { name: 'moved' })
    await app.importFolders(folder)
    const {
      photos: [first],
    } = await app.client.request('photos.page', { filter: { text: 'png' }, sort: 'name', offset: 0, limit: 1 })
    const owl = await app.client.request('classes.create', { name: 'owl' })
    await app.client.request('photos.label', { selection: { ids: [first!.id] }, classId: owl.id })
    renameSync(folder, join(home, 'new'))
    renameSync(join(home, 'new', 'cat', 'b.png'), join(home, 'new', 'cat', 'zebra.png'))
    rmSync(join(home, 'new', 'dog', 'c.png'))
    expect(await relink(app, join(home, 'new'))).toMatchObject({ state: 'done', result: { relinked: 3, missing: 1 } })
    expect((await photosOf(app)).filter(([, usable]) => usable).map(([name]) => name)).toEqual([
      'a.png',
      'twin.png',
      'zebra.png',
    ])
    const searched = await app.client.request('photos.page', {
      filter: { text: 'zebra' },
      sort: 'name',
      offset: 0,
      limit: 10,
    })
    expect(searched.photos).toMatchObject([{ name: 'zebra.png', folder: 'cat', className: 'cat' }])
    expect(await app.client.request('photos.get', { photoId: first!.id })).toMatchObject({
      name: 'a.png',
      className: 'owl',
    })
    expect((await app.client.getBytes('photo', { photoId: first!.id })).length).toBe(png(1).length)
  })

  it('that are away while they are read again are known by their content all the same, and come back as they were', async () => {
    const home = temporaryFolder()
    const folder = writeFiles(join(home, 'old'), { 'cat/a.png': png(1), 'cat/b.png': png(2), 'cat/c.png': png(3) })
    const app = startApp()
    await app.client.request('libraries.create', { name: 'away' })
    await app.importFolders(folder)
    await app.client.request('check.setThresholds', { thresholds: { dark: 1 } })
    const before = await photosOf(app)
    renameSync(folder, join(home, 'away'))
    await run(app, 'check.start')
    const again = () => app.client.request('files.retry', {}).then(({ jobId }) => app.ended(jobId))
    expect(await again()).toMatchObject({ state: 'done', result: { broken: 3 } })
    expect(
      (await photosOf(app)).every(
        ([, usable, ...codes]) => usable === false && codes.includes('missing') && codes.includes('dark'),
      ),
    ).toBe(true)
    renameSync(join(home, 'away'), folder)
    await run(app, 'check.start')
    expect(await photosOf(app)).toEqual(before)
    renameSync(folder, join(home, 'new'))
    await run(app, 'check.start')
    await again()
    expect(await relink(app, join(home, 'new'))).toMatchObject({ result: { relinked: 3, missing: 0 } })
    expect(await photosOf(app)).toEqual(before)
  })
})

describe('the library itself', () => {
  it('can be moved with the photos unpacked into it', async () => {
    const app = startApp()
    const path = join(temporaryFolder(), 'list.csv')
    const { id } = await app.client.request('libraries.create', { name: 'here' })
    const inside = join(app.folder, 'libraries', 'here.winnow', 'imports', 'set')
    writeFiles(inside, { 'a.png': png(1) })
    writeFileSync(path, `path,label\n${join(inside, 'a.png')},cat\n`)
    await app.importFolders(path)
    await app.client.request('libraries.create', { name: 'other' })
    mkdirSync(join(app.folder, 'elsewhere'))
    renameSync(join(app.folder, 'libraries', 'here.winnow'), join(app.folder, 'elsewhere', 'there.winnow'))
    expect(await app.service.openLibraryAt(join(app.folder, 'elsewhere', 'there.winnow'))).toMatchObject({
      id,
      name: 'there',
      photos: 1,
    })
    expect((await run(app, 'check.start')).result).toMatchObject({ missing: 0, changed: 0 })
  })

  it('is backed up on closing when people have worked, and only then', async () => {
    const app = startApp()
    const backups = () =>
      readdirSync(join(app.folder, 'libraries', 'kept.winnow')).includes('backups')
        ? readdirSync(join(app.folder, 'libraries', 'kept.winnow', 'backups'))
        : []
    await app.client.request('libraries.create', { name: 'kept' })
    await app.client.request('libraries.create', { name: 'second' })
    expect(backups()).toEqual([])
    await app.service.openLibraryAt(join(app.folder, 'libraries', 'kept.winnow'))
    await app.importFolders(writeFiles(temporaryFolder(), { 'cat/a.png': png(1) }))
    for (let i = 0; i < 2; i++) {
      await app.service.openLibraryAt(join(app.folder, 'libraries', 'second.winnow'))
      expect(backups()).toHaveLength(1)
      await app.service.openLibraryAt(join(app.folder, 'libraries', 'kept.winnow'))
    }
  })

  it('is verified to the byte, and what belongs to nothing is counted', async () => {
    const folder = writeFiles(temporaryFolder(), { 'cat/a.png': png(1), 'cat/b.png': png(2) })
    const app = startApp()
    await app.client.request('libraries.create', { name: 'sound' })
    await app.importFolders(folder)
    expect((await run(app, 'library.verify')).result).toEqual({ missing: 0, changed: 0, orphans: 0, damaged: 0 })
    const altered = Buffer.from(png(1))
    altered[altered.length - 20] = altered[altered.length - 20]! ^ 1
    writeFileSync(join(folder, 'cat/a.png'), altered)
    mkdirSync(join(app.folder, 'libraries', 'sound.winnow', 'runs', '77'))
    expect((await run(app, 'library.verify')).result).toEqual({ missing: 0, changed: 1, orphans: 1, damaged: 0 })
    expect(await app.client.request('library.orphans', {})).toEqual({
      paths: [join(app.folder, 'libraries', 'sound.winnow', 'runs', '77')],
    })
  })

  it('finds damaged records of its caches, which are made again', async () => {
    const folder = writeFiles(temporaryFolder(), { 'cat/large.png': png(1, { width: 400, height: 300 }) })
    const app = startApp()
    const { id } = await app.client.request('libraries.create', { name: 'caches' })
    await app.importFolders(folder)
    const thumbnail = await app.client.getBytes('thumbnail', { photoId: 1 })
    await app.client.request('libraries.create', { name: 'other' })
    const file = join(app.folder, 'libraries', 'caches.winnow', 'cache', 'thumbnails', 'thumbnails.data')
    const bytes = readFileSync(file)
    bytes[100]! ^= 1
    writeFileSync(file, bytes)
    await app.client.request('libraries.open', { id })
    expect((await run(app, 'library.verify')).result).toEqual({ missing: 0, changed: 0, orphans: 0, damaged: 1 })
    expect(await app.client.getBytes('thumbnail', { photoId: 1 })).toEqual(thumbnail)
    expect((await run(app, 'library.verify')).result).toMatchObject({ damaged: 0 })
  })
})

describe('the check of the database', () => {
  it('leaves the service free to answer, and ends when it is cancelled', async () => {
    const gate = join(temporaryFolder(), 'open')
    const slow = join(temporaryFolder(), 'slow-checker.mjs')
    writeFileSync(
      slow,
      `
      import { existsSync } from 'node:fs'
      while (!existsSync(${JSON.stringify(gate)})) await new Promise(done => setTimeout(done, 10))
      await import(${JSON.stringify(pathToFileURL(checkerPath).href)})`,
    )
    const app = startApp(temporaryFolder(), slow)
    await app.client.request('libraries.create', { name: 'busy' })
    const begin = () => app.client.request('library.verify', {})
    const stopped = await begin()
    await app.client.request('classes.create', { name: 'cat' })
    expect(await app.client.request('classes.list', {})).toMatchObject([{ name: 'cat' }])
    await app.client.request('jobs.cancel', stopped)
    expect(await app.ended(stopped.jobId)).toMatchObject({ state: 'cancelled', error: null })
    const { jobId } = await begin()
    await app.client.request('classes.create', { name: 'dog' })
    expect((await app.client.request('jobs.list', {})).find(({ id }) => id === jobId)).toMatchObject({
      state: 'running',
    })
    writeFileSync(gate, '')
    expect(await app.ended(jobId)).toMatchObject({
      state: 'done',
      result: { missing: 0, changed: 0, orphans: 0, damaged: 0 },
    })
  })

  it('says what is wrong', async () => {
    const app = startApp()
    await app.client.request('libraries.create', { name: 'torn' })
    const file = new Database(join(app.folder, 'libraries', 'torn.winnow', 'library.db'))
    file.pragma('foreign_keys = OFF')
    file.exec("INSERT INTO problem (photo_id, code, reason) VALUES (7, 'dark', 'x')")
    file.close()
    expect(await run(app, 'library.verify')).toMatchObject({
      state: 'failed',
      error: {
        code: 'library-damaged',
        message: expect.stringContaining('1 rows point to rows that do not exist') as string,
      },
    })
  })

  it('that cannot be done is a failure, not a pass', async () => {
    const app = startApp(temporaryFolder(), join(temporaryFolder(), 'none.ts'))
    await app.client.request('libraries.create', { name: 'unchecked' })
    expect(await run(app, 'library.verify')).toMatchObject({ state: 'failed', error: { code: 'check-ended' } })
  })
})
