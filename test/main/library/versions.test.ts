// The data set under a name: kept, compared, and gone back to as one decision, also when photos and classes came or went since.

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openService, writeClasses, writePhoto } from '../runs/open-service.ts'

async function library() {
  const test = await openService()
  await writeClasses(test.photos, 3)
  await test.importPhotos()
  const { call } = test
  const idsOf = async (text: string) =>
    (await call('photos.page', { filter: { text }, sort: 'name', offset: 0, limit: 100 })).photos.map(({ id }) => id)
  const classNamed = async (name: string) => (await call('classes.list', {})).find(each => each.name === name)!
  return { ...test, idsOf, classNamed }
}

describe('a version', () => {
  it('says what was decided since, and brings all of it back in one step that can be undone', async () => {
    const { call, photos, importPhotos, idsOf, classNamed } = await library()
    const version = await call('versions.save', { name: 'First' })
    expect(version).toMatchObject({ photos: 9, excluded: 0, classes: 3, runs: [] })
    const [red, green] = [await classNamed('red'), await classNamed('green')]
    await call('photos.label', { selection: { ids: await idsOf('red 0') }, classId: green.id })
    await call('photos.exclude', { selection: { ids: await idsOf('red 1') }, excluded: true })
    await call('photos.split', { selection: { ids: await idsOf('blue 2') }, split: 'test' })
    await call('classes.rename', { classId: green.id, name: 'grass' })
    await call('classes.merge', { classId: red.id, intoId: green.id })
    await writePhoto(join(photos, 'blue', 'new.png'), [10, 20, 200], 5)
    await importPhotos()

    const difference = await call('versions.difference', { from: version.id, to: null })
    expect(difference).toMatchObject({
      added: { photos: 1 },
      removed: { photos: 0 },
      excluded: { photos: 1, photoIds: await idsOf('red 1') },
      relabelled: { photos: 3 },
      moved: { photos: 1, photoIds: await idsOf('blue 2') },
      relabels: [{ was: 'red', now: 'grass', photos: 3 }],
    })
    const decision = await call('versions.restore', { versionId: version.id })
    expect(decision).toMatchObject({ changed: 5, kind: 'version-restore', text: 'Back to version First (5 photos)' })
    expect((await call('classes.list', {})).map(({ name, photos: own }) => [name, own])).toEqual(
      expect.arrayContaining([
        ['green', 3],
        ['red', 3],
      ]),
    )
    const left = await call('versions.difference', { from: version.id, to: null })
    expect(left).toMatchObject({
      added: { photos: 1 },
      excluded: { photos: 0 },
      relabelled: { photos: 0 },
      moved: { photos: 0 },
    })
    expect((await call('photos.get', { photoId: (await idsOf('new'))[0]! })).excluded).toBe(true)

    await call('history.undo', {})
    expect(await call('versions.difference', { from: version.id, to: null })).toEqual(difference)
  })

  it('is compared with another, and known by the runs that learnt from it', async () => {
    const { call, idsOf } = await library()
    const first = await call('versions.save', { name: 'First' })
    const settings = {
      preset: 'softmax',
      size: 8,
      channels: 3,
      epochs: 1,
      batch: 4,
      rate: 0.01,
      seed: 5,
      augment: false,
    } as const
    const { id: runId } = await call('runs.create', settings)
    await call('photos.exclude', { selection: { ids: await idsOf('red 1') }, excluded: true })
    const second = await call('versions.save', { name: 'Second' })
    await call('photos.exclude', { selection: { ids: await idsOf('red 1') }, excluded: false })
    expect(await call('versions.difference', { from: second.id, to: first.id })).toMatchObject({
      included: { photos: 1 },
    })
    expect((await call('versions.list', {})).map(({ name, runs }) => [name, runs])).toEqual([
      ['Second', []],
      ['First', [runId]],
    ])
    await call('versions.delete', { versionId: second.id })
    expect(await call('versions.list', {})).toHaveLength(1)
    expect((await call('history.undo', {})).text).toContain('included again')
  })

  it('has a name of its own, and is there', async () => {
    const { call } = await library()
    await call('versions.save', { name: ' First ' })
    await expect(call('versions.save', { name: 'First' })).rejects.toMatchObject({ code: 'version-exists' })
    await expect(call('versions.save', { name: '  ' })).rejects.toMatchObject({ code: 'bad-name' })
    await expect(call('versions.save', { name: 'a‮b' })).rejects.toMatchObject({ code: 'bad-name' })
    await expect(call('versions.restore', { versionId: 99 })).rejects.toMatchObject({ code: 'no-version' })
    await expect(call('versions.difference', { from: 1, to: 99 })).rejects.toMatchObject({ code: 'no-version' })
  })

  it('outlives the closing of its library', async () => {
    const { call, reopen } = await library()
    await call('versions.save', { name: 'First' })
    await reopen()
    const [version] = await call('versions.list', {})
    expect(version).toMatchObject({ name: 'First', photos: 9 })
    expect((await call('versions.restore', { versionId: version!.id })).changed).toBe(0)
  })
})
