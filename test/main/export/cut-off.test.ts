// Work that takes photos out and was cut off by the end of the program: it waits in the list of jobs, goes on in the
// folder it began, and ends as if nothing had happened. Nothing that a person put there meanwhile is written over.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { readyRecipe } from '../../../src/contract/augmentation-recipes.ts'
import { temporaryFolder } from '../library/helpers.ts'
import { jobEnd } from '../runs/open-service.ts'
import type { TestService } from '../runs/open-service.ts'
import { finishedRun } from './finished-run.ts'

/** What lies below a folder, by relative path. */
function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
  return Object.fromEntries(files.map(file => [relative(folder, file), readFileSync(file, 'base64')]))
}

/** Leaves the row of the job and the folder as a kill in the middle of the work leaves them, and starts anew. */
async function cutOff(
  { service, folder }: TestService,
  jobId: number,
  copies: string,
  missing: readonly string[],
): Promise<void> {
  await service.createLibraryAt(temporaryFolder(), 'Other')
  const db = new Database(join(folder, 'library.db'))
  db.prepare("UPDATE job SET state = 'running', done = 3 WHERE id = ?").run(jobId)
  db.close()
  for (const file of missing) rmSync(join(copies, file))
  writeFileSync(join(copies, '.winnow.part'), 'half of a photo')
  await service.openLibraryAt(folder)
}

async function goOn({ call, service }: TestService, jobId: number): Promise<void> {
  expect((await call('jobs.list', {})).find(job => job.id === jobId)?.state).toBe('paused')
  await call('jobs.resume', { jobId })
  await jobEnd(service, call, jobId).catch(() => {})
}

async function copiedDataset() {
  const test = await finishedRun()
  const place = temporaryFolder()
  const variants = { recipe: readyRecipe('light', { mirrors: true }), seed: 3, perPhoto: 1 }
  const { jobId } = await test.call('exports.dataset', {
    to: { folderId: await test.service.grantFolder(place), name: 'Out' },
    variants,
  })
  await jobEnd(test.service, test.call, jobId)
  const copies = join(place, 'Out')
  return { test, jobId, copies, whole: contents(copies) }
}

describe('copies of the data set', () => {
  it('are completed in a later session, each whole and once', async () => {
    const { test, jobId, copies, whole } = await copiedDataset()
    const files = Object.keys(whole)
    await cutOff(
      test,
      jobId,
      copies,
      files.filter((_, i) => i % 3 !== 0),
    )
    await goOn(test, jobId)
    expect(contents(copies)).toEqual(whole)
    expect((await test.call('jobs.list', {})).find(job => job.id === jobId)).toMatchObject({
      state: 'done',
      result: { copied: 18, failed: 0 },
    })
  })

  it('leave alone what a person put into the folder meanwhile', async () => {
    const { test, jobId, copies, whole } = await copiedDataset()
    const [first] = Object.keys(whole).filter(file => file.endsWith('.png'))
    await cutOff(test, jobId, copies, [first!])
    writeFileSync(join(copies, first!), 'mine')
    await goOn(test, jobId)
    const after = contents(copies)
    expect(readFileSync(join(copies, first!), 'utf8')).toBe('mine')
    expect(after[first!.replace('.png', ' (2).png')]).toBe(whole[first!])
  })

  it('are not mixed with other labels', async () => {
    const { test, jobId, copies, whole } = await copiedDataset()
    await cutOff(test, jobId, copies, Object.keys(whole).slice(0, 5))
    const {
      photos: [photo],
    } = await test.call('photos.page', { filter: {}, sort: 'name', offset: 0, limit: 1 })
    await test.call('photos.label', { selection: { ids: [photo!.id] }, classId: null })
    await goOn(test, jobId)
    expect((await test.call('jobs.list', {})).find(job => job.id === jobId)).toMatchObject({
      state: 'failed',
      error: { code: 'labels-changed' },
    })
  })
})

describe('a folder that is classified', () => {
  it('is answered whole in a later session, and its copies are completed', async () => {
    const test = await finishedRun()
    const [visitors, place] = [temporaryFolder(), temporaryFolder()]
    for (const [i, name] of ['one', 'two'].flatMap(sub => [`${sub}/a.png`, `${sub}/b.png`]).entries()) {
      mkdirSync(dirname(join(visitors, name)), { recursive: true })
      writeFileSync(join(visitors, name), readFileSync(join(test.photos, 'red', `red ${i}.png`)))
    }
    const { jobId } = await test.call('classify.start', {
      runId: test.runId,
      folderId: await test.service.grantFolder(visitors),
      copiesTo: { folderId: await test.service.grantFolder(place), name: 'Sorted' },
    })
    await jobEnd(test.service, test.call, jobId)
    const copies = join(place, 'Sorted')
    const [whole, answers] = [contents(copies), (await test.service.bytes.classified.get({ jobId })).bytes]
    expect(Object.keys(whole)).toHaveLength(4)
    await cutOff(test, jobId, copies, Object.keys(whole).slice(1, 3))
    rmSync(join(test.folder, 'cache', 'classified'), { recursive: true })
    await goOn(test, jobId)
    expect(contents(copies)).toEqual(whole)
    expect((await test.service.bytes.classified.get({ jobId })).bytes).toEqual(answers)
  })
})
