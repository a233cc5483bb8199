// The service's entry in Electron's utility process. Its one argument is its settings as JSON.

import { homedir } from 'node:os'
import { maxPixelsFrom } from '../hosts/limits.ts'
import { createAppService, type AppServiceOptions } from '../app/app-service.ts'
import { serveParent, type ParentPort } from './service-end.ts'

const settings = JSON.parse(process.argv.at(-1)!) as Omit<AppServiceOptions, 'host' | 'homeFolder'>
const { parentPort } = process as unknown as { parentPort: ParentPort }

const reveal = async (path: string) => parentPort.postMessage({ kind: 'reveal', path })

serveParent(
  parentPort,
  createAppService({
    ...settings,
    maxPixels: maxPixelsFrom(process.env),
    host: 'desktop',
    homeFolder: homedir(),
    reveal,
  }),
)
