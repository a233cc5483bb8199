// The service alone in a process: imports the photos of a folder and says how much memory it took at most, or opens the
// library and says how long the first page of thumbnails took. `node service-process.ts <home> import|open`; the last
// line of its output is JSON.

import { join, resolve } from 'node:path'
import { createDirectClient } from '../../../src/contract/direct.ts'
import { createAppService } from '../../../src/main/app/app-service.ts'

const [home = '', work = 'import'] = process.argv.slice(2)
const decoderPath = resolve(import.meta.dirname, '../../../src/main/pixels/pool/decoder.ts')
const service = createAppService({
  host: 'terminal',
  version: '0',
  configFolder: join(home, 'config'),
  librariesFolder: home,
  homeFolder: home,
  decoderPath,
})
const client = createDirectClient(service)
const started = performance.now()
let peak = 0
const watch = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss())
}, 50)

if (work === 'import') await importAll()
else await openAndShow()
clearInterval(watch)
console.log(JSON.stringify({ ms: performance.now() - started, peakMb: peak / 1e6 }))
await service.close()

async function importAll(): Promise<void> {
  await service.createLibraryAt(home, 'bench')
  const folderIds = [await service.grantFolder(join(home, 'photos'))]
  const over = Promise.withResolvers<void>()
  client.subscribe('jobs', {}, ({ state }) =>
    state === 'done' ? over.resolve() : state === 'failed' && over.reject(new Error('The import failed.')),
  )
  // As a page does that looks on.
  client.subscribe('library', {}, () => void client.request('library.current', {}))
  await client.request('import.start', { folderIds })
  await over.promise
}

async function openAndShow(): Promise<void> {
  await service.openLibraryAt(join(home, 'bench.winnow'))
  await client.request('library.current', {})
  const { photos } = await client.request('photos.page', { filter: {}, sort: 'added', offset: 0, limit: 200 })
  await Promise.all(photos.slice(0, 60).map(({ id }) => client.getBytes('thumbnail', { photoId: id })))
}
