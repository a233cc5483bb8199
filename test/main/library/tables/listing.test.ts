// The first half of an import below the service: what is told while files are listed, and where they are put.

import { join } from 'node:path'
import { expect, it } from 'vitest'
import { listFiles } from '../../../../src/main/library/import/import-list.ts'
import { createHistory } from '../../../../src/main/library/decisions/history.ts'
import { insertJob } from '../../../../src/main/library/jobs/job-rows.ts'
import { placer } from '../../../../src/main/library/tables/roots.ts'
import { writeFiles } from '../app.ts'
import { closeAfterTest, temporaryFolder } from '../helpers.ts'
import { newDatabase } from '../rows.ts'

const at = '2026-03-04T05:06:07.000Z'

it('how many files there are is told before what came of listing them', async () => {
  const { db, folder, close } = await newDatabase()
  closeAfterTest(close)
  const photos = writeFiles(temporaryFolder(), { 'cat/a.png': '', 'cat/b.png': '', 'cat/note.txt': '' })
  const said: unknown[] = []
  const control = {
    jobId: insertJob(db, 'import', {}, at),
    signal: new AbortController().signal,
    progress: (...numbers: unknown[]) => said.push(numbers),
    result: (values: unknown) => said.push(values),
  }
  const library = {
    id: '',
    name: '',
    db,
    paths: {
      folder,
      runs: join(folder, 'runs'),
      cache: join(folder, 'cache'),
      imports: join(folder, 'imports'),
      looked: '',
    },
  }
  await listFiles(
    library,
    { folders: [photos] },
    control,
    () => at,
    createHistory(db, () => new Date(at)),
  )
  expect(said.slice(-2)).toEqual([[0, 2], { skipped: 1, already: 0 }])
})

it('two imports at once that list files of one folder elsewhere put them in one place', async () => {
  const { db, close } = await newDatabase()
  closeAfterTest(close)
  const [one, two] = [placer(db, '/lists', at), placer(db, '/lists', at)]
  expect(one('/elsewhere/a.png')).toEqual({ ...two('/elsewhere/b.png'), path: 'a.png' })
  expect(db.values('SELECT path FROM root ORDER BY id')).toEqual(['/lists', '/elsewhere'])
})
