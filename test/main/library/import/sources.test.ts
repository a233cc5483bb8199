// CSV lists and ZIP archives as what is imported: the same classes and splits as folders, nothing written outside,
// damage told.

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { crc32, deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCsv } from '../../../../src/main/formats/csv-reader.ts'
import { previewImport } from '../../../../src/main/library/import/import-preview.ts'
import { unpackZip } from '../../../../src/main/library/files/unpack.ts'
import { openZip } from '../../../../src/main/formats/zip.ts'
import { png, startApp, writeFiles } from '../app.ts'
import { failure, temporaryFolder } from '../helpers.ts'

const by = { jobId: 1, signal: new AbortController().signal }

interface Packed {
  readonly name: string | Uint8Array
  readonly data: Uint8Array
  readonly stored?: boolean
  readonly crc?: number
  readonly size?: number
  readonly flags?: number
}

/** A large archive whose end lies where no file reaches. */
function pointingNowhere(): Buffer {
  const whole = zipOf([{ name: 'cat/a.png', data: png(1) }], true)
  whole.writeBigUInt64LE(2n ** 63n, whole.length - 22 - 20 + 8)
  return whole
}

/** A ZIP written plainly after the specification; `zip64` writes the end as large archives have it. */
function zipOf(files: readonly Packed[], zip64 = false): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name, data, stored = false, crc = crc32(data), size = data.length, flags = 0 } of files) {
    const bytes = Buffer.from(name as string)
    const packed = stored ? Buffer.from(data) : deflateRawSync(data)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(flags, 2)
    common.writeUInt16LE(stored ? 0 : 8, 4)
    common.writeUInt32LE(crc, 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(size, 18)
    common.writeUInt16LE(bytes.length, 22)
    const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), common, bytes, packed])
    const entry = Buffer.concat([Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), common, Buffer.alloc(14), bytes])
    entry.writeUInt32LE(at, 42)
    parts.push(local)
    directory.push(entry)
    at += local.length
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt32LE(zip64 ? 0xffffffff : list.length, 12)
  end.writeUInt32LE(zip64 ? 0xffffffff : at, 16)
  return Buffer.concat([...parts, list, ...(zip64 ? [end64(list.length, at)] : []), end])
}

function end64(length: number, at: number): Buffer {
  const record = Buffer.alloc(76)
  record.writeUInt32LE(0x06064b50, 0)
  record.writeBigUInt64LE(44n, 4)
  record.writeBigUInt64LE(BigInt(length), 40)
  record.writeBigUInt64LE(BigInt(at), 48)
  record.writeUInt32LE(0x07064b50, 56)
  record.writeBigUInt64LE(BigInt(at + length), 64)
  return record
}

function zipFile(files: readonly Packed[], zip64 = false): string {
  const path = join(temporaryFolder(), 'set.zip')
  writeFileSync(path, zipOf(files, zip64))
  return path
}

const text = (value: string) => Buffer.from(value)

describe('parsing CSV', () => {
  it('gives back any table that was written with quotes', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r\n', ' ', '강', '\t') })
    const table = fc
      .integer({ min: 2, max: 4 })
      .chain(width => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 }))
    fc.assert(
      fc.property(table, rows => {
        const header = rows[0]!.map((_, i) => `c${i}`)
        const written = [header, ...rows]
          .map(row => row.map(value => `"${value.replaceAll('"', '""')}"`).join(','))
          .join('\n')
        expect(parseCsv(written).map(row => row.cells)).toEqual(
          [header, ...rows].filter(row => row.some(value => value !== '')),
        )
      }),
    )
  })

  it('takes bare cells, a byte order mark, either line end and the separator of the first line', () => {
    expect(parseCsv('\uFEFFpath;label\r\na b.jpg;cat\n\n"x;y.jpg";\n')).toEqual([
      { line: 1, cells: ['path', 'label'] },
      { line: 2, cells: ['a b.jpg', 'cat'] },
      { line: 4, cells: ['x;y.jpg', ''] },
    ])
  })
})

describe('parsing a large CSV', () => {
  it('whose quote is closed late or never takes it for one cell, however long', () => {
    const long = 'photo.jpg,cat\n'.repeat(1_500_000)
    for (const text of [`path,label\n"${long}`, `path,label\n"${long}",`]) {
      const rows = parseCsv(text)
      expect(rows.map(({ line, cells }) => [line, cells[0]!.length])).toEqual([
        [1, 4],
        [2, long.length],
      ])
    }
    const [, row] = parseCsv(`path,label\n"${long}",cat\n`, { strict: true })
    expect(row!.cells.map(cell => cell.length)).toEqual([long.length, 3])
  })
})

describe('a CSV list', () => {
  it('is imported with its labels and splits, wherever the photos lie, and lists what is missing', async () => {
    const elsewhere = writeFiles(temporaryFolder(), { 'far.png': png(3) })
    const folder = writeFiles(temporaryFolder(), { 'a.png': png(1), 'deep/b.png': png(2) })
    const list = join(folder, 'list.csv')
    writeFileSync(
      list,
      `label,path,split\n${'강아지'.normalize('NFD')},a.png,train\n강아지,deep/b.png,val\n,${join(elsewhere, 'far.png')},\ncat,gone.png,test\ncat,a.png,test\n`,
    )
    const app = startApp()
    await app.client.request('libraries.create', { name: 'csv' })
    const folderIds = [await app.service.grantFolder(list)]
    expect(await app.client.request('import.preview', { folderIds })).toEqual({
      photos: 4,
      skipped: 0,
      classes: [
        { name: 'cat', photos: 1 },
        { name: '강아지', photos: 2 },
      ],
      splits: [
        { name: 'train', photos: 1 },
        { name: 'validation', photos: 1 },
        { name: 'test', photos: 1 },
      ],
      skippedFolders: [],
      other: null,
    })
    expect(await app.importFolders(list)).toMatchObject({ state: 'done', result: { imported: 3, broken: 1 } })
    const { photos } = await app.client.request('photos.page', { filter: {}, sort: 'name', offset: 0, limit: 10 })
    expect(photos.map(({ name, className, split, usable }) => [name, className, split, usable])).toEqual([
      ['a.png', '강아지', 'train', true],
      ['b.png', '강아지', 'validation', true],
      ['far.png', null, null, true],
      ['gone.png', 'cat', 'test', false],
    ])
    expect(photos[3]!.problems.map(problem => problem.code)).toEqual(['missing'])
  })

  it('without a header takes path, label, split; a line that cannot be meant is named', async () => {
    const folder = temporaryFolder()
    const write = (content: string) => {
      writeFileSync(join(folder, 'l.csv'), content)
      return previewImport([join(folder, 'l.csv')])
    }
    expect(await write('x.jpg,cat\ny.jpg,dog,test\n')).toMatchObject({
      photos: 2,
      classes: [{ name: 'cat' }, { name: 'dog' }],
      splits: [{ name: 'test' }],
    })
    expect((await failure(write('path,label,split\nx.jpg,cat,tset\n'))).message).toContain(
      'line 2 has the split "tset"',
    )
    expect((await failure(write('path,label\n,cat\n'))).message).toContain('line 2 names no file')
    expect(await failure(write(''))).toMatchObject({ code: 'bad-csv' })
  })

  it('finds photos whose names are composed otherwise on the disk, as those of a Mac are', async () => {
    const folder = writeFiles(temporaryFolder(), {
      ['고양이/나비 é.png'.normalize('NFD')]: png(1),
      ['고양이/나비 2.png'.normalize('NFC')]: png(2),
    })
    writeFileSync(
      join(folder, 'list.csv'),
      `path,label\n${'고양이/나비 é.png'.normalize('NFC')},cat\n${'고양이/나비 2.png'.normalize('NFD')},cat\n`,
    )
    const app = startApp()
    await app.client.request('libraries.create', { name: 'composed' })
    expect(await app.importFolders(join(folder, 'list.csv'))).toMatchObject({ result: { imported: 2, broken: 0 } })
  })
})

describe('a ZIP', () => {
  it('is previewed without unpacking and imported as its folders, with names of any origin', async () => {
    const korean = Buffer.concat([
      text('set/train/'),
      Buffer.from([0xb0, 0xad, 0xbe, 0xc6, 0xc1, 0xf6]),
      text('/b.png'),
    ])
    const path = zipFile([
      { name: 'set/', data: text('') },
      { name: `set/train/${'강아지'.normalize('NFD')}/a.png`, data: png(1) },
      { name: korean, data: png(2), stored: true },
      { name: 'set/test/cat/c.png', data: png(3) },
      { name: 'set/README.md', data: text('hello') },
      { name: '__MACOSX/set/train/._a.png', data: text('x') },
    ])
    const app = startApp()
    await app.client.request('libraries.create', { name: 'zip' })
    const preview = await app.client.request('import.preview', { folderIds: [await app.service.grantFolder(path)] })
    expect(preview).toMatchObject({
      photos: 3,
      classes: [
        { name: 'cat', photos: 1 },
        { name: '강아지', photos: 2 },
      ],
      splits: [
        { name: 'train', photos: 2 },
        { name: 'test', photos: 1 },
      ],
    })
    expect(await app.importFolders(path)).toMatchObject({ state: 'done', result: { imported: 3 } })
    expect(await app.importFolders(path)).toMatchObject({ state: 'done', result: { already: 3 } })
    const summary = await app.client.request('library.current', {})
    expect(summary!.classes).toMatchObject([
      { name: 'cat', photos: 1 },
      { name: '강아지', photos: 2 },
    ])
    expect(readdirSync(join(app.folder, 'libraries', 'zip.winnow', 'imports'))).toHaveLength(1)
  })

  it('reads what other programs write, also with the end record of large archives', async () => {
    const folder = writeFiles(temporaryFolder(), { 'cat/a.png': png(1), 'dog/b.png': png(2) })
    execFileSync('python3', ['-m', 'zipfile', '-c', join(folder, 'p.zip'), join(folder, 'cat'), join(folder, 'dog')])
    expect(await previewImport([join(folder, 'p.zip')])).toMatchObject({
      photos: 2,
      classes: [{ name: 'cat' }, { name: 'dog' }],
    })
    expect(await previewImport([zipFile([{ name: 'cat/a.png', data: png(1) }], true)])).toMatchObject({ photos: 1 })
  })

  it('of many entries, small, large and empty, is unpacked without a word from Node', async () => {
    const warnings: string[] = []
    const hear = (warning: Error) => warnings.push(warning.message)
    process.on('warning', hear)
    const large = Buffer.from(Array.from({ length: 700_000 }, (_, i) => (i * 7919) % 251))
    const files = Array.from({ length: 24 }, (_, i) => ({
      name: `cat/${i}.png`,
      data: i === 3 ? text('') : i % 8 === 0 ? large : png(i),
      stored: i % 2 === 0,
    }))
    const target = await unpackZip(zipFile(files), join(temporaryFolder(), 'imports'), by)
    for (const { name, data } of files) expect(readFileSync(join(target, name)).equals(data), name).toBe(true)
    await new Promise(resolve => setImmediate(resolve))
    process.off('warning', hear)
    expect(warnings).toEqual([])
  })

  it('is unpacked whole by two jobs at once, and by one that begins again where it was killed', async () => {
    const imports = join(temporaryFolder(), 'imports')
    const path = zipFile(Array.from({ length: 30 }, (_, i) => ({ name: `cat/${i}.png`, data: png(i) })))
    mkdirSync(imports)
    const killed = await unpackZip(path, imports, by)
    renameSync(killed, join(imports, `.${killed.slice(-8)}-1.partial`))
    const [one, two] = await Promise.all([unpackZip(path, imports, by), unpackZip(path, imports, { ...by, jobId: 2 })])
    expect(one).toBe(two)
    expect(readdirSync(imports)).toEqual([basename(one)])
    for (let i = 0; i < 30; i++) expect(readFileSync(join(one, 'cat', `${i}.png`)).equals(png(i))).toBe(true)
  })

  it('that was being unpacked when the program ended leaves nothing behind once the library is opened again', async () => {
    const app = startApp()
    const { id } = await app.client.request('libraries.create', { name: 'killed' })
    const folder = join(app.folder, 'libraries', 'killed.winnow')
    for (const place of ['imports', 'cache/classify'])
      writeFiles(join(folder, place), { '.1a2b3c4d-7.partial/cat/a.png': png(1), 'whole/cat/a.png': png(1) })
    await app.client.request('libraries.create', { name: 'other' })
    await app.client.request('libraries.open', { id })
    for (const place of ['imports', 'cache/classify']) expect(readdirSync(join(folder, place))).toEqual(['whole'])
  })

  it('without photos is refused with a sentence', async () => {
    const app = startApp()
    await app.client.request('libraries.create', { name: 'none' })
    const { error } = await app.importFolders(zipFile([{ name: 'cat/a.txt', data: text('x') }]))
    expect(error).toMatchObject({ code: 'no-photos' })
  })

  it('is read with backslashes between folders, and through two wrappers', async () => {
    const names = ['train\\cat\\1.png', 'train\\dog\\2.png', 'test\\cat\\3.png'].map(name => `.\\a\\b\\${name}`)
    const preview = await previewImport([zipFile(names.map(name => ({ name, data: png(1) })))])
    expect(preview).toMatchObject({
      photos: 3,
      classes: [
        { name: 'cat', photos: 2 },
        { name: 'dog', photos: 1 },
      ],
      splits: [
        { name: 'train', photos: 2 },
        { name: 'test', photos: 1 },
      ],
    })
  })

  it('writes nothing outside its folder, whatever its names are', async () => {
    const parent = temporaryFolder()
    const names = [
      '../up.png',
      'a/../../up.png',
      '/abs.png',
      '..\\up.png',
      'C:\\x.png',
      'a//b.png',
      './dot.png',
      'ok/in.png',
      '.hidden/x.png',
      'nul\0.png',
    ]
    const target = await unpackZip(zipFile(names.map(name => ({ name, data: png(1) }))), join(parent, 'imports'), by)
    expect(readdirSync(parent)).toEqual(['imports'])
    expect(readdirSync(target, { recursive: true }).sort()).toEqual(['abs.png', 'dot.png', 'ok', 'ok/in.png'])
    expect(
      createHash('sha256')
        .update(readFileSync(join(target, 'ok/in.png')))
        .digest('hex'),
    ).toBe(createHash('sha256').update(png(1)).digest('hex'))
  })

  it('with names longer than this disk takes, as other systems make them, is unpacked whole', async () => {
    const long = '강아지'.repeat(40)
    const target = await unpackZip(
      zipFile([1, 2, 3].map(i => ({ name: `${i < 3 ? 'cat' : long}/${long}${i}.png`, data: png(i) }))),
      join(temporaryFolder(), 'imports'),
      by,
    )
    const files = readdirSync(target, { recursive: true })
      .map(String)
      .filter(name => name.endsWith('.png'))
    expect(files).toHaveLength(3)
    for (const name of files) expect(name).toMatch(/(cat|강아지.*)\/강아지.*-[\da-f]{8}\.png$/)
  })

  it('that is damaged, cut off, locked or lies about its sizes is refused with a sentence and leaves nothing half unpacked', async () => {
    const imports = join(temporaryFolder(), 'imports')
    const good = { name: 'cat/a.png', data: png(1) }
    const whole = zipOf([good])
    const cases: readonly [string, Buffer][] = [
      ['bad-zip', whole.subarray(0, whole.length - 30)],
      ['bad-zip', text('PK not at all')],
      ['bad-zip', zipOf([good, { name: 'cat/b.png', data: png(2), crc: 1 }])],
      ['bad-zip', zipOf([{ name: 'cat/bomb.png', data: Buffer.alloc(1_000_000), size: 10 }])],
      ['bad-zip', pointingNowhere()],
      ['zip-encrypted', zipOf([{ ...good, flags: 1 }])],
    ]
    for (const [code, bytes] of cases) {
      const path = join(temporaryFolder(), 'bad.zip')
      writeFileSync(path, bytes)
      expect(await failure(unpackZip(path, imports, by))).toMatchObject({ code })
      expect(existsSync(imports) ? readdirSync(imports) : []).toEqual([])
    }
  })

  it('with any byte changed is read, refused or read with a refused entry, and nothing else', async () => {
    const whole = zipOf([
      { name: 'cat/a.png', data: png(1) },
      { name: 'dog/b.txt', data: text('some text') },
    ])
    const path = join(temporaryFolder(), 'fuzz.zip')
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const bytes = Buffer.from(whole)
        bytes[at] = bytes[at]! ^ by
        writeFileSync(path, bytes)
        try {
          const zip = await openZip(path)
          try {
            for (const entry of zip.entries) await buffer(await zip.read(entry))
          } finally {
            await zip.close()
          }
        } catch (error) {
          expect(['bad-zip', 'zip-encrypted', 'zip-method']).toContain((error as { code?: string }).code)
        }
      }),
      { numRuns: 150 },
    )
  })
})
