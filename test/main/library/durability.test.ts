// What must hold when the world does not: a full disk in the middle of an import, kill -9 in the middle of labelling
// and of a migration, libraries of every earlier version.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { migrations } from '../../../src/main/db/migrations/index.ts'
import { openDatabase } from '../../../src/main/db/open.ts'
import { createHistory } from '../../../src/main/library/decisions/history.ts'
import { createDecodePool } from '../../../src/main/pixels/pool/pool.ts'
import { openThumbnails } from '../../../src/main/pixels/cache/thumbnails.ts'
import { thorough } from '../faults/faults.ts'
import { decoderPath, png, writeFiles } from './app.ts'
import { closeAfterTest, startNode, temporaryFolder } from './helpers.ts'
import { addClasses, addPhotos, newDatabase, now } from './rows.ts'
import { newSession } from './sessions.ts'

// Flushes to a busy disk take their time.
vi.setConfig({ testTimeout: 600_000 })

describe('a full disk', () => {
  it('stops an import with a sentence, keeps what was written, and the import goes on when there is room', async () => {
    const folder = writeFiles(
      temporaryFolder(),
      Object.fromEntries(
        Array.from({ length: 50 }, (_, i) => [`c${i % 2}/${'long name '.repeat(15)}${i}.png`, png(i)]),
      ),
    )
    const pool = createDecodePool({ decoderPath, processes: 1 })
    const { session, close } = await newSession(pool, openThumbnails)
    closeAfterTest(() => pool.close())
    closeAfterTest(close)
    const { db } = session.ctx.library
    const photos = () => db.value<number>('SELECT count(*) FROM photo')
    db.value(`PRAGMA max_page_count = ${db.value<number>('PRAGMA page_count')! + 12}`)
    const { jobId, finished } = session.jobs.begin('import', { folders: [folder] })
    expect(await finished).toMatchObject({ state: 'failed', error: { code: 'disk-full' } })
    expect(photos()).toBeLessThan(50)
    db.value('PRAGMA max_page_count = 1000000')
    expect(await session.jobs.resume(jobId).finished).toEqual({ state: 'done', error: null })
    expect([photos(), db.value('SELECT count(*) FROM photo WHERE usable = 1')]).toEqual([50, 50])
    expect(db.value('PRAGMA integrity_check')).toBe('ok')
  })
})

describe('kill -9', () => {
  it('in the middle of labelling loses no decision that was acknowledged, and history and photos agree', async () => {
    const { db, folder, close } = await newDatabase()
    addClasses(db, 'cat', 'dog')
    addPhotos(
      db,
      Array.from({ length: 50 }, () => ({})),
    )
    close()
    let acknowledged = 0
    for (const at of thorough ? Array.from({ length: 20 }, () => 1 + Math.floor(60 * Math.random())) : [2, 12, 25]) {
      const child = await startNode(
        `
        const { openDatabase } = await import('./src/main/db/open.ts')
        const { createHistory } = await import('./src/main/library/decisions/history.ts')
        const { db } = await openDatabase(${JSON.stringify(folder)}, { create: false, now: () => new Date() })
        const history = createHistory(db, () => new Date())
        for (let i = ${acknowledged}; ; i++) {
          history.label({ ids: [1 + i % 50] }, 1 + (Math.floor(i / 50) % 2))
          process.stdout.write('done ' + (i + 1) + '.\\n')
          await new Promise(setImmediate)
        }`,
        `done ${acknowledged + at}.`,
      )
      await child.kill()
      acknowledged = Number(child.output().match(/done (\d+)\.\n(?!.*done)/s)![1])
      const opened = await openDatabase(folder, { create: false, now })
      const groups = opened.db.value<number>("SELECT count(*) FROM decision_group WHERE kind = 'label'")!
      expect(groups).toBeGreaterThanOrEqual(acknowledged)
      expect(groups).toBeLessThanOrEqual(acknowledged + 1)
      acknowledged = groups
      expect(
        opened.db.all(`
        SELECT photo.id FROM photo LEFT JOIN decision ON decision.photo_id = photo.id
          AND decision.group_id = (SELECT max(group_id) FROM decision AS last WHERE last.photo_id = photo.id)
        WHERE class_id IS NOT CAST(decision.after AS INTEGER)`),
      ).toEqual([])
      opened.close()
    }
  })

  it('in the middle of a migration leaves the old version or the new one, and opening brings it to the new', async () => {
    const { db, folder, close } = await newDatabase()
    addPhotos(
      db,
      Array.from({ length: 3000 }, () => ({})),
    )
    close()
    const slow =
      'CREATE TABLE slow AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT i FROM n'
    for (const wait of thorough ? Array.from({ length: 20 }, () => 1500 * Math.random()) : [0, 60, 150]) {
      const child = await startNode(
        `
        const { migrations } = await import('./src/main/db/migrations/index.ts')
        const { openDatabase } = await import('./src/main/db/open.ts')
        console.log('migrating')
        await openDatabase(${JSON.stringify(folder)}, { create: false, now: () => new Date(), steps: [...migrations, ${JSON.stringify(slow)}] })`,
        'migrating',
      )
      await new Promise(done => setTimeout(done, wait))
      await child.kill()
    }
    const steps = [...migrations, 'CREATE TABLE IF NOT EXISTS slow (i)']
    const opened = await openDatabase(folder, { create: false, now, steps })
    expect(opened.db.value('PRAGMA user_version')).toBe(steps.length)
    expect(opened.db.value('SELECT count(*) FROM photo')).toBe(3000)
    expect(opened.db.value('PRAGMA integrity_check')).toBe('ok')
    opened.close()
    expect(readdirSync(join(folder, 'backups')).filter(name => name.endsWith('.partial')).length).toBeLessThanOrEqual(
      thorough ? 20 : 3,
    )
  })
})

describe('libraries of earlier versions', () => {
  it.each(migrations.map((_, i) => i + 1))('version %i opens with its photos, labels and undo', async version => {
    const folder = join(temporaryFolder(), 'old.winnow')
    const old = await openDatabase(folder, { create: true, now, steps: migrations.slice(0, version) })
    const [cat, dog] = addClasses(old.db, 'cat', 'dog')
    const [photo] = addPhotos(old.db, [{ classId: cat! }])
    old.db.run(
      "INSERT INTO decision_group (id, at, kind, values_json) VALUES (7, 'then', 'label', ?)",
      JSON.stringify({ class: 'dog', count: '1' }),
    )
    old.db.run("INSERT INTO decision VALUES (7, ?, 'class', ?, ?)", photo!, String(cat), String(dog))
    old.db.run('UPDATE photo SET class_id = ? WHERE id = ?', dog!, photo!)
    old.close()
    const { db, close } = await openDatabase(folder, { create: false, now })
    expect(db.value('PRAGMA user_version')).toBe(migrations.length)
    expect(createHistory(db, now).undo().text).toBe('Undone: 1 photo labelled dog')
    expect(db.value('SELECT class_id FROM photo')).toBe(cat)
    close()
  })
})
