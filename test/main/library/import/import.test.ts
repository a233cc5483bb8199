// Importing real files through the service: every file ends as imported or as listed with a reason, whatever happens on
// the way.

import { createHash } from 'node:crypto'
import { readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Photo } from '../../../../src/contract/records.ts'
import { thorough } from '../../faults/faults.ts'
import { png, startApp, writeFiles, type TestApp } from '../app.ts'
import { failure, startNode, temporaryFolder } from '../helpers.ts'

async function listAll({ client }: TestApp): Promise<Photo[]> {
  return (await client.request('photos.page', { filter: {}, sort: 'name', offset: 0, limit: 1000 })).photos
}

const codes = (photo: Photo | undefined) => photo?.problems.map(problem => problem.code)

describe('import', () => {
  it('lists broken files with a reason, keeps the others, and changes no file', async () => {
    const good = png(1)
    const folder = writeFiles(temporaryFolder(), {
      'train/cat/a.png': good,
      'train/cat/copy.png': good,
      'train/dog/b.png': png(2),
      'test/dog/c.png': png(3),
      'train/cat/cut.png': good.subarray(0, Math.floor(good.length * 0.6)),
      'train/cat/empty.jpg': '',
      'train/dog/text.jpg': 'not a photo at all',
      'train/dog/named.jpg': png(4),
      'train/dog/readme.txt': 'skipped',
    })
    const before = statSync(join(folder, 'train/cat/a.png'))
    const app = startApp()
    await app.client.request('libraries.create', { name: 'pets' })
    const job = await app.importFolders(folder)
    expect(job).toMatchObject({ state: 'done', done: 8, total: 8, result: { imported: 5, broken: 3, skipped: 1 } })

    const photos = new Map((await listAll(app)).map(photo => [photo.name, photo]))
    expect(photos.size).toBe(8)
    expect(codes(photos.get('cut.png'))).toEqual(['truncated'])
    expect(codes(photos.get('empty.jpg'))).toEqual(['empty'])
    expect(codes(photos.get('text.jpg'))).toEqual(['not-an-image'])
    expect(codes(photos.get('named.jpg'))).toContain('wrong-extension')
    expect(codes(photos.get('copy.png'))).toContain('exact-duplicate')
    expect(codes(photos.get('a.png'))).not.toContain('exact-duplicate')
    expect(photos.get('cut.png')).toMatchObject({ usable: false, width: 40, height: 32 })
    expect(photos.get('b.png')).toMatchObject({
      usable: true,
      className: 'dog',
      split: 'train',
      folder: 'train/dog',
      format: 'png',
    })
    const detail = await app.client.request('photos.get', { photoId: photos.get('a.png')!.id })
    expect(detail.sha256).toBe(createHash('sha256').update(good).digest('hex'))
    expect(detail.history.map(entry => entry.text)).toEqual(['Imported as cat'])

    const summary = await app.client.request('library.current', {})
    expect(summary).toMatchObject({
      photos: 8,
      broken: 3,
      unlabelled: 0,
      splits: { train: 7, test: 1, validation: 0, none: 0 },
    })
    expect(statSync(join(folder, 'train/cat/a.png')).mtimeMs).toBe(before.mtimeMs)
    expect(readFileSync(join(folder, 'train/cat/a.png')).equals(good)).toBe(true)
  })

  it('gives classes and rows of a run the order of the files, whichever is decoded first', async () => {
    const folder = writeFiles(temporaryFolder(), {
      'ant/slow.png': png(1, { width: 1400, height: 1400 }),
      ...Object.fromEntries(
        Array.from({ length: 30 }, (_, i) => [`bee/${String(i).padStart(2, '0')}.png`, png(2 + i)]),
      ),
      'ant/zebra.png': png(40),
    })
    const app = startApp()
    await app.client.request('libraries.create', { name: 'order' })
    await app.importFolders(folder)
    const { id } = await app.client.request('runs.create', {
      preset: 'softmax',
      size: 8,
      channels: 3,
      epochs: 1,
      batch: 2,
      rate: 0.01,
      seed: 1,
      augment: false,
    })
    const run = await app.client.request('runs.get', { runId: id })
    expect(run.classes.map(({ name }) => name)).toEqual(['ant', 'bee'])
    const names = new Map((await listAll(app)).map(photo => [photo.id, `${photo.className}/${photo.name}`]))
    const { photoIds, splits } = await app.client.request('runs.rows', { runId: id })
    for (const split of new Set(splits)) {
      const own = photoIds.filter((_, row) => splits[row] === split).map(photoId => names.get(photoId)!)
      expect(own).toEqual(own.toSorted())
    }
  })

  it('of the same folder again adds only what is new or was broken, also from a folder inside or around it', async () => {
    const folder = writeFiles(temporaryFolder(), { 'cat/a.png': png(1), 'dog/b.png': png(2), 'dog/broken.png': 'x' })
    const app = startApp()
    await app.client.request('libraries.create', { name: 'again' })
    await app.importFolders(join(folder, 'cat'))
    await app.importFolders(folder)
    writeFiles(folder, { 'dog/broken.png': png(3), 'dog/new.png': png(4) })
    const job = await app.importFolders(folder)
    expect(job.error).toBeNull()
    expect(job.result).toMatchObject({ imported: 2, already: 2, broken: 0 })
    const photos = await listAll(app)
    expect(photos.map(photo => photo.name)).toEqual(['a.png', 'b.png', 'broken.png', 'new.png'])
    expect(photos.every(photo => photo.usable)).toBe(true)
  })

  it('says what is wrong with a folder in the job, and needs an open library', async () => {
    const app = startApp()
    const folder = writeFiles(temporaryFolder(), { 'notes.txt': '' })
    const folderIds = [await app.service.grantFolder(folder)]
    expect(await failure(app.client.request('import.start', { folderIds }))).toMatchObject({ code: 'no-library' })
    await app.client.request('libraries.create', { name: 'none' })
    expect(await app.importFolders(folder)).toMatchObject({ state: 'failed', error: { code: 'no-photos' } })
    rmSync(folder, { recursive: true })
    expect(await app.importFolders(folder)).toMatchObject({ state: 'failed', error: { code: 'folder-missing' } })
  })

  it('pauses and cancels long before its end, resumes where it was, and loses or doubles no photo', async () => {
    const slow = png(1, { width: 500, height: 500, grain: 0 })
    const folder = writeFiles(
      temporaryFolder(),
      Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`c${i % 3}/${i}.png`, slow])),
    )
    const app = startApp()
    await app.client.request('libraries.create', { name: 'pause' })
    const { jobId } = await app.client.request('import.start', { folderIds: [await app.service.grantFolder(folder)] })
    await progress(app, jobId, 1)
    await app.client.request('jobs.pause', { jobId })
    const [paused] = await app.client.request('jobs.list', {})
    expect(paused).toMatchObject({ state: 'paused' })
    expect(paused!.done).toBeLessThan(60)
    await app.client.request('jobs.resume', { jobId })
    expect(await app.ended(jobId)).toMatchObject({ state: 'done', result: { imported: 60, broken: 0 } })
    expect(new Set((await listAll(app)).map(photo => photo.name)).size).toBe(60)

    const more = writeFiles(
      temporaryFolder(),
      Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`c/${i}.png`, slow])),
    )
    const second = await app.client.request('import.start', { folderIds: [await app.service.grantFolder(more)] })
    await progress(app, second.jobId, 1)
    await app.client.request('jobs.cancel', { jobId: second.jobId })
    expect(await app.ended(second.jobId)).toMatchObject({ state: 'cancelled' })
    expect(await failure(app.client.request('jobs.resume', { jobId: second.jobId }))).toMatchObject({
      code: 'job-over',
    })
  })

  it('survives kill -9 at any point and ends as if nothing had happened', async () => {
    const count = thorough ? 1000 : 200
    const folder = writeFiles(
      temporaryFolder(),
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`c${i % 3}/${i}.png`, png(i)])),
    )
    const home = temporaryFolder()
    for (const { after, wait } of thorough
      ? Array.from({ length: 20 }, () => ({ after: 0, wait: 300 * Math.random() }))
      : [0, 30, 100].map(after => ({ after, wait: 0 }))) {
      const child = await startNode(killScript(home, folder, after), 'far enough')
      await new Promise(done => setTimeout(done, wait))
      await child.kill()
    }
    const app = startApp(home)
    await app.service.openLibraryAt(join(home, 'libraries', 'killed.winnow'))
    const jobs = await app.client.request('jobs.list', {})
    expect(jobs.map(job => job.state)).toEqual(['paused'])
    expect(jobs[0]!.done).toBeGreaterThan(0)
    await app.client.request('jobs.resume', { jobId: jobs[0]!.id })
    expect(await app.ended(jobs[0]!.id)).toMatchObject({
      state: 'done',
      done: count,
      total: count,
      result: { imported: count, broken: 0 },
    })
    const photos = await listAll(app)
    expect(photos).toHaveLength(count)
    expect(new Set(photos.map(photo => photo.name)).size).toBe(count)
  }, 600_000)
})

/** Resolves when at least `done` files are written. */
async function progress({ client }: TestApp, jobId: number, done: number): Promise<void> {
  await new Promise<void>(resolve => {
    const leave = client.subscribe('jobs', {}, job => {
      if (job.id !== jobId || job.total === null || job.done < done) return
      leave()
      resolve()
    })
  })
}

/** Starts or resumes the one import of library "killed" and says when `after` photos are written. */
function killScript(home: string, folder: string, after: number): string {
  return `
    const { createAppService } = await import('./src/main/app/app-service.ts')
    const { existsSync } = await import('node:fs')
    const service = createAppService({ host: 'terminal', version: '0', configFolder: ${JSON.stringify(join(home, 'config'))},
      librariesFolder: ${JSON.stringify(join(home, 'libraries'))}, homeFolder: '/', decoderPath: './src/main/pixels/pool/decoder.ts', processes: 1 })
    const signal = new AbortController().signal
    const file = ${JSON.stringify(join(home, 'libraries', 'killed.winnow'))}
    service.streams.jobs({}, job => { if (job.total !== null && job.done >= ${after}) console.log('far enough') })
    if (existsSync(file)) {
      await service.openLibraryAt(file)
      const [job] = await service.requests['jobs.list']({}, signal)
      await service.requests['jobs.resume']({ jobId: job.id }, signal)
    } else {
      await service.requests['libraries.create']({ name: 'killed' }, signal)
      await service.requests['import.start']({ folderIds: [await service.grantFolder(${JSON.stringify(folder)})] }, signal)
    }`
}
