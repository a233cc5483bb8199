// What the page remembers outlives the service and its port, and a file that was spoilt counts as empty.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openDatabase } from '../../../src/main/db/open.ts'
import { startApp } from '../library/app.ts'
import { failure, temporaryFolder } from '../library/helpers.ts'
import { now } from '../library/rows.ts'

it('keeps preferences without a library, for the next start', async () => {
  const folder = temporaryFolder()
  const { client, service } = startApp(folder)
  expect(await client.request('preferences.read', {})).toEqual({})
  await client.request('preferences.write', { values: { 'winnow.theme': 'light', 'winnow.view': '#/train' } })
  await client.request('preferences.write', { values: { 'winnow.theme': '밝게' } })
  await service.close()
  const { client: next } = startApp(folder)
  expect(await next.request('preferences.read', {}), 'field by field').toEqual({
    'winnow.theme': '밝게',
    'winnow.view': '#/train',
  })
  await next.request('preferences.write', { values: { 'winnow.view': null } })
  expect(await next.request('preferences.read', {})).toEqual({ 'winnow.theme': '밝게' })
})

it('takes only what is its own, and bears a spoilt file', async () => {
  const { client, folder } = startApp()
  expect(await failure(client.request('preferences.write', { values: { '../x': 'y' } }))).toMatchObject({
    code: 'bad-request',
  })
  expect(
    await failure(client.request('preferences.write', { values: { 'winnow.a': 'x'.repeat(20_001) } })),
  ).toMatchObject({ code: 'bad-request' })
  await client.request('preferences.write', { values: { 'winnow.a': 'b' } })
  const file = join(folder, 'config', 'preferences.json')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ 'winnow.a': 'b' })
  for (const spoilt of ['{"winnow.a": 3, "other": "x"}', '["a"]', '{', 'null']) {
    writeFileSync(file, spoilt)
    expect(await client.request('preferences.read', {})).toEqual({})
  }
})

it('costs no one a library where the folder of the app cannot be written to', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'config'), 'a file where the folder should be')
  const { client, service } = startApp(folder)
  await client.request('libraries.create', { name: 'safe' })
  expect((await client.request('folders.list', { id: 'last' })).parentId).toBeNull()
  const [home] = (await client.request('folders.list', { id: null })).entries
  expect((await client.request('folders.list', { id: home!.id })).id).toBe(home!.id)
  expect(await client.request('libraries.recent', {})).toEqual([])
  await service.close()
  const { db, unclean, close } = await openDatabase(join(folder, 'libraries', 'safe.winnow'), { create: false, now })
  expect([db.value('SELECT count(*) FROM photo'), unclean]).toEqual([0, false])
  close()
})

it('begins to look for photos where one looked last, with the way up from there', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'pictures', 'birds'), { recursive: true })
  const { client, service } = startApp(folder)
  expect((await client.request('folders.list', { id: 'last' })).parentId).toBeNull()
  const home = await client.request('folders.list', {
    id: (await client.request('folders.list', { id: null })).entries[0]!.id,
  })
  const pictures = await client.request('folders.list', {
    id: home.entries.find(({ name }) => name === 'pictures')!.id,
  })
  await client.request('folders.list', { id: pictures.entries[0]!.id })
  await service.close()

  const { client: next, service: later } = startApp(folder)
  const last = await next.request('folders.list', { id: 'last' })
  expect(last.name).toBe('birds')
  expect((await next.request('folders.list', { id: last.parentId })).name).toBe('pictures')
  rmSync(join(folder, 'pictures'), { recursive: true })
  await later.close()
  expect((await startApp(folder).client.request('folders.list', { id: 'last' })).parentId).toBeNull()
})
