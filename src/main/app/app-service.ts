// The service as the hosts run it: service.ts with the project's own decoders, caches and sample photos handed in.
// Call checkNodeVersion (db/node-version.ts) before importing this file: it loads better-sqlite3.

import { userInfo } from 'node:os'
import { join } from 'node:path'
import { createBackboneStore } from '../backbones/backbone-store.ts'
import { checkApart } from '../db/check.ts'
import { makeSampleSet } from '../library/import/sample.ts'
import { openPixelCache } from '../pixels/cache/pixel-cache.ts'
import { createDecodePool } from '../pixels/pool/pool.ts'
import { openThumbnails } from '../pixels/cache/thumbnails.ts'
import type { DecodePoolOptions } from '../pixels/types.ts'
import { createService, type AppService, type ServiceOptions } from './service.ts'

export type AppServiceOptions = Pick<
  ServiceOptions,
  'host' | 'version' | 'configFolder' | 'librariesFolder' | 'homeFolder' | 'reveal'
> &
  Pick<DecodePoolOptions, 'decoderPath' | 'nodePath' | 'processes'> & {
    /** The backbone that comes with Winnow; without it there is none built in. */
    readonly backbonePath?: string
    readonly maxPixels?: number | undefined
    /** db/checker.ts or its bundle; without it the database is checked in this process. */
    readonly checkerPath?: string
  }

/** Nothing is opened and no process is started before the first library is. */
export function createAppService(options: AppServiceOptions): AppService {
  const { decoderPath, checkerPath, nodePath, processes, maxPixels, backbonePath = '', ...rest } = options
  return createService({
    ...rest,
    user: userName(),
    backbones: createBackboneStore({ folder: join(options.configFolder, 'backbones'), builtIn: backbonePath }),
    openThumbnails,
    openPixelCache,
    checkFile: checkerPath === undefined ? undefined : checkApart(checkerPath, nodePath ?? process.execPath),
    createPool: () =>
      createDecodePool({
        decoderPath,
        ...(nodePath === undefined ? {} : { nodePath }),
        ...(processes === undefined ? {} : { processes }),
        ...(maxPixels === undefined ? {} : { maxPixels }),
      }),
    makeSample: (folder, signal) => makeSampleSet(folder, signal),
  })
}

/** The name of the machine's user; '' for one that the system has no entry for. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return ''
  }
}
