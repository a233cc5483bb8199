// What people get wrong and what machines lack: each gets one clear sentence, what to do, exit 1, and nothing saved is
// lost.

import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAppService } from '../../../../src/main/app/app-service.ts'
import { maxPixelsFrom } from '../../../../src/main/hosts/limits.ts'
import { parseCsv } from '../../../../src/main/formats/csv-reader.ts'
import { createHistory } from '../../../../src/main/library/decisions/history.ts'
import { root } from '../../../rules/sources.ts'
import { withFileLimit } from '../../faults/faults.ts'
import { addClasses, addPhotos, newDatabase, now } from '../../library/rows.ts'
import { Terminal } from './terminal.ts'

const terminal = new Terminal()
beforeAll(async () => {
  await terminal.run('import', terminal.photos('photos', { pebbles: 3, tiles: 3 }), '-L', 'set')
})
afterAll(() => terminal.remove())

async function refusal(...args: string[]) {
  const { code, err, out } = await terminal.run(...args)
  expect(code).toBe(1)
  expect(out).toBe('')
  const [sentence, fix] = err.trim().split('\n').slice(-2)
  return { sentence, fix }
}

describe('a command that fails', () => {
  it('says why, also where the backup at its end fails as well', async () => {
    const { db, folder, close } = await newDatabase()
    try {
      addClasses(db, 'cat')
      addPhotos(
        db,
        Array.from({ length: 3000 }, () => ({})),
      )
      createHistory(db, now).label({ ids: [1] }, 1)
    } finally {
      close()
    }
    const { code, err } = await withFileLimit(200_000, () => terminal.run('exclude', '9999', '-L', folder))
    expect([code, err]).toEqual([1, expect.stringContaining('There is no photo 9999')])
    expect(await withFileLimit(200_000, () => terminal.run('exclude', '2', '-L', folder))).toMatchObject({
      code: 1,
      out: '1 photo excluded\n',
      err: expect.stringContaining('is saved and whole'),
    })
  })
})

describe('folders', () => {
  it('that do not exist', async () => {
    expect(await refusal('import', 'nowhere', '-L', 'new')).toMatchObject({
      sentence: expect.stringContaining('nowhere'),
    })
    expect(existsSync(join(terminal.folder, 'new.winnow'))).toBe(false)
  })

  it('whose names would colour or turn the terminal are written out', async () => {
    const { sentence } = await refusal('import', '\u001b[31mred\u202egnp.\u0007', '-L', 'new')
    expect(sentence).toContain('\\u001b[31mred\\u202egnp.\\u0007')
  })

  it('and files whose names hold a line end stand in one line, and in a list as they are', async () => {
    const broken = new Terminal()
    try {
      broken.photos('set', { 'cat\ndone.': 2, dog: 2 })
      writeFileSync(join(broken.folder, 'set', 'dog', 'a\nb\tc.jpg'), 'no photo')
      const { out } = await broken.run('import', 'set', '-L', 'lib')
      expect(out).toContain('2 classes: cat done. 2, dog 3.')
      const check = await broken.run('check', '-L', 'lib')
      expect(check.out).toMatch(/^ +\d+ {2}dog\/a\\u000ab\\u0009c\.jpg: /m)
      expect(check.out).toMatch(/^ {2}cat done\. +2 photos$/m)
      expect(`${out}${check.out}`).not.toMatch(/^(?:done|b)/m)
      await broken.run('export', '-L', 'lib', '--format', 'csv', '-o', 'list.csv')
      const [, ...rows] = parseCsv(readFileSync(join(broken.folder, 'list.csv'), 'utf8'))
      expect(rows.map(({ cells: [path, label] }) => [existsSync(path!), label]).sort()).toEqual([
        [true, 'cat done.'],
        [true, 'cat done.'],
        [true, 'dog'],
        [true, 'dog'],
      ])
      expect((await broken.run('import', 'list.csv', '-L', 'again')).out).toContain('2 classes: cat done. 2, dog 2.')
    } finally {
      broken.remove()
    }
  })

  it('without photos', async () => {
    mkdirSync(join(terminal.folder, 'empty'))
    writeFileSync(join(terminal.folder, 'empty', 'list.txt'), 'x')
    expect(await refusal('import', 'empty', '-L', 'new')).toMatchObject({
      sentence: expect.stringContaining('no photos'),
    })
    expect(existsSync(join(terminal.folder, 'new.winnow'))).toBe(false)
  })

  it('where nothing may be written', async () => {
    mkdirSync(join(terminal.folder, 'locked'), { mode: 0o500 })
    // Permissions do not hold the superuser back; the kernel's own file system does.
    const place = process.getuid?.() === 0 ? '/sys/winnow' : 'locked/set'
    expect(await refusal('import', 'photos', '-L', place)).toMatchObject({
      sentence: expect.stringContaining('may not write'),
      fix: expect.stringContaining('permission'),
    })
    chmodSync(join(terminal.folder, 'locked'), 0o700)
  })

  it('that are to hold an export and do not exist', async () => {
    const { out } = await terminal.run(
      'train',
      '-L',
      'set',
      '--preset',
      'softmax',
      '--size',
      '8',
      '--epochs',
      '1',
      '--device',
      'cpu',
    )
    expect(out).toMatch(/^Run 1: 1 epoch in /m)
    expect(await refusal('export', '-L', 'set', '-o', 'no/such/model.onnx')).toMatchObject({
      sentence: expect.stringContaining('could not be written'),
      fix: expect.stringContaining('exists'),
    })
  })
})

describe('a folder for copies', () => {
  it('whose name not every system takes is refused, not made under another name', async () => {
    for (const name of ['.hidden', 'a:b', 'con']) {
      expect(await refusal('export', '-L', 'set', '--format', 'folder', '-o', name)).toMatchObject({
        sentence: expect.stringContaining(`"${name}"`),
        fix: expect.stringContaining('another name'),
      })
    }
    for (const name of ['hidden', 'a b', '_con']) expect(existsSync(join(terminal.folder, name))).toBe(false)
  })
})

describe('photos with too many pixels', () => {
  it('are listed with the limit that is in force, which the environment sets', async () => {
    terminal.maxPixels = 24 * 24 - 1
    await terminal.run('import', 'photos', '-L', 'limited')
    expect((await terminal.run('check', '-L', 'limited')).out).toMatch(
      /too-large: 6 photos\n.*has 0\.0 million pixels .*; at most 0\.0 million are read\./,
    )
    terminal.maxPixels = undefined
    expect([
      maxPixelsFrom({}),
      maxPixelsFrom({ WINNOW_MAX_MEGAPIXELS: '' }),
      maxPixelsFrom({ WINNOW_MAX_MEGAPIXELS: '300' }),
    ]).toEqual([undefined, undefined, 300e6])
    for (const text of ['many', '0', '-3', '1e9'])
      expect(() => maxPixelsFrom({ WINNOW_MAX_MEGAPIXELS: text })).toThrow(`WINNOW_MAX_MEGAPIXELS is "${text}"`)
  })
})

describe('classes', () => {
  it('one alone', async () => {
    await terminal.run('import', terminal.photos('one', { pebbles: 4 }), '-L', 'one')
    expect(await refusal('train', '-L', 'one', '--device', 'cpu')).toMatchObject({
      sentence: expect.stringMatching(/class/),
    })
  })

  it('with one photo', async () => {
    await terminal.run('import', terminal.photos('few', { pebbles: 4, tiles: 1 }), '-L', 'few')
    expect(await refusal('train', '-L', 'few', '--device', 'cpu')).toMatchObject({
      sentence: expect.stringContaining('tiles'),
    })
  })
})

describe('a class that is not there', () => {
  it('is told with those that are, and with --create where that is an option', async () => {
    const known = { sentence: 'There is no class "pebles" in this library.', fix: 'It has: pebbles, tiles.' }
    expect(await refusal('review', '-L', 'set', '--label', 'pebles')).toEqual(known)
    expect(await refusal('label', '-L', 'set', 'tiles-0.png', 'pebles')).toEqual({
      ...known,
      fix: `${known.fix} Add --create to make it.`,
    })
  })
})

describe('libraries', () => {
  it('that are not there', async () => {
    expect(await refusal('check', '-L', 'gone')).toMatchObject({
      sentence: expect.stringContaining('no library'),
      fix: expect.stringContaining('.winnow'),
    })
  })

  it('of a newer version', async () => {
    mkdirSync(join(terminal.folder, 'newer.winnow'))
    copyFileSync(join(terminal.folder, 'set.winnow', 'library.db'), join(terminal.folder, 'newer.winnow', 'library.db'))
    const database = new Database(join(terminal.folder, 'newer.winnow', 'library.db'))
    database.pragma('user_version = 9999')
    database.close()
    expect(await refusal('check', '-L', 'newer')).toMatchObject({
      sentence: expect.stringContaining('newer Winnow'),
      fix: expect.stringContaining('not changed'),
    })
  })

  it('that another process has open', async () => {
    const other = createAppService({
      host: 'browser',
      version: '0',
      configFolder: join(terminal.folder, 'other'),
      librariesFolder: terminal.folder,
      homeFolder: terminal.folder,
      decoderPath: join(root, 'src', 'main', 'pixels', 'pool', 'decoder.ts'),
    })
    await other.openLibraryAt(join(terminal.folder, 'set.winnow'))
    expect(await refusal('check', '-L', 'set')).toMatchObject({
      sentence: expect.stringContaining('already open'),
      fix: expect.stringContaining('Close it there'),
    })
    await other.close()
    expect((await terminal.run('check', '-L', 'set')).code).toBe(0)
  })
})

describe('models', () => {
  it('that are no models', async () => {
    writeFileSync(join(terminal.folder, 'fake.onnx'), 'hello')
    expect((await refusal('predict', 'fake.onnx', 'photos/tiles/tiles-0.png')).sentence).toMatch(/model|ONNX/)
    expect(await refusal('predict', 'none.onnx', 'x.png')).toMatchObject({
      sentence: expect.stringContaining('none.onnx'),
    })
  })
})

describe('with --json', () => {
  it('the last line says what failed', async () => {
    const { code, events, err } = await terminal.run('check', '-L', 'gone', '--json')
    expect([code, err]).toEqual([1, ''])
    expect(events.at(-1)).toMatchObject({
      type: 'failed',
      error: { code: 'library-missing', message: expect.any(String), fix: expect.any(String) },
    })
  })
})

describe('Ctrl+C', () => {
  it('stops an import within a second and keeps the library whole', async () => {
    const abort = new AbortController()
    terminal.photos('many', { pebbles: 200, tiles: 200 })
    setTimeout(() => abort.abort(new Error('Stopped.')), 300)
    const { code } = await terminal.runUntil(abort.signal, 'import', 'many', '-L', 'many')
    expect([0, 130]).toContain(code)
    const again = await terminal.run('import', 'many', '-L', 'many', '--json')
    expect(again.events.find(({ type }) => type === 'library')).toMatchObject({ summary: { photos: 400, broken: 0 } })
  })
})
