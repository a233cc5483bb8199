// Failure at operation N, for N from the first on, until the work runs through untouched: backup, migration, new class,
// checkpoint, import. After every failure the library opens, is whole, holds what was there before, and the work can be
// done again.

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { migrations } from '../../../src/main/db/migrations/index.ts'
import { openDatabase, type OpenDatabase } from '../../../src/main/db/open.ts'
import { createHistory } from '../../../src/main/library/decisions/history.ts'
import { createDecodePool } from '../../../src/main/pixels/pool/pool.ts'
import { openThumbnails } from '../../../src/main/pixels/cache/thumbnails.ts'
import type { ThumbnailStore } from '../../../src/main/pixels/types.ts'
import { writeWhole } from '../../../src/main/runs/files/run-files.ts'
import { decoderPath, png, writeFiles } from '../library/app.ts'
import { temporaryFolder } from '../library/helpers.ts'
import { addClasses, addPhotos, now } from '../library/rows.ts'
import { newSession } from '../library/sessions.ts'
import { faultCodes, thorough, toldCode, withFaultAt, withFileLimit } from './faults.ts'

vi.setConfig({ testTimeout: 600_000 })

const page = 4096
/** Every page, or every eighth. */
const stride = (thorough ? 1 : 8) * page

async function filled(steps = migrations): Promise<{ folder: string }> {
  const folder = join(temporaryFolder(), 'faults.winnow')
  const opened = await openDatabase(folder, { create: true, now, steps })
  addClasses(opened.db, 'cat', 'dog')
  addPhotos(
    opened.db,
    Array.from({ length: 300 }, (_, i) => ({ classId: 1 + (i % 2), folder: 'a folder with a name'.repeat(3) })),
  )
  opened.db.run(
    'INSERT INTO decision_group (id, at, kind, values_json) VALUES (1, \'then\', \'label\', \'{"class":"dog","count":"1"}\')',
  )
  opened.db.run("INSERT INTO decision (group_id, photo_id, field, before, after) VALUES (1, 2, 'class', '1', '2')")
  opened.close()
  return { folder }
}

/** Opens without faults, looks at everything, and answers the open library. */
async function expectWhole(folder: string): Promise<OpenDatabase> {
  const opened = await openDatabase(folder, { create: false, now })
  expect(opened.db.value('PRAGMA integrity_check')).toBe('ok')
  expect(opened.db.value('PRAGMA user_version')).toBe(migrations.length)
  expect(opened.db.value('SELECT count(*) FROM photo')).toBe(300)
  expect(createHistory(opened.db, now).next().undo).toBe('1 photo labelled dog')
  return opened
}

describe('a migration', () => {
  it('that finds no room at any size leaves a library that opens and is brought up later', async () => {
    const { folder: old } = await filled(migrations.slice(0, 1))
    let failures = 0
    for (let limit = 0; ; limit += stride) {
      const folder = join(temporaryFolder(), 'copy.winnow')
      cpSync(old, folder, { recursive: true })
      const code = await withFileLimit(limit, () =>
        toldCode(openDatabase(folder, { create: false, now }).then(opened => opened.close())),
      )
      const opened = await expectWhole(folder)
      opened.close()
      if (code === null) break
      failures++
    }
    expect(failures).toBeGreaterThan(5)
  })

  it('whose n-th step on the disk fails leaves a library that opens, whatever the error', async () => {
    const { folder: old } = await filled(migrations.slice(0, 2))
    for (const code of faultCodes) {
      for (let n = 0; ; n++) {
        const folder = join(temporaryFolder(), 'copy.winnow')
        cpSync(old, folder, { recursive: true })
        const reached = await withFaultAt(n, code, () =>
          toldCode(openDatabase(folder, { create: false, now }).then(opened => opened.close())),
        )
        ;(await expectWhole(folder)).close()
        if (!reached) break
      }
    }
  })
})

describe('a backup', () => {
  it('that fails at any point leaves the library open and working, and no half backup', async () => {
    const { folder } = await filled()
    const opened = await expectWhole(folder)
    const backups = () => (existsSync(join(folder, 'backups')) ? readdirSync(join(folder, 'backups')) : [])
    let made = 0
    const tryOne = async (work: () => Promise<unknown>) => {
      const before = createHistory(opened.db, now).label({ ids: [1 + made] }, 2).changed
      await work()
      expect(opened.db.value('PRAGMA integrity_check')).toBe('ok')
      expect(createHistory(opened.db, now).next().undo).not.toBeNull()
      for (const name of backups()) expect(name).toMatch(/-close\.db$/)
      made += before
    }
    for (const code of faultCodes) {
      for (let n = 0, reached = true; reached; n++)
        await tryOne(async () => {
          reached = await withFaultAt(n, code, () => toldCode(opened.backUp('close')))
        })
    }
    for (let limit = 0, code: string | null = 'first'; code !== null; limit += stride)
      await tryOne(async () => {
        code = await withFileLimit(limit, () => toldCode(opened.backUp('close')))
      })
    opened.close()
    for (const name of backups()) {
      const restored = join(temporaryFolder(), 'restored.winnow')
      mkdirSync(restored)
      cpSync(join(folder, 'backups', name), join(restored, 'library.db'))
      ;(await expectRestored(restored)).close()
    }
  })
})

async function expectRestored(folder: string): Promise<OpenDatabase> {
  const opened = await openDatabase(folder, { create: false, now })
  expect([opened.db.value('PRAGMA integrity_check'), opened.db.value('SELECT count(*) FROM photo')]).toEqual([
    'ok',
    300,
  ])
  return opened
}

describe('a new class', () => {
  it('that finds no room leaves nothing to undo, and can be made when there is some', async () => {
    const { folder } = await filled()
    const { db, close } = await expectWhole(folder)
    const history = createHistory(db, now)
    const before = history.next()
    expect(
      await withFileLimit(statSync(join(folder, 'library.db-wal')).size, () =>
        toldCode((async () => history.createClass('owl'))()),
      ),
    ).not.toBeNull()
    expect(history.next()).toEqual(before)
    expect(history.createClass('owl').name).toBe('owl')
    expect(history.undo().kind).toBe('undo')
    expect(history.next().undo).toBe(before.undo)
    close()
  })
})

describe('a job', () => {
  it('that finds no room to begin is not shown as running', async () => {
    const { session, close } = await newSession(
      {
        decode: () => {
          throw new Error('not asked for')
        },
        close: async () => {},
      },
      openThumbnails,
    )
    const {
      library: { db, paths },
    } = session.ctx
    const states = () => session.jobs.list().map(({ state }) => state)
    const size = statSync(join(paths.folder, 'library.db-wal')).size
    let failures = 0
    for (let more = 0; more < 20; more++) {
      const code = await withFileLimit(size + more * (page + 24), () =>
        toldCode((async () => void session.jobs.start('verify', {}, async () => {}))()),
      )
      await setImmediate()
      expect(states(), `after ${code} with room for ${more} pages`).not.toContain('running')
      failures += Number(code !== null)
    }
    expect(failures).toBeGreaterThan(1)
    expect(db.value('PRAGMA integrity_check')).toBe('ok')
    await close()
  })
})

describe('a checkpoint', () => {
  it('that fails at any point leaves the one before or itself, whole', async () => {
    const path = join(temporaryFolder(), 'runs', 'best.safetensors')
    const content = (seed: number) => new Uint8Array(40_000).fill(seed)
    let seed = 0
    await writeWhole(path, content(seed))
    const tryOne = async (work: (bytes: Uint8Array) => Promise<string | null>) => {
      const code = await work(content(seed + 1))
      // An error after the new one took its place (the folder was not flushed) leaves the new one, as whole as the old.
      if (code === null || readFileSync(path)[0] === seed + 1) seed++
      expect(readFileSync(path).equals(content(seed))).toBe(true)
      expect(readdirSync(join(path, '..'))).toEqual(['best.safetensors'])
      return code
    }
    for (const code of faultCodes) {
      for (let n = 0, reached = true; reached; n++) {
        await tryOne(async bytes => {
          let told: string | null = null
          reached = await withFaultAt(n, code, async () => {
            told = await toldCode(writeWhole(path, bytes))
          })
          return told
        }).catch(error => {
          throw new Error(`at ${n} with ${code}`, { cause: error })
        })
      }
    }
    for (
      let limit = 0;
      (await tryOne(bytes => withFileLimit(limit, () => toldCode(writeWhole(path, bytes))))) !== null;
    )
      limit += page
    expect(seed).toBeGreaterThanOrEqual(4)
  })
})

/** A store that writes each thumbnail at once, so that its writes are among those that fail. */
function flushedThumbnails(folder: string): ThumbnailStore {
  const store = openThumbnails(folder)
  return { ...store, put: (sha256, webp) => void (store.put(sha256, webp), store.get(sha256)) }
}

describe('an import', () => {
  const files = Object.fromEntries(
    Array.from({ length: 8 }, (_, i) => [
      `c${i % 2}/${'long name '.repeat(12)}${i}.png`,
      png(i, { width: 300, height: 280 }),
    ]),
  )

  /** Imports with `fault` around it; afterwards the job goes on without and ends with all photos. Answers how the first
   *  attempt ended. */
  async function interrupted(
    folder: string,
    pool: ReturnType<typeof createDecodePool>,
    fault: (work: () => Promise<string | null>) => Promise<string | null>,
  ): Promise<string | null> {
    const { session, close } = await newSession(pool, flushedThumbnails)
    const { db } = session.ctx.library
    const begun = { jobId: 0 }
    const code = await fault(() =>
      toldCode(
        (async () => {
          const { jobId, finished } = session.jobs.begin('import', { folders: [folder] })
          begun.jobId = jobId
          const { error } = await finished
          if (error) throw error
        })(),
      ),
    )
    expect(db.value('PRAGMA integrity_check')).toBe('ok')
    if (code !== null) {
      const again =
        begun.jobId === 0 ? session.jobs.begin('import', { folders: [folder] }) : session.jobs.resume(begun.jobId)
      expect(await again.finished).toEqual({ state: 'done', error: null })
    }
    expect([db.value('SELECT count(*) FROM photo'), db.value('SELECT count(*) FROM photo WHERE usable = 1')]).toEqual([
      8, 8,
    ])
    for (const sha256 of db.values<string>('SELECT sha256 FROM photo'))
      expect(session.ctx.pixels.thumbnails.get(sha256)).not.toBeNull()
    await close()
    return code
  }

  it('that fails at any point goes on when the disk is well again, and ends with every photo once', async () => {
    const folder = writeFiles(temporaryFolder(), files)
    const pool = createDecodePool({ decoderPath, processes: 1 })
    onTestFinished(() => pool.close())
    for (let limit = 0; (await interrupted(folder, pool, work => withFileLimit(limit, work))) !== null;) limit += stride
    for (const code of thorough ? faultCodes : faultCodes.slice(0, 1)) {
      for (let n = 0, reached = true; reached; n++) {
        await interrupted(folder, pool, async work => {
          let told: string | null = null
          reached = await withFaultAt(n, code, async () => {
            told = await work()
          })
          return told
        })
      }
    }
  })
})
