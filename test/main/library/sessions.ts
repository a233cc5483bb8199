// A session over a new library in a temporary folder, with the decoders handed in, for tests of jobs below the service.

import type { Job } from '../../../src/contract/records.ts'
import { createLibrary } from '../../../src/main/library/library.ts'
import { openSession, type Session } from '../../../src/main/library/session.ts'
import { createTopic } from '../../../src/main/common/topic.ts'
import { openPixelCache } from '../../../src/main/pixels/cache/pixel-cache.ts'
import type { DecodePool, ThumbnailStore } from '../../../src/main/pixels/types.ts'
import { temporaryFolder } from './helpers.ts'
import { now } from './rows.ts'

export interface TestSession {
  readonly session: Session
  readonly jobs: Job[]
  /** Closes the session; the pool stays. */
  close(): Promise<void>
}

export async function newSession(
  pool: DecodePool,
  openThumbnails: (folder: string) => ThumbnailStore,
): Promise<TestSession> {
  const jobs: Job[] = []
  const session = openSession(await createLibrary(temporaryFolder(), 'durable', now), {
    pool,
    openThumbnails,
    openPixelCache,
    now: () => new Date(),
    version: '0',
    onJob: job => jobs.push(job),
    onChange() {},
    runEvents: createTopic(),
    makeSample: () => Promise.reject(new Error('not asked for')),
  })
  return { session, jobs, close: () => session.close() }
}
