// Classes renamed, merged, made and deleted as decisions, and what a later import makes of their old names.

import { describe, expect, it } from 'vitest'
import type { Client } from '../../../../src/contract/table.ts'
import { createHistory } from '../../../../src/main/library/decisions/history.ts'
import { png, startApp, writeFiles, type TestApp } from '../app.ts'
import { failure, temporaryFolder } from '../helpers.ts'
import { addClasses, addPhotos, newDatabase, now } from '../rows.ts'

async function petsApp(): Promise<{ app: TestApp; client: Client; ids: Record<string, number> }> {
  const app = startApp()
  await app.client.request('libraries.create', { name: 'pets' })
  await app.importFolders(
    writeFiles(temporaryFolder(), {
      'cat/1.png': png(1),
      'cat/2.png': png(2),
      'puppy/3.png': png(3),
      'dog/4.png': png(4),
    }),
  )
  const classes = await app.client.request('classes.list', {})
  return { app, client: app.client, ids: Object.fromEntries(classes.map(({ name, id }) => [name, id])) }
}

const counts = async (client: Client) =>
  (await client.request('classes.list', {})).map(({ name, photos }) => `${name} ${photos}`)

describe('classes', () => {
  it('are renamed, merged and deleted, told in words, and taken back one by one', async () => {
    const { client, ids } = await petsApp()
    expect(
      await client.request('classes.rename', { classId: ids.cat!, name: ' 고양이'.normalize('NFD') }),
    ).toMatchObject({
      kind: 'class-rename',
      text: 'Class cat renamed 고양이',
      values: { was: 'cat', class: '고양이' },
    })
    expect(await client.request('classes.merge', { classId: ids.puppy!, intoId: ids.dog! })).toMatchObject({
      changed: 1,
      text: 'Class puppy merged into dog (1 photo)',
      values: { was: 'puppy', class: 'dog', count: '1' },
    })
    await client.request('classes.create', { name: 'owl' })
    expect(await counts(client)).toEqual(['dog 2', 'owl 0', '고양이 2'])
    const owl = (await client.request('classes.list', {})).find(({ name }) => name === 'owl')!
    expect(await client.request('classes.delete', { classId: owl.id })).toMatchObject({ text: 'Class owl deleted' })
    expect(await client.request('library.current', {})).toMatchObject({
      undo: 'Class owl deleted',
      classes: [{ name: 'dog' }, { name: '고양이' }],
    })
    for (let i = 0; i < 4; i++) await client.request('history.undo', {})
    expect(await counts(client)).toEqual(['cat 2', 'dog 1', 'puppy 1'])
    for (let i = 0; i < 2; i++) await client.request('history.redo', {})
    expect(await counts(client)).toEqual(['dog 2', '고양이 2'])
  })

  it('refuse names that are taken or empty, classes that are gone or full', async () => {
    const { client, ids } = await petsApp()
    const code = async (work: Promise<unknown>) => (await failure(work)).code
    expect(await code(client.request('classes.rename', { classId: ids.cat!, name: 'dog' }))).toBe('class-exists')
    expect(await code(client.request('classes.rename', { classId: ids.cat!, name: '  ' }))).toBe('bad-name')
    expect(await code(client.request('classes.rename', { classId: 99, name: 'x' }))).toBe('no-class')
    expect(await failure(client.request('classes.delete', { classId: ids.cat! }))).toMatchObject({
      code: 'class-in-use',
      message: 'The class "cat" still has 2 photos.',
    })
    await client.request('classes.merge', { classId: ids.puppy!, intoId: ids.dog! })
    expect(await code(client.request('photos.label', { selection: { ids: [1] }, classId: ids.puppy! }))).toBe(
      'no-class',
    )
    expect(await code(client.request('classes.merge', { classId: ids.puppy!, intoId: ids.dog! }))).toBe('no-class')
    expect(await client.request('classes.merge', { classId: ids.dog!, intoId: ids.dog! })).toMatchObject({ changed: 0 })
  })

  it('stay renamed and merged when their folders bring more photos', async () => {
    const { app, client, ids } = await petsApp()
    await client.request('classes.rename', { classId: ids.cat!, name: 'kitty' })
    await client.request('classes.merge', { classId: ids.puppy!, intoId: ids.dog! })
    const more = writeFiles(temporaryFolder(), { 'cat/5.png': png(5), 'puppy/6.png': png(6) })
    await app.importFolders(more)
    expect(await counts(client)).toEqual(['dog 3', 'kitty 3'])
    await client.request('history.undo', {})
    expect(await counts(client)).toEqual(['dog 2', 'kitty 3', 'puppy 1'])
    await client.request('history.undo', {})
    await app.importFolders(writeFiles(temporaryFolder(), { 'kitty/7.png': png(7), 'cat/8.png': png(8) }))
    expect(await counts(client)).toEqual(['cat 4', 'dog 2', 'kitty 1', 'puppy 1'])
  })

  it('that an import has filled since are kept when their making is taken back, and names taken since get a number', async () => {
    const { db, close } = await newDatabase()
    const [cat] = addClasses(db, 'cat')
    const history = createHistory(db, now)
    const owl = history.createClass('owl')
    addPhotos(db, [{ classId: owl.id }])
    history.undo()
    expect(db.values('SELECT name FROM class WHERE deleted = 0 ORDER BY name')).toEqual(['cat', 'owl'])
    history.renameClass(cat!, 'kitty')
    addClasses(db, 'cat')
    history.undo()
    expect(db.values('SELECT name FROM class WHERE deleted = 0 ORDER BY name')).toEqual(['cat', 'cat (2)', 'owl'])
    close()
  })
})
