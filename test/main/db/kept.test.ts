// A library of every version of the file, kept as that version wrote it: each opens, is brought up, and holds its
// photos, labels, findings and what can be undone. A new migration adds its own to test/main/db/kept.

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { migrations } from '../../../src/main/db/migrations/index.ts'
import { openDatabase } from '../../../src/main/db/open.ts'
import { createHistory } from '../../../src/main/library/decisions/history.ts'
import { createPhotoLists } from '../../../src/main/library/tables/photo-lists.ts'
import { photoDetail } from '../../../src/main/library/photos/photos.ts'
import { temporaryFolder } from '../library/helpers.ts'
import { now } from '../library/rows.ts'

const kept = join(import.meta.dirname, 'kept')

describe('kept libraries', () => {
  it('are there for every version', () => {
    expect(new Set(readdirSync(kept))).toEqual(new Set(migrations.map((_, i) => `version-${i + 1}.db.gz`)))
  })

  it.each(migrations.map((_, i) => i + 1))('version %i opens with all that was in it', async version => {
    const folder = join(temporaryFolder(), 'kept.winnow')
    mkdirSync(folder)
    writeFileSync(join(folder, 'library.db'), gunzipSync(readFileSync(join(kept, `version-${version}.db.gz`))))
    const { db, close } = await openDatabase(folder, { create: false, now })
    expect([db.value('PRAGMA user_version'), db.value('PRAGMA integrity_check')]).toEqual([migrations.length, 'ok'])
    const lists = createPhotoLists(db)
    const ids = (filter: Parameters<typeof lists.page>[0]['filter']) =>
      lists.page({ filter, sort: 'name', offset: 0, limit: 10 }).ids
    expect([ids({}), ids({ classId: 1 }), ids({ wrong: true }), ids({ problem: 'exact-duplicate' })]).toEqual([
      [1, 2, 3],
      [1, 2],
      [3],
      [2],
    ])
    expect(photoDetail(db, 3)).toMatchObject({
      className: '강아지',
      split: 'train',
      scores: { blurry: 0.7, oddSize: null },
      prediction: { className: 'cat', givenProbability: 0.1 },
      history: [{ text: 'Imported as cat' }, { text: 'Labelled 강아지 (was cat)' }],
    })
    expect(createHistory(db, now).undo().text).toBe('Undone: 1 photo labelled 강아지')
    expect(ids({ classId: 1 })).toEqual([1, 2, 3])
    if (version < migrations.length)
      expect(readdirSync(join(folder, 'backups'))).toEqual([expect.stringContaining(`-version-${version}.db`)])
    close()
  })
})
