// Scores are there for every photo, their limits are the person's, and files that failed can be listed, read again and
// shown.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createDirectClient } from '../../../../src/contract/direct.ts'
import { createAppService } from '../../../../src/main/app/app-service.ts'
import { defaultThresholds } from '../../../../src/contract/problems.ts'
import { decoderPath, png, startApp, writeFiles } from '../app.ts'
import { closeAfterTest, failure, temporaryFolder } from '../helpers.ts'

describe('scores', () => {
  it('stand beside every photo, and a moved limit flags all photos anew without reading one', async () => {
    const folder = writeFiles(temporaryFolder(), {
      'a/1.png': png(1),
      'a/2.png': png(2, { light: 0.1, grain: 1 }),
      'a/3.png': 'no image',
      'b/4.png': png(4, { width: 120 }),
    })
    const app = startApp()
    await app.client.request('libraries.create', { name: 'scores' })
    await app.importFolders(folder)
    const before = await app.client.request('check.photos', { afterId: 0, limit: 10 })
    expect(before.map(({ path }) => path)).toEqual(
      ['a/1.png', 'a/2.png', 'a/3.png', 'b/4.png'].map(path => join(folder, path)),
    )
    expect(before[2]).toMatchObject({ problems: ['not-an-image'], scores: null })
    expect(before[1]!.problems).toContain('dark')
    expect(before[3]!.scores).toMatchObject({ oddAspect: 32 / 120, oddSize: expect.any(Number) })
    expect((await app.client.request('photos.get', { photoId: 1 })).scores).toEqual(before[0]!.scores)
    expect(await app.client.request('check.thresholds', {})).toEqual({
      thresholds: defaultThresholds,
      usual: defaultThresholds,
    })

    writeFileSync(join(folder, 'a/1.png'), 'gone')
    const { thresholds } = await app.client.request('check.setThresholds', { thresholds: { dark: 0, oddAspect: 1 } })
    expect(thresholds).toEqual({ ...defaultThresholds, dark: 0, oddAspect: 1 })
    const after = await app.client.request('check.photos', { afterId: 1, limit: 10 })
    expect(after[0]!.problems).not.toContain('dark')
    expect(after[0]!.problems).toContain('odd-aspect')
    expect(after.map(({ scores }) => scores)).toEqual(before.slice(1).map(({ scores }) => scores))
    await app.importFolders(writeFiles(temporaryFolder(), { 'c/5.png': png(5, { light: 0.1, grain: 1 }) }))
    expect((await app.client.request('check.photos', { afterId: 4, limit: 10 }))[0]!.problems).not.toContain('dark')
  })
})

describe('files with errors', () => {
  it('are listed with reasons, read again when asked, and shown where the host can', async () => {
    const folder = writeFiles(temporaryFolder(), {
      'a/1.png': png(1),
      'a/"two", 둘.png': png(2).subarray(0, 200),
      'a/3.png': '',
    })
    const shown: string[] = []
    const home = temporaryFolder()
    const service = createAppService({
      host: 'terminal',
      version: '0',
      configFolder: join(home, 'config'),
      librariesFolder: home,
      homeFolder: home,
      decoderPath,
      processes: 1,
      reveal: async path => void shown.push(path),
    })
    closeAfterTest(() => service.close())
    const client = createDirectClient(service)
    await client.request('libraries.create', { name: 'errors' })
    const ended = async (start: () => Promise<{ jobId: number }>) => {
      const { jobId } = await start()
      await expect
        .poll(async () => (await client.request('jobs.list', {})).find(job => job.id === jobId)!.state)
        .toBe('done')
      return (await client.request('jobs.list', {})).find(job => job.id === jobId)!
    }
    const folderIds = [await service.grantFolder(folder)]
    await ended(() => client.request('import.start', { folderIds }))
    const lines = new TextDecoder().decode(await client.getBytes('fileErrors', {})).split('\r\n')
    expect(lines[0]).toBe('path,code,reason')
    expect(lines[1]).toMatch(/^"\/.*\/a\/""two"", 둘\.png",truncated,"?This file ends too early/)
    expect(lines[2]).toMatch(/\/a\/3\.png,empty,This file is empty/)
    const { photos } = await client.request('photos.page', {
      filter: { usable: false },
      sort: 'name',
      offset: 0,
      limit: 10,
    })
    expect(photos.map(({ name }) => name).sort()).toEqual(['"two", 둘.png', '3.png'])

    writeFileSync(join(folder, 'a/3.png'), png(3))
    const emptied = photos.find(({ name }) => name === '3.png')!
    expect((await ended(() => client.request('files.retry', { photoIds: [emptied.id] }))).result).toMatchObject({
      imported: 1,
      broken: 0,
    })
    expect((await ended(() => client.request('files.retry', {}))).result).toMatchObject({ imported: 0, broken: 1 })
    expect(await client.request('photos.get', { photoId: emptied.id })).toMatchObject({
      usable: true,
      className: 'a',
      problems: [],
    })

    await client.request('files.reveal', { photoId: emptied.id })
    expect(shown).toEqual([join(folder, 'a/3.png')])
    const other = startApp()
    await other.client.request('libraries.create', { name: 'none' })
    expect((await failure(other.client.request('files.reveal', { photoId: 1 }))).code).toBe('no-photo')
    await other.importFolders(folder)
    expect(await failure(other.client.request('files.reveal', { photoId: 1 }))).toMatchObject({ code: 'cannot-reveal' })
  })
})
