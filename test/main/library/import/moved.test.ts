// Photos that are elsewhere on the disk than they were, as an import of their new place finds them: followed with their
// labels and history, or added as new ones when a person wants that.

import { cpSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { png, startApp, writeFiles, type TestApp } from '../app.ts'
import { temporaryFolder } from '../helpers.ts'

const names = ['bus/1.png', 'bus/2.png', 'car/3.png', 'car/4.png']

async function library(name: string): Promise<{ app: TestApp; folder: string }> {
  const folder = writeFiles(join(temporaryFolder(), 'set'), Object.fromEntries(names.map((path, i) => [path, png(i)])))
  const app = startApp()
  await app.client.request('libraries.create', { name })
  await app.importFolders(folder)
  return { app, folder }
}

const granted = (app: TestApp, folder: string) => app.service.grantFolder(folder)
const preview = async (app: TestApp, folder: string) =>
  app.client.request('import.preview', { folderIds: [await granted(app, folder)] })

async function photosOf({ client }: TestApp) {
  const { photos } = await client.request('photos.page', { filter: {}, sort: 'added', offset: 0, limit: 100 })
  return photos.map(photo => `${photo.folder}/${photo.name} ${photo.className} ${photo.usable ? '' : 'broken'}`.trim())
}

describe('a class folder that was renamed and is imported again', () => {
  it('brings no photo twice and none that is broken; labels stay, which is said', async () => {
    const { app, folder } = await library('renamed')
    await app.client.request('photos.label', { selection: { ids: [1] }, classId: 2 })
    renameSync(join(folder, 'bus'), join(folder, 'coach'))
    expect(await preview(app, folder)).toMatchObject({
      photos: 4,
      already: 2,
      moved: 2,
      relabelled: 0,
      notes: [
        { code: 'moved-labels', values: { label: 'car', folder: 'coach', count: 1 } },
        { code: 'moved-labels', values: { label: 'bus', folder: 'coach', count: 1 } },
      ],
    })
    expect(await app.importFolders(folder)).toMatchObject({
      state: 'done',
      result: { imported: 0, moved: 2, already: 2 },
    })
    expect(await photosOf(app)).toEqual(['coach/1.png car', 'coach/2.png bus', 'car/3.png car', 'car/4.png car'])
    const { jobId } = await app.client.request('check.start', {})
    expect((await app.ended(jobId)).result).toMatchObject({ missing: 0, changed: 0 })
  })

  it('is added as new photos when a person wants that', async () => {
    const { app, folder } = await library('added')
    renameSync(join(folder, 'bus'), join(folder, 'coach'))
    const { jobId } = await app.client.request('import.start', {
      folderIds: [await granted(app, folder)],
      moved: 'add',
    })
    expect((await app.ended(jobId)).result).toMatchObject({ imported: 2, already: 2 })
    expect((await photosOf(app)).filter(line => line.includes('coach'))).toEqual([
      'coach/1.png coach',
      'coach/2.png coach',
    ])
  })
})

describe('a folder that was moved', () => {
  it('is followed also after a check has marked its photos as missing', async () => {
    const { app, folder } = await library('moved')
    const place = join(temporaryFolder(), 'elsewhere')
    renameSync(folder, place)
    const { jobId } = await app.client.request('check.start', {})
    await app.ended(jobId)
    expect((await photosOf(app)).every(line => line.endsWith('broken'))).toBe(true)
    expect(await preview(app, place)).toMatchObject({ photos: 4, already: 0, moved: 4, notes: [] })
    expect(await app.importFolders(place)).toMatchObject({ result: { imported: 0, moved: 4 } })
    expect(await photosOf(app)).toEqual(names.map(name => `${name} ${name.slice(0, 3)}`))
  })

  it('is no move where the old one is still there: a copy comes as new photos', async () => {
    const { app, folder } = await library('copied')
    cpSync(folder, join(temporaryFolder(), 'copy'), { recursive: true })
    const copy = join(temporaryFolder(), 'copy')
    cpSync(folder, copy, { recursive: true })
    expect(await preview(app, copy)).toMatchObject({ photos: 4, moved: 0 })
    expect(await app.importFolders(copy)).toMatchObject({ result: { imported: 4 } })
  })

  it('follows each photo once, copies of one picture each to its own place', async () => {
    const folder = writeFiles(join(temporaryFolder(), 'set'), {
      'a/x.png': png(1),
      'b/x.png': png(1),
      'b/y.png': png(2),
    })
    const app = startApp()
    await app.client.request('libraries.create', { name: 'twins' })
    await app.importFolders(folder)
    const place = join(temporaryFolder(), 'new')
    renameSync(folder, place)
    expect(await app.importFolders(place)).toMatchObject({ result: { imported: 0, moved: 3 } })
    expect(await photosOf(app)).toEqual(['a/x.png a', 'b/x.png b', 'b/y.png b'])
  })
})

describe('a library and its photos that were moved together', () => {
  it('are found beside it by their content, and followed by a relink', async () => {
    const home = temporaryFolder()
    const project = join(home, 'project')
    writeFiles(join(project, 'data', 'photos'), Object.fromEntries(names.map((path, i) => [path, png(i)])))
    const app = startApp()
    await app.service.createLibraryAt(project, 'Mine')
    await app.importFolders(join(project, 'data', 'photos'))
    expect(await app.client.request('files.lost', {})).toEqual([])
    await app.client.request('libraries.create', { name: 'other' })
    const there = join(home, 'moved', 'deep')
    mkdirSync(there, { recursive: true })
    renameSync(project, join(there, 'project'))
    // A folder of the same name with other photos is not taken for it.
    writeFiles(join(home, 'moved', 'photos'), Object.fromEntries(names.map((path, i) => [path, png(50 + i)])))
    await app.service.openLibraryAt(join(there, 'project', 'Mine.winnow'))
    const lost = await app.client.request('files.lost', {})
    const now = join(there, 'project', 'data', 'photos')
    expect(lost).toMatchObject([{ path: join(project, 'data', 'photos'), photos: 4, found: { path: now } }])
    const { jobId } = await app.client.request('files.relink', { folderId: lost[0]!.found!.folderId })
    expect((await app.ended(jobId)).result).toMatchObject({ relinked: 4, missing: 0 })
    expect(await app.client.request('files.lost', {})).toEqual([])
    expect(await photosOf(app)).toEqual(names.map(name => `${name} ${name.slice(0, 3)}`))
  })

  it('are said to be gone where they are nowhere near', async () => {
    const { app, folder } = await library('gone')
    renameSync(folder, join(temporaryFolder(), 'else'))
    expect(await app.client.request('files.lost', {})).toEqual([{ path: folder, photos: 4, found: null }])
  })
})
