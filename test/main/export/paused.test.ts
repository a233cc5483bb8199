// Work that takes photos out and was paused: it goes on in the same session with the photos it began with, whatever
// happened meanwhile.

import { readdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { classifyWork, readClassified } from '../../../src/main/export/classify.ts'
import { datasetWork } from '../../../src/main/export/dataset/dataset.ts'
import type { JobControl } from '../../../src/main/library/context.ts'
import { openLibrary } from '../../../src/main/library/library.ts'
import { openSession, type Session } from '../../../src/main/library/session.ts'
import { createTopic } from '../../../src/main/common/topic.ts'
import { openPixelCache } from '../../../src/main/pixels/cache/pixel-cache.ts'
import { openThumbnails } from '../../../src/main/pixels/cache/thumbnails.ts'
import { closeAfterTest, failure, temporaryFolder } from '../library/helpers.ts'
import { makePool, writeSquares } from '../runs/open-service.ts'
import { finishedRun } from './finished-run.ts'

const jobId = 99

/** The library of a finished run, opened below the service, where a test can pause work at the very photo it means. */
async function sessionOfRun(): Promise<{ readonly session: Session; readonly runId: number }> {
  const { service, folder, runId } = await finishedRun()
  await service.close()
  const session = openSession(await openLibrary(folder, () => new Date()), {
    pool: makePool(),
    openThumbnails,
    openPixelCache,
    now: () => new Date(),
    version: '0',
    onJob() {},
    onChange() {},
    runEvents: createTopic(),
    makeSample: () => Promise.reject(new Error('not asked for')),
  })
  closeAfterTest(() => session.close())
  return { session, runId }
}

/** Runs the work until `photos` of them are done, as a pause would stop it. */
async function pauseAfter(photos: number, work: (control: JobControl) => Promise<void>): Promise<void> {
  const abort = new AbortController()
  const progress = (done: number) => {
    if (done >= photos) abort.abort()
  }
  expect(await failure(work({ jobId, signal: abort.signal, progress, result() {} }))).toMatchObject({
    name: 'AbortError',
  })
}

/** Lets the work end and keeps what it said. */
function listener(): { readonly said: Record<string, number>; readonly control: JobControl } {
  const said: Record<string, number> = {}
  return {
    said,
    control: {
      jobId,
      signal: new AbortController().signal,
      progress() {},
      result: values => void Object.assign(said, values),
    },
  }
}

describe('copies of the data set', () => {
  it('are those of the beginning, each once, also where labels were changed in the pause', async () => {
    const {
      session: { ctx, history },
    } = await sessionOfRun()
    const place = temporaryFolder()
    const work = datasetWork(ctx, { folder: place, name: 'Out' })
    await pauseAfter(3, work)
    history.exclude({ ids: [ctx.library.db.value<number>('SELECT min(id) FROM photo')!] }, true)
    const { said, control } = listener()
    await work(control)
    expect(said).toEqual({ copied: 18, failed: 0 })
    const photos = readdirSync(join(place, 'Out'), { recursive: true })
      .map(String)
      .filter(name => name.endsWith('.png'))
    expect(photos.map(name => basename(name)).sort()).toEqual(
      ctx.library.db.values<string>('SELECT name FROM photo').sort(),
    )
  })
})

describe('a folder that is classified', () => {
  it('is answered once for every photo of the beginning, also where files came and went in the pause', async () => {
    const {
      session: { ctx },
      runId,
    } = await sessionOfRun()
    const source = temporaryFolder()
    const names = Array.from({ length: 20 }, (_, i) => `b${String(i).padStart(2, '0')}.png`)
    for (const [i, name] of names.entries()) await writeSquares(join(source, name), i)
    const work = classifyWork(ctx, { runId, source })
    await pauseAfter(16, work)
    await writeSquares(join(source, 'a.png'), 50)
    rmSync(join(source, 'b19.png'))
    const { said, control } = listener()
    await work(control)
    expect(said).toMatchObject({ photos: 20, unread: 1 })
    const lines = new TextDecoder()
      .decode(await readClassified(ctx, jobId))
      .trim()
      .split('\r\n')
      .slice(1)
    expect(lines.map(line => line.split(',')[0])).toEqual(names.map(name => join(source, name)))
  })
})
