// A real service over a real library for the tests of runs, reviews and exports: photos made with sharp in a temporary
// folder, imported, everything closed and deleted after each test.

import { mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import sharp from 'sharp'
import { afterAll, expect } from 'vitest'
import type { Job } from '../../../src/contract/records.ts'
import type { RequestName, RequestParams, RequestResult } from '../../../src/contract/table.ts'
import { requests } from '../../../src/contract/table.ts'
import { uniforms } from '../../../src/core/kernels/philox.ts'
import { openPixelCache } from '../../../src/main/pixels/cache/pixel-cache.ts'
import { createDecodePool } from '../../../src/main/pixels/pool/pool.ts'
import type { DecodePool } from '../../../src/main/pixels/types.ts'
import { openThumbnails } from '../../../src/main/pixels/cache/thumbnails.ts'
import { createService, type AppService } from '../../../src/main/app/service.ts'
import { closeAfterTest, temporaryFolder } from '../library/helpers.ts'

/** One decoder process for all tests of a file: starting it costs more than a test. */
const shared = createDecodePool({
  decoderPath: resolve(import.meta.dirname, '../../../src/main/pixels/pool/decoder.ts'),
  processes: 1,
})

afterAll(() => shared.close())

export function makePool(): DecodePool {
  return { decode: (requests, call) => shared.decode(requests, call), close: async () => {} }
}

export interface TestService {
  readonly service: AppService
  readonly photos: string
  call<N extends RequestName>(name: N, params: RequestParams<N>): Promise<RequestResult<N>>
  importPhotos(): Promise<void>
  /** The library's folder. */
  readonly folder: string
  /** Closes the library and opens it again, as a new start would. */
  reopen(): Promise<void>
}

/** A new library and an empty folder for photos. */
export async function openService(): Promise<TestService> {
  const base = temporaryFolder()
  const photos = join(base, 'photos')
  mkdirSync(photos)
  const service = createService({
    host: 'terminal',
    version: '0.1.0',
    user: 'tester',
    configFolder: join(base, 'config'),
    librariesFolder: base,
    homeFolder: base,
    openThumbnails,
    openPixelCache,
    createPool: makePool,
    makeSample: async () => photos,
  })
  closeAfterTest(() => service.close())
  await service.createLibraryAt(base, 'Test')
  const call: TestService['call'] = async (name, params) => {
    const handler = service.requests[name] as (params: unknown, signal: AbortSignal) => unknown
    return requests[name].result.parse(
      await handler(requests[name].params.parse(params), new AbortController().signal),
    ) as never
  }
  const folder = join(base, 'Test.winnow')
  return {
    service,
    photos,
    call,
    folder,
    async importPhotos() {
      const { jobId } = await call('import.start', { folderIds: [await service.grantFolder(photos)] })
      await jobEnd(service, call, jobId)
    },
    // Through another library: one that is open already would stay as it is.
    reopen: async () => {
      await service.createLibraryAt(temporaryFolder(), 'Other')
      await service.openLibraryAt(folder)
    },
  }
}

/** Waits for a job that ends well. */
export async function jobEnd(service: AppService, call: TestService['call'], jobId: number): Promise<void> {
  const over = (job: Job | undefined) => job && ['done', 'failed', 'cancelled'].includes(job.state)
  await new Promise<void>(resolve => {
    const leave = service.streams.jobs({}, job => {
      if (job.id === jobId && over(job)) finish()
    })
    const finish = () => {
      leave()
      resolve()
    }
    void call('jobs.list', {}).then(jobs => over(jobs.find(job => job.id === jobId)) && finish())
  })
  expect((await call('jobs.list', {})).find(job => job.id === jobId)?.state).toBe('done')
}

/** A small PNG of one colour with a brighter corner that tells photos apart. */
export async function writePhoto(
  path: string,
  [r, g, b]: readonly [number, number, number],
  mark: number,
  side = 40,
): Promise<void> {
  mkdirSync(dirname(path), { recursive: true })
  const data = Buffer.alloc(side * side * 3)
  for (let i = 0; i < side * side; i++) {
    const lit = (i * 7 + mark * 31) % 97 < 20 ? 40 : 0
    data.set([Math.min(255, r + lit), Math.min(255, g + lit), Math.min(255, b + lit)], i * 3)
  }
  await sharp(data, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toFile(path)
}

/** A PNG of coarse random squares, so that no two are near copies. */
export async function writeSquares(path: string, seed: number): Promise<void> {
  mkdirSync(dirname(path), { recursive: true })
  const next = uniforms(seed, 1)
  const data = Uint8Array.from({ length: 64 * 3 }, () => Math.floor(next() * 256))
  await sharp(data, { raw: { width: 8, height: 8, channels: 3 } })
    .resize(64, 64, { kernel: 'nearest' })
    .png()
    .toFile(path)
}

const colours = [
  [200, 30, 30],
  [30, 180, 40],
  [40, 60, 200],
] as const

/** `perClass` photos in each of the class folders red, green and blue (or the first `classes` of them). */
export async function writeClasses(folder: string, perClass: number, classes = 3): Promise<void> {
  for (const [c, name] of ['red', 'green', 'blue'].slice(0, classes).entries()) {
    for (let i = 0; i < perClass; i++)
      await writePhoto(join(folder, name, `${name} ${i}.png`), colours[c]!, c * 100 + i)
  }
}
