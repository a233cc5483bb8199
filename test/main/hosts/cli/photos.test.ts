// Photos as they are named in a terminal, also where more are named alike than one page of the list holds.

import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase } from '../../../../src/main/db/open.ts'
import { addPhotos, now } from '../../library/rows.ts'
import { Terminal } from './terminal.ts'

const terminal = new Terminal()
const count = 2_300
const exclude = (photo: string) => terminal.run('exclude', photo, '-L', 'set')

beforeAll(async () => {
  const { db, close } = await openDatabase(join(terminal.folder, 'set.winnow'), { create: true, now })
  addPhotos(
    db,
    Array.from({ length: count }, (_, i) => ({ folder: `shelf/${i}`, name: 'photo.jpg' })),
  )
  close()
})
afterAll(() => terminal.remove())

it.each([0, 1_000, count - 1])('the end of the path of photo %i finds it', async i => {
  const { code, out } = await exclude(`${i}/photo.jpg`)
  expect([code, out]).toEqual([0, '1 photo excluded\n'])
})

it('a name that all have is ambiguous, and all are counted', async () => {
  const { code, err } = await exclude('photo.jpg')
  expect(code).toBe(1)
  expect(err).toContain(`${count} photos are called "photo.jpg"`)
})

it('a photo that is not there is named', async () => {
  expect((await exclude(`${count}/photo.jpg`)).err).toContain(`There is no photo "${count}/photo.jpg"`)
})

it('of a folder that is not there are told so with every command', async () => {
  expect((await exclude('7/photo.jpg')).err).toBe(
    'The folder /photos (2,300 photos) is not there. Connect its disk, or if it has moved: winnow relink <folder> -L set\n',
  )
})
