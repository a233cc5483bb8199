// ZIP archives as what is imported: the same classes and splits as folders, nothing written outside, damage told.

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { crc32, deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import type { TextEncoding } from '../../../../src/main/formats/text-encoding.ts'
import { previewImport } from '../../../../src/main/library/import/import-preview.ts'
import { unpackZip } from '../../../../src/main/library/files/unpack.ts'
import { openZip } from '../../../../src/main/formats/zip.ts'
import { png, startApp, writeFiles } from '../app.ts'
import { failure, temporaryFolder } from '../helpers.ts'

const by = { jobId: 1, signal: new AbortController().signal }

interface Packed {
  readonly extra?: Buffer
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
  for (const {
    name,
    data,
    stored = false,
    crc = crc32(data),
    size = data.length,
    flags = 0,
    extra = Buffer.alloc(0),
  } of files) {
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
    common.writeUInt16LE(extra.length, 24)
    const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), common, bytes, extra, packed])
    const entry = Buffer.concat([Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), common, Buffer.alloc(14), bytes, extra])
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

  it.each<[string, TextEncoding, readonly [string, string]]>([
    ['of a DOS program', 'cp437', ['café', 'Äpfel']],
    ['of Korean Windows', 'cp949', ['강아지', '고양이']],
    ['of Japanese Windows', 'shift_jis', ['犬', 'ねこ']],
    ['of Chinese Windows', 'gbk', ['苹果', '香蕉']],
    ['of western Windows', 'windows-1252', ['Bär', 'œuvre d’été']],
    ['of a Mac, without the flag', 'utf-8', ['강아지'.normalize('NFD'), 'cafe\u0301']],
  ])('has the names %s, and says how they are read', async (_name, encoding, names) => {
    const files = names.map((name, i) => ({
      name: iconv.encode(`${name}/사진.png`.replace('사진', 'p'), encoding),
      data: png(i),
    }))
    const { classes, notes } = await previewImport([zipFile(files)])
    expect(classes.map(({ name }) => name).sort()).toEqual(names.map(name => name.normalize('NFC')).sort())
    expect(notes).toEqual(
      encoding === 'utf-8'
        ? []
        : [
            {
              code: 'zip-encoding',
              values: { name: 'set.zip', encoding },
              text: `The names in set.zip do not say how they are written; they are read as ${encoding}.`,
            },
          ],
    )
  })

  it('says its names in UTF-8 by a flag or beside them, which counts while it belongs to the name', async () => {
    const plain = Buffer.from('???/1.png')
    const beside = (name: string, of: Uint8Array) => {
      const field = Buffer.alloc(9)
      field.writeUInt16LE(0x7075, 0)
      field.writeUInt16LE(5 + Buffer.byteLength(name), 2)
      field[4] = 1
      field.writeUInt32LE(crc32(of), 5)
      return Buffer.concat([field, Buffer.from(name)])
    }
    const { classes, notes } = await previewImport([
      zipFile([
        { name: plain, data: png(1), extra: beside('고양이/1.png', plain) },
        { name: 'old/2.png', data: png(2), extra: beside('개/2.png', text('another name')) },
        { name: 'é/3.png', data: png(3), flags: 0x800 },
      ]),
    ])
    expect(classes.map(({ name }) => name)).toEqual(['old', 'é', '고양이'])
    expect(notes).toEqual([])
  })

  it('tells by kind what it holds beside photos, and the sum closes', async () => {
    const files = [
      { name: 'cat/a.png', data: png(1) },
      { name: 'cat/a.png', data: png(2) },
      { name: 'cat/vast.png', data: text('x'), size: 3_000_000_000 },
      { name: 'inner.zip', data: text('PK') },
      { name: 'cat/.hidden.png', data: text('x') },
      { name: '../../evil.png', data: text('x') },
      { name: 'notes.txt', data: text('x') },
      { name: '__MACOSX/cat/._a.png', data: text('x') },
      { name: 'cat/@eaDir/a.png/thumb.jpg', data: text('x') },
      { name: 'cat/@eaDir/b.png/thumb.jpg', data: text('x') },
    ]
    const path = zipFile(files)
    const preview = await previewImport([path])
    expect(preview.skippedFiles).toEqual([
      { reason: 'same-name', files: 1, example: 'cat/a.png' },
      { reason: 'too-large', files: 1, example: 'cat/vast.png' },
      { reason: 'archive', files: 1, example: 'inner.zip' },
      { reason: 'hidden', files: 1, example: 'cat/.hidden.png' },
      { reason: 'outside', files: 1, example: '../../evil.png' },
      { reason: 'not-a-photo', files: 1, example: 'notes.txt' },
    ])
    expect(preview.skippedFolders).toEqual([
      { path: '__MACOSX', reason: 'system', files: 1 },
      { path: 'cat/@eaDir', reason: 'system', files: 2 },
    ])
    expect(preview.photos + preview.skipped + 3).toBe(files.length)
    const app = startApp()
    await app.client.request('libraries.create', { name: 'kinds' })
    expect(await app.importFolders(path)).toMatchObject({
      state: 'done',
      result: { imported: 1, broken: 0, skipped: 6 },
    })
  })

  it('beside a list is labelled by it, as competitions give their photos', async () => {
    const path = zipFile([
      { name: 'train/000a.png', data: png(1) },
      { name: 'train/000b.png', data: png(2) },
      { name: 'train/000c.png', data: png(3) },
    ])
    const list = join(temporaryFolder(), 'labels.csv')
    writeFileSync(list, 'id,breed\n000a,dingo\n000b,boston_bull\n')
    const app = startApp()
    await app.client.request('libraries.create', { name: 'kaggle' })
    const folderIds = [await app.service.grantFolder(path), await app.service.grantFolder(list)]
    expect(await app.client.request('import.preview', { folderIds })).toMatchObject({
      photos: 3,
      classes: [
        { name: 'boston_bull', photos: 1 },
        { name: 'dingo', photos: 1 },
      ],
      splits: [{ name: 'train', photos: 1 }],
    })
    expect(await app.importFolders(path, list)).toMatchObject({ state: 'done', result: { imported: 3, broken: 0 } })
    expect(await app.client.request('classes.list', {})).toMatchObject([
      { name: 'boston_bull', photos: 1 },
      { name: 'dingo', photos: 1 },
    ])
  })

  it('that holds only archives says that they are not opened', async () => {
    const { code, fix } = await failure(previewImport([zipFile([{ name: 'a/cat.zip', data: text('PK') }])]))
    expect({ code, fix }).toEqual({
      code: 'no-photos',
      fix: 'Archives inside are not opened, such as a/cat.zip: unpack them, or import them by themselves.',
    })
  })

  it('that cannot be read says what it is', async () => {
    const whole = zipOf([{ name: 'cat/a.png', data: png(1) }])
    const split = Buffer.from(whole)
    split.writeUInt16LE(3, split.length - 18)
    const some = zipOf([
      { name: 'cat/a.png', data: png(1), flags: 1 },
      { name: 'cat/b.png', data: png(2) },
    ])
    const cases: readonly [Buffer, RegExp][] = [
      [whole.subarray(0, whole.length - 30), /it is cut off/],
      [text('Rar!\x1a\x07\x01\0rest'), /it is a RAR archive/],
      [Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]), /it is a GZIP file/],
      [Buffer.alloc(0), /it is empty/],
      [text('plain'), /it is no ZIP archive/],
      [split, /one part of an archive in several/],
      [some, /locked with a password: 1 of its 2 entries/],
    ]
    for (const [bytes, message] of cases) {
      const path = join(temporaryFolder(), 'bad.zip')
      writeFileSync(path, bytes)
      expect((await failure(previewImport([path]))).message).toMatch(message)
    }
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
