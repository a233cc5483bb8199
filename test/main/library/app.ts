// The real service over a temporary folder, with real decoders, for tests; and small photo folders to import.

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { createDirectClient } from '../../../src/contract/direct.ts'
import type { Job } from '../../../src/contract/records.ts'
import type { Client } from '../../../src/contract/table.ts'
import { createAppService } from '../../../src/main/app/app-service.ts'
import { drawSample, type SampleSpec } from '../../../src/main/pixels/sample-photos.ts'
import type { AppService } from '../../../src/main/app/service.ts'
import { closeAfterTest, temporaryFolder } from './helpers.ts'

export const decoderPath = resolve(import.meta.dirname, '../../../src/main/pixels/pool/decoder.ts')
export const checkerPath = resolve(import.meta.dirname, '../../../src/main/db/checker.ts')

export interface TestApp {
  readonly service: AppService
  readonly client: Client
  readonly folder: string
  /** Imports folders and waits for the end of the job. */
  importFolders(...paths: string[]): Promise<Job>
  /** Resolves when the job is neither queued nor running. */
  ended(jobId: number): Promise<Job>
}

/** Closed after the test. */
export function startApp(folder = temporaryFolder(), checker = checkerPath): TestApp {
  const service = createAppService({
    host: 'terminal',
    version: '0.0.0',
    configFolder: join(folder, 'config'),
    librariesFolder: join(folder, 'libraries'),
    homeFolder: folder,
    decoderPath,
    checkerPath: checker,
    processes: 2,
  })
  closeAfterTest(() => service.close())
  const client = createDirectClient(service)
  const isOver = (job: Job) => job.state !== 'running' && job.state !== 'queued'
  async function ended(jobId: number): Promise<Job> {
    return new Promise((done, fail) => {
      const look = (job: Job) => {
        if (job.id !== jobId || !isOver(job)) return
        leave()
        done(job)
      }
      const leave = client.subscribe('jobs', {}, look)
      client.request('jobs.list', {}).then(jobs => jobs.forEach(look), fail)
    })
  }
  return {
    service,
    client,
    folder,
    ended,
    async importFolders(...paths) {
      const folderIds = await Promise.all(paths.map(path => service.grantFolder(path)))
      const { jobId } = await client.request('import.start', { folderIds })
      return ended(jobId)
    },
  }
}

/** A small valid PNG; each seed another picture. */
export function png(seed: number, more: Partial<SampleSpec> = {}): Uint8Array {
  return drawSample({ kind: 'pebbles', width: 40, height: 32, seed, light: 1, grain: 5, grainSeed: seed, ...more })
}

/** Writes files by relative path. */
export function writeFiles(folder: string, files: Readonly<Record<string, Uint8Array | string>>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}
