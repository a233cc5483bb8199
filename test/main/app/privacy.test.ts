// Other people who use the machine read nothing of a library: its folders and files, caches and settings are the
// owner's alone also where new files usually are not, and those of earlier versions are made so. Names hold no signs
// that are not shown.

import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { answerBytes } from '../../../src/contract/server-bytes.ts'
import { png, startApp, writeFiles } from '../library/app.ts'
import { failure, temporaryFolder } from '../library/helpers.ts'

let mask = 0
beforeEach(() => {
  mask = process.umask(0o022)
})
afterEach(() => {
  process.umask(mask)
})

/** What others may read, write or look into below a folder, with its mode. */
function openToOthers(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map(entry => join(entry.parentPath, entry.name))
    .map(path => `${path.slice(folder.length)} ${(statSync(path).mode & 0o777).toString(8)}`)
    .filter(line => !line.endsWith(' 600') && !line.endsWith(' 700'))
}

describe.skipIf(process.platform === 'win32')('a library', () => {
  it('is readable by its owner alone, with its caches, backups, settings and looked-at photos', async () => {
    const photos = writeFiles(temporaryFolder(), {
      'cat/a.png': png(1, { width: 400, height: 300 }),
      'dog/b.png': png(2, { width: 400, height: 300 }),
    })
    const app = startApp()
    const { id } = await app.client.request('libraries.create', { name: 'mine' })
    await app.importFolders(photos)
    await app.client.getBytes('thumbnail', { photoId: 1 })
    await app.client.putBytes('visitor', { visitorId: 'v1', name: 'x.png' }, new Uint8Array(png(3)))
    await app.client.request('preferences.write', { values: { 'winnow.theme': 'dark' } })
    await app.client.request('cuts.save', { adapter: 'card', text: '{}' })
    await app.client.request('libraries.create', { name: 'other' })
    await app.client.request('libraries.open', { id })
    const library = join(app.folder, 'libraries', 'mine.winnow')
    expect(readdirSync(library)).toEqual(expect.arrayContaining(['backups', 'cache', 'library.db', 'runs']))
    expect(openToOthers(join(app.folder, 'libraries'))).toEqual([])
    expect(openToOthers(join(app.folder, 'config'))).toEqual([])
    expect(statSync(photos).mode & 0o777).toBe(0o755)
  })

  it('of an earlier version is made so when it is opened', async () => {
    const app = startApp()
    await app.client.request('libraries.create', { name: 'old' })
    await app.client.request('libraries.create', { name: 'other' })
    const library = join(app.folder, 'libraries', 'old.winnow')
    mkdirSync(join(library, 'imports', 'set', 'cat'), { recursive: true })
    writeFileSync(join(library, 'imports', 'set', 'cat', 'a.png'), png(1))
    for (const path of ['', 'library.db', 'cache', 'runs', 'imports'])
      chmodSync(join(library, path), path === 'library.db' ? 0o644 : 0o755)
    await app.service.openLibraryAt(library)
    expect(statSync(library).mode & 0o777).toBe(0o700)
    expect(openToOthers(library)).toEqual([])
  })
})

describe('an upload', () => {
  it('is measured by what such bytes can be before it is read', async () => {
    const app = startApp()
    await app.client.request('libraries.create', { name: 'upload' })
    await app.importFolders(
      writeFiles(temporaryFolder(), {
        'cat/a.png': png(1),
        'cat/b.png': png(2),
        'dog/c.png': png(3),
        'dog/d.png': png(4),
      }),
    )
    const { id: runId } = await app.client.request('runs.create', {
      preset: 'softmax',
      size: 8,
      channels: 3,
      epochs: 1,
      batch: 4,
      rate: 0.01,
      seed: 1,
      augment: false,
    })
    const allowed = async (name: string, query: Record<string, string>) => {
      let most = -1
      await answerBytes(app.service, {
        method: 'PUT',
        name,
        query: Object.entries(query),
        body: async limit => ((most = limit), new Uint8Array(0)),
      })
      return most
    }
    const run = { runId: String(runId) }
    expect(await allowed('predictions', run)).toBe(4 * 2 * 4 + 65_536)
    expect(await allowed('margins', run)).toBe(4 * 2 * 4 + 65_536)
    expect(await allowed('visitor', { visitorId: 'v', name: 'a.png' })).toBe(256 * 2 ** 20)
    expect(await allowed('checkpoint', { ...run, kind: 'best' })).toBe(2 ** 30)
    const larger = await answerBytes(app.service, {
      method: 'PUT',
      name: 'margins',
      query: Object.entries(run),
      body: async () => new Uint8Array(100_000),
    })
    expect(larger).toMatchObject({ status: 400, error: { code: 'bad-request' } })
  })
})

describe('a name', () => {
  const bad = [
    'cat\n',
    'ca\u0007t',
    'cat\u202egpj',
    '\u200fcat',
    'cat\ud83d',
    '\u2066cat\u2069',
    'c\u200bat',
    '\u009bcat',
  ]

  it.each(bad.map(name => JSON.stringify(name)))('%s is refused for classes, runs and libraries', async quoted => {
    const name = `x${JSON.parse(quoted) as string}y`
    const app = startApp()
    expect(await failure(app.client.request('libraries.create', { name }))).toMatchObject({ code: 'bad-name' })
    await app.client.request('libraries.create', { name: 'names' })
    expect(await failure(app.client.request('classes.create', { name }))).toMatchObject({ code: 'bad-name' })
    const { id } = await app.client.request('classes.create', { name: 'fine 이름 👩‍🔬' })
    expect(await failure(app.client.request('classes.rename', { classId: id, name }))).toMatchObject({
      code: 'bad-name',
    })
  })

  it('of a folder or in a list loses them, so that no class holds them', async () => {
    const photos = writeFiles(temporaryFolder(), {
      'cat\u202egpj/a.png': png(1),
      'do\ng/b.png': png(2),
      'own/c.png': png(3),
    })
    const list = join(temporaryFolder(), 'l.csv')
    writeFileSync(list, `path,label\nown/c.png,"o\u200bw\tl"\n`)
    const app = startApp()
    await app.client.request('libraries.create', { name: 'folders' })
    const folderIds = [await app.service.grantFolder(photos)]
    const { classes, notes } = await app.client.request('import.preview', { folderIds })
    expect(classes.map(({ name }) => name)).toEqual(['cat gpj', 'do g', 'own'])
    expect(notes).toMatchObject([{ code: 'hidden-signs', values: { count: 2 } }])
    await app.importFolders(photos)
    await app.importFolders(list)
    expect((await app.client.request('classes.list', {})).map(({ name }) => name)).toEqual([
      'cat gpj',
      'do g',
      'o w l',
      'own',
    ])
  })
})
