// What leaves a library besides models: the cleaned data set as a list and as copies that can be imported again,
// answers for a folder of photos, and a look at one photo that is in no library. Originals stay as they are, byte for
// byte.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readyRecipe } from '../../../src/contract/augmentation-recipes.ts'
import { parseCsv } from '../../../src/main/formats/csv-reader.ts'
import { decodeForModel } from '../../../src/main/pixels/decode/decode-for-model.ts'
import { temporaryFolder } from '../library/helpers.ts'
import { jobEnd, makePool, openService, writeClasses, writePhoto } from '../runs/open-service.ts'
import { finishedRun, settings } from './finished-run.ts'

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const linesOf = (csv: string) => csv.replace('\uFEFF', '').trim().split('\r\n')

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
}

async function libraryOfPhotos(perClass = 4) {
  const test = await openService()
  await writeClasses(test.photos, perClass)
  await test.importPhotos()
  const place = temporaryFolder()
  return { ...test, place, placeId: await test.service.grantFolder(place) }
}

describe('the cleaned data set', () => {
  it('as a list leaves out photos that are excluded, and those whose files are gone since', async () => {
    const { call, service, photos, importPhotos } = await openService()
    await writeClasses(photos, 3, 2)
    await writePhoto(join(photos, 'red', 'two\nlines.png'), [200, 30, 30], 77)
    await importPhotos()
    await call('photos.exclude', { selection: { filter: { text: 'red 0' } }, excluded: true })
    rmSync(join(photos, 'green', 'green 1.png'))
    const rows = async () => parseCsv(new TextDecoder().decode((await service.bytes.dataset.get({})).bytes)).slice(1)
    expect((await rows()).map(({ cells: [path] }) => basename(path!)).sort()).toEqual([
      'green 0.png',
      'green 2.png',
      'red 1.png',
      'red 2.png',
      'two\nlines.png',
    ])
    rmSync(photos, { recursive: true })
    await expect(rows()).rejects.toMatchObject({ code: 'photos-missing' })
  })

  it('is a list that can be imported again, without what was excluded', async () => {
    const { call, service, place } = await libraryOfPhotos()
    const {
      photos: [first],
    } = await call('photos.page', { filter: {}, sort: 'name', offset: 0, limit: 1 })
    await call('photos.exclude', { selection: { ids: [first!.id] }, excluded: true })
    const { bytes, fileName } = await service.bytes.dataset.get({})
    expect(fileName).toBe('Test.csv')
    expect(linesOf(text(bytes))[0]).toBe('path,label,split')
    expect(linesOf(text(bytes))).toHaveLength(12)
    expect(text(bytes)).not.toContain(first!.name)
    const list = join(place, 'list.csv')
    writeFileSync(list, bytes)
    await service.createLibraryAt(place, 'Again')
    await jobEnd(service, call, (await call('import.start', { folderIds: [await service.grantFolder(list)] })).jobId)
    expect(await call('library.current', {})).toMatchObject({
      photos: 11,
      broken: 0,
      unlabelled: 0,
      splits: { none: 0 },
    })
  })

  it('gets changed copies beside its training photos, the same for the same seed, and they can be trained on', async () => {
    const { call, service, place, placeId } = await libraryOfPhotos()
    const recipe = readyRecipe('strong', { mirrors: true })
    const dataset = async (name: string, seed: number) => {
      const { jobId } = await call('exports.dataset', {
        to: { folderId: placeId, name },
        variants: { recipe, seed, perPhoto: 2 },
      })
      await jobEnd(service, call, jobId)
      return filesBelow(join(place, name))
    }
    const files = await dataset('one', 1)
    const training = files.filter(file => file.includes('/train/') && !file.includes(' variant '))
    const variants = files.filter(file => file.includes(' variant '))
    expect(variants).toHaveLength(training.length * 2)
    expect(variants.every(file => file.includes('/train/') && file.endsWith('.jpg'))).toBe(true)
    expect(files.filter(file => file.includes('/validation/'))).toHaveLength(12 - training.length)
    expect(linesOf(readFileSync(join(place, 'one', 'labels.csv'), 'utf8'))).toHaveLength(1 + 12 + variants.length)
    const contents = (list: readonly string[]) =>
      list.filter(file => file.includes(' variant ')).map(file => readFileSync(file).toString('base64'))
    expect(new Set(contents(files)).size).toBe(variants.length)
    expect(contents(await dataset('two', 1))).toEqual(contents(files))
    expect(contents(await dataset('three', 2))).not.toEqual(contents(files))
    await service.createLibraryAt(place, 'Varied')
    await jobEnd(
      service,
      call,
      (await call('import.start', { folderIds: [await service.grantFolder(join(place, 'one'))] })).jobId,
    )
    expect(await call('library.current', {})).toMatchObject({
      photos: 12 + variants.length,
      broken: 0,
      unlabelled: 0,
      splits: { none: 0, test: 0 },
    })
  })

  it('is copied into split and class folders beside its list, and comes in again as it was', async () => {
    const { call, service, photos, place, placeId } = await libraryOfPhotos()
    const before = filesBelow(photos).map(file => readFileSync(file))
    await jobEnd(service, call, (await call('exports.dataset', { to: { folderId: placeId, name: 'Clean: 1' } })).jobId)
    const made = join(place, 'Clean 1')
    expect(filesBelow(made)).toHaveLength(13)
    expect(readdirSync(made).sort()).toEqual(['labels.csv', 'train', 'validation'])
    expect(filesBelow(photos).map(file => readFileSync(file))).toEqual(before)
    for (const line of linesOf(readFileSync(join(made, 'labels.csv'), 'utf8')).slice(1)) {
      const [path, label, split] = line.split(',')
      expect(path!.startsWith(`${split}/${label}/`)).toBe(true)
      expect(readFileSync(join(made, path!))).toEqual(readFileSync(join(photos, label!, path!.split('/').at(-1)!)))
    }
    await service.createLibraryAt(place, 'Again')
    await jobEnd(service, call, (await call('import.start', { folderIds: [await service.grantFolder(made)] })).jobId)
    expect(await call('library.current', {})).toMatchObject({ photos: 12, unlabelled: 0, splits: { none: 0, test: 0 } })
  })

  it('gives files of one name in one class numbers, and classes whose folders would be one a folder each', async () => {
    const { call, service, photos, place, placeId } = await libraryOfPhotos()
    await writePhoto(join(photos, 'red', 'deeper', 'red 0.png'), [9, 200, 200], 7)
    await service.grantFolder(photos)
    await jobEnd(service, call, (await call('import.start', { folderIds: [await service.grantFolder(photos)] })).jobId)
    for (const name of ['a/b', 'A b']) await call('classes.create', { name })
    const classes = await call('classes.list', {})
    const { photos: listed } = await call('photos.page', { filter: {}, sort: 'name', offset: 0, limit: 100 })
    const label = (photo: (typeof listed)[number], name: string) =>
      call('photos.label', { selection: { ids: [photo.id] }, classId: classes.find(entry => entry.name === name)!.id })
    await label(
      listed.find(photo => photo.name === 'blue 0.png')!,
      'a/b',
    )
    await label(
      listed.find(photo => photo.name === 'blue 1.png')!,
      'A b',
    )
    await jobEnd(service, call, (await call('exports.dataset', { to: { folderId: placeId, name: 'Out' } })).jobId)
    const names = filesBelow(join(place, 'Out')).map(file =>
      file
        .slice(join(place, 'Out').length + 1)
        .split('/')
        .slice(1)
        .join('/'),
    )
    expect(names).toEqual(expect.arrayContaining(['a b/blue 0.png', 'A b (2)/blue 1.png']))
    expect(names.filter(name => name.startsWith('red/red 0'))).toHaveLength(2)
  })

  it('is never written over something, nor into the photos themselves', async () => {
    const { call, service, photos, place, placeId } = await libraryOfPhotos(2)
    mkdirSync(join(place, 'Full'))
    writeFileSync(join(place, 'Full', 'mine.txt'), 'mine')
    const start = async (folderId: string, name: string) => {
      const { jobId } = await call('exports.dataset', { to: { folderId, name } })
      await jobEnd(service, call, jobId).catch(() => {})
      return (await call('jobs.list', {})).find(job => job.id === jobId)
    }
    expect(await start(placeId, 'Full')).toMatchObject({ state: 'failed', error: { code: 'folder-not-empty' } })
    expect(readdirSync(join(place, 'Full'))).toEqual(['mine.txt'])
    expect(await start(await service.grantFolder(photos), 'Copies')).toMatchObject({
      state: 'failed',
      error: { code: 'copies-inside' },
    })
    expect(existsSync(join(photos, 'Copies'))).toBe(false)
  })

  it('leaves out and counts files that are gone', async () => {
    const { call, service, photos, place, placeId } = await libraryOfPhotos(3)
    rmSync(join(photos, 'red', 'red 0.png'))
    const { jobId } = await call('exports.dataset', { to: { folderId: placeId, name: 'Out' } })
    await jobEnd(service, call, jobId)
    expect((await call('jobs.list', {})).find(job => job.id === jobId)!.result).toEqual({ copied: 8, failed: 1 })
    expect(filesBelow(join(place, 'Out'))).toHaveLength(9)
  })
})

describe('a folder of photos', () => {
  it('is answered as CSV and as sorted copies, what is uncertain or unreadable apart', async () => {
    const { call, service, runId, photos, answers } = await finishedRun()
    const visitors = temporaryFolder()
    const file = join(photos, 'green', 'green 1.png')
    writeFileSync(join(visitors, 'a.png'), readFileSync(file))
    writeFileSync(join(visitors, 'broken.png'), readFileSync(file).subarray(0, 60))
    const place = temporaryFolder()
    const classify = async (name: string, unknownBelow: number) => {
      const { jobId } = await call('classify.start', {
        runId,
        folderId: await service.grantFolder(visitors),
        unknownBelow,
        copiesTo: { folderId: await service.grantFolder(place), name },
      })
      await jobEnd(service, call, jobId)
      const job = (await call('jobs.list', {})).find(entry => entry.id === jobId)!
      return {
        job,
        lines: linesOf(text((await service.bytes.classified.get({ jobId })).bytes)),
        copies: filesBelow(join(place, name)).map(path => path.slice(join(place, name).length + 1)),
      }
    }
    const sure = await classify('sure', 0)
    const { photoIds } = await call('runs.rows', { runId })
    const details = await Promise.all(photoIds.map(photoId => call('photos.get', { photoId })))
    const expected = answers[details.findIndex(photo => photo.name === 'green 1.png')]!
    const label = ['blue', 'green', 'red'][expected.indexOf(Math.max(...expected))]!
    expect(sure.job).toMatchObject({
      kind: 'classify',
      done: 2,
      total: 2,
      result: { photos: 2, unknown: 0, unread: 1, copied: 2 },
    })
    expect(sure.lines[1]).toMatch(new RegExp(`^${join(visitors, 'a.png')},${label},0\\.\\d{4},`))
    expect(sure.lines[2]).toMatch(/broken\.png,,,,,,,.*ends too early/)
    expect(sure.copies).toEqual(['(not readable)/broken.png', `${label}/a.png`])
    const unsure = await classify('unsure', 1)
    expect(unsure.job.result).toEqual({ run: runId, photos: 2, unknown: 1, unread: 1, copied: 2 })
    expect(unsure.lines[1]).toMatch(/a\.png,unknown,0\.\d{4},/)
    expect(unsure.copies).toEqual(['(not readable)/broken.png', '(unknown)/a.png'])
    expect(filesBelow(visitors)).toHaveLength(2)
  })

  it('without photos says so, and a job of another kind has no answers', async () => {
    const { call, service, runId } = await finishedRun()
    const { jobId } = await call('classify.start', { runId, folderId: await service.grantFolder(temporaryFolder()) })
    await jobEnd(service, call, jobId).catch(() => {})
    expect((await call('jobs.list', {})).find(job => job.id === jobId)).toMatchObject({
      state: 'failed',
      error: { code: 'no-photos' },
    })
    await expect(service.bytes.classified.get({ jobId: 1 })).rejects.toMatchObject({ code: 'no-answers' })
  })
})

describe('a photo of no library', () => {
  it('is seen by the pixel rule of its run, however it came', async () => {
    const { call, service, runId, photos, folder } = await finishedRun()
    const file = join(photos, 'red', 'red 0.png')
    const visitor = { visitorId: 'one', name: 'red 0.png' }
    await service.bytes.visitor.put!(visitor, new Uint8Array(readFileSync(file)))
    const { bytes } = await service.bytes.visitorPixels.get({ ...visitor, runId })
    expect(bytes).toEqual(
      await decodeForModel(makePool(), file, { size: settings.size, channels: 3 }, new AbortController().signal),
    )
    expect((await call('library.current', {}))!.photos).toBe(18)
    for (const visitorId of ['two', 'three', 'four', 'five'])
      await service.bytes.visitor.put!({ ...visitor, visitorId }, new Uint8Array(readFileSync(file)))
    await expect(service.bytes.visitorPixels.get({ ...visitor, runId })).rejects.toMatchObject({ code: 'no-visitor' })
    expect(readdirSync(join(folder, 'cache', 'visitors')).sort()).toEqual(['five', 'four', 'three', 'two'])
  })

  it('that is none is refused with a sentence that names it', async () => {
    const { service, folder, runId } = await finishedRun()
    const visitor = { visitorId: 'x', name: '../../notes.jpg' }
    await service.bytes.visitor.put!(visitor, new TextEncoder().encode('no photo'))
    await expect(service.bytes.visitorPixels.get({ ...visitor, runId })).rejects.toMatchObject({
      code: 'not-an-image',
      message: expect.stringContaining('notes.jpg'),
    })
    await expect(service.bytes.visitor.get(visitor)).rejects.toMatchObject({ code: 'not-an-image' })
    expect(existsSync(join(folder, 'notes.jpg'))).toBe(false)
  })
})

describe('the time of a run', () => {
  it('is guessed for the kind of device, and measured once it ran there', async () => {
    const { call } = await libraryOfPhotos()
    const ask = (name: string, kind: 'gpu' | 'cpu', epochs = 10) =>
      call('runs.estimate', {
        settings: { ...settings, preset: 'photo-convnet', size: 64, epochs },
        device: { name, kind },
      })
    const [fast, slow] = [await ask('card', 'gpu'), await ask('processor', 'cpu')]
    expect([fast.measured, slow.measured]).toEqual([false, false])
    expect(slow.seconds).toBeGreaterThan(20 * fast.seconds)
    const { id: runId } = await call('runs.create', {
      ...settings,
      preset: 'photo-convnet',
      size: 64,
      epochs: 10,
      batch: 1,
    })
    const {
      photos: { train },
    } = await call('runs.get', { runId })
    const summary = {
      epochs: 5,
      steps: 5 * train,
      seconds: 40,
      adapter: 'card',
      trainLoss: 1,
      validationAccuracy: 0.5,
      validationLoss: 1,
      testAccuracy: null,
    }
    await call('runs.finish', { runId, state: 'done', summary, error: null })
    const known = await ask('card', 'gpu')
    expect(known.measured).toBe(true)
    expect(known.seconds).toBeCloseTo(80, 0)
    expect((await ask('card', 'gpu', 20)).seconds / known.seconds).toBeCloseTo(2, 1)
    const { id: tiny } = await call('runs.create', { ...settings, preset: 'softmax', size: 16, epochs: 10, batch: 1 })
    await call('runs.finish', { runId: tiny, state: 'done', summary: { ...summary, seconds: 4000 }, error: null })
    expect(await ask('card', 'gpu'), 'a net of next to no work tells nothing of this one').toEqual(known)
  })
})
