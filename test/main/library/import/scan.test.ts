// What a folder says of its files: class, split, and what is passed over.

import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ImportLayout, SkippedFolder } from '../../../../src/contract/records.ts'
import { previewImport } from '../../../../src/main/library/import/import-preview.ts'
import { scanFolder } from '../../../../src/main/library/import/scan.ts'
import { isPhoto, isSkipped, type ScannedFile, type SkippedFile } from '../../../../src/main/library/import/steps.ts'
import { writeFiles } from '../app.ts'
import { failure, temporaryFolder } from '../helpers.ts'

async function scan(folder: string, layout?: ImportLayout) {
  const found = { files: [] as ScannedFile[], skipped: [] as SkippedFile[], folders: [] as SkippedFolder[] }
  for await (const step of scanFolder(folder, { layout })) {
    if (isPhoto(step)) found.files.push(step)
    else if (isSkipped(step)) found.skipped.push(step)
    else found.folders.push(step.leftOut)
  }
  return found
}

const tell = ({ files }: { files: readonly ScannedFile[] }) =>
  files.map(({ path, className, split }) => `${path} ${className} ${split}`)

describe('class and split', () => {
  it('come from the first folders, however deep the file lies', async () => {
    const folder = writeFiles(join(temporaryFolder(), 'set'), {
      'loose.jpg': '',
      'cat/1.jpg': '',
      'cat/old/2.JPG': '',
      'train/dog/3.png': '',
      'VAL/dog/4.webp': '',
      'valid/dog/5.gif': '',
      'validation/dog/6.avif': '',
      'test/7.bmp': '',
      'test/train/8.tif': '',
    })
    expect(tell(await scan(folder))).toEqual([
      'VAL/dog/4.webp dog validation',
      'cat/1.jpg cat null',
      'cat/old/2.JPG cat null',
      'loose.jpg null null',
      'test/7.bmp null test',
      'test/train/8.tif train test',
      'train/dog/3.png dog train',
      'valid/dog/5.gif dog validation',
      'validation/dog/6.avif dog validation',
    ])
  })

  it('do not come from a library that lies among the photos', async () => {
    const folder = writeFiles(join(temporaryFolder(), 'set'), {
      'cat/1.jpg': '',
      'dog/2.jpg': '',
      'mine.winnow/library.db-wal': '',
      'mine.winnow/cache/thumbnails/thumbnails.data': '',
    })
    expect(await scan(folder)).toMatchObject({ files: [{ className: 'cat' }, { className: 'dog' }], skipped: [] })
    const wrapped = writeFiles(join(temporaryFolder(), 'photos'), {
      'pets/cat/1.jpg': '',
      'pets/dog/2.jpg': '',
      'pets.winnow/library.db': '',
    })
    expect(tell(await scan(wrapped))).toEqual(['pets/cat/1.jpg cat null', 'pets/dog/2.jpg dog null'])
  })

  it('come from the name of the chosen folder where that is a split', async () => {
    const folder = writeFiles(join(temporaryFolder(), 'train'), { 'cat/1.jpg': '' })
    expect(tell(await scan(folder))).toEqual(['cat/1.jpg cat train'])
  })

  it('look through a folder that only wraps the others, but not through a single class', async () => {
    const wrapped = writeFiles(temporaryFolder(), { 'photos/cat/1.jpg': '', 'photos/dog/2.jpg': '', 'README.md': '' })
    expect(tell(await scan(wrapped))).toEqual(['photos/cat/1.jpg cat null', 'photos/dog/2.jpg dog null'])
    const single = writeFiles(temporaryFolder(), { 'cat/1.jpg': '', 'cat/old/2.jpg': '' })
    expect(tell(await scan(single))).toEqual(['cat/1.jpg cat null', 'cat/old/2.jpg cat null'])
  })

  it('are the same for a composed and a decomposed Hangul name, while the path stays as it is on disk', async () => {
    const decomposed = '강아지'.normalize('NFD')
    const folder = writeFiles(temporaryFolder(), { '강아지/1.jpg': '', [`${decomposed}/2.jpg`]: '' })
    const { files } = await scan(folder)
    expect(new Set(files.map(file => file.className))).toEqual(new Set(['강아지']))
    expect(files.map(file => file.path).sort()).toEqual(['강아지/1.jpg', `${decomposed}/2.jpg`].sort())
    expect((await previewImport([folder])).classes).toEqual([{ name: '강아지', photos: 2 }])
  })
})

/** Class and split of each file, without its name. */
const placed = async (files: readonly string[], name = 'set', layout?: ImportLayout) => {
  const folder = writeFiles(join(temporaryFolder(), name), Object.fromEntries(files.map(file => [file, ''])))
  return tell(await scan(folder, layout)).map(line => line.split(' ').slice(-2).join(' '))
}
const unique = (lines: readonly string[]) => [...new Set(lines)].sort()

describe('names of splits', () => {
  it('are classes where the folder holds mere photos beside other classes', async () => {
    const found = await placed(['bus/1.jpg', 'car/2.jpg', 'ship/3.jpg', 'train/4.jpg'])
    expect(found).toEqual(['bus null', 'car null', 'ship null', 'train null'])
  })

  it('are splits where every folder is one, with or without classes in them', async () => {
    expect(await placed(['train/1.jpg', 'test/2.jpg'])).toEqual(['null test', 'null train'])
    expect(await placed(['train/cat/1.jpg', 'test/cat/2.jpg'])).toEqual(['cat test', 'cat train'])
  })

  it.each([
    ['train_set', 'test_set', 'train', 'test'],
    ['training images', 'holdout', 'train', 'test'],
    ['Train', 'dev', 'train', 'validation'],
    ['TrainData', 'eval', 'train', 'validation'],
  ])('%s and %s', async (one, two, first, second) => {
    const found = unique(await placed([`${one}/cat/1.jpg`, `${two}/dog/2.jpg`]))
    expect(found).toEqual([`cat ${first}`, `dog ${second}`])
  })

  it('are found below any number of wrappers, beside what systems leave there', async () => {
    const files = ['train/cat/1.jpg', 'train/dog/2.jpg', 'test/cat/3.jpg'].map(file => `archive/data/set/${file}`)
    const found = await placed([...files, 'archive/__MACOSX/x.jpg', 'archive/data/.hidden/y.jpg'])
    expect(unique(found)).toEqual(['cat test', 'cat train', 'dog train'])
  })

  it.each<[string, readonly string[], readonly string[]]>([
    [
      'seg_train and seg_test',
      ['seg_train/cat/1.jpg', 'seg_train/dog/2.jpg', 'seg_test/cat/3.jpg'],
      ['cat test', 'cat train', 'dog train'],
    ],
    [
      'a split in a split of its name',
      [
        'training_set/training_set/cat/1.jpg',
        'training_set/training_set/dog/2.jpg',
        'test_set/test_set/cat/3.jpg',
        'test_set/test_set/dog/4.jpg',
      ],
      ['cat test', 'cat train', 'dog test', 'dog train'],
    ],
    [
      'train and test1 of photos in folders of their names',
      ['train/train/1.jpg', 'test1/test1/2.jpg'],
      ['null test', 'null train'],
    ],
    ['한국어', ['학습/cat/1.jpg', '검증/cat/2.jpg', '시험/dog/3.jpg'], ['cat train', 'cat validation', 'dog test']],
    [
      'hold-out and dev set',
      ['hold-out/cat/1.jpg', 'dev set/cat/2.jpg', 'train split/cat/3.jpg'],
      ['cat test', 'cat train', 'cat validation'],
    ],
    ['wrappers beside documents', ['a/docs/x.txt', 'a/set/cat/1.jpg', 'a/set/dog/2.jpg'], ['cat null', 'dog null']],
    [
      'a wrapper beside a stray photo',
      ['a/sample.jpg', 'a/set/cat/1.jpg', 'a/set/dog/2.jpg'],
      ['cat null', 'dog null', 'null null'],
    ],
    ['a folder that only holds the photos', ['train/images/1.jpg', 'test/images/2.jpg'], ['null test', 'null train']],
    [
      'classes, some of them with splits',
      ['cat/train/1.jpg', 'cat/test/2.jpg', 'dog/train/3.jpg', 'dog/test/4.jpg', 'owl/5.jpg'],
      ['cat test', 'cat train', 'dog test', 'dog train', 'owl null'],
    ],
    [
      'things that end in train',
      ['steam train/1.jpg', 'bullet train/2.jpg', 'tram/3.jpg'],
      ['bullet train null', 'steam train null', 'tram null'],
    ],
    ['a class test among others', ['crash/1.jpg', 'test/2.jpg', 'val/3.jpg'], ['crash null', 'test null', 'val null']],
  ])('of other data sets: %s', async (_name, files, right) => {
    const folder = writeFiles(join(temporaryFolder(), 'set'), Object.fromEntries(files.map(file => [file, ''])))
    const found = (await scan(folder)).files.map(({ className, split }) => `${className} ${split}`)
    expect(unique(found)).toEqual(right)
  })

  it('are found inside classes', async () => {
    const found = await placed(['cat/train/1.jpg', 'cat/test/2.jpg', 'dog/train/3.jpg', 'dog/test/4.jpg'])
    expect(unique(found)).toEqual(['cat test', 'cat train', 'dog test', 'dog train'])
    expect(unique(await placed(['cat/old/1.jpg', 'dog/2.jpg']))).toEqual(['cat null', 'dog null'])
  })

  it('can be read the other way when a person asks', async () => {
    const files = ['train/cat/1.jpg', 'bus/2.jpg']
    expect(await placed(files)).toEqual(['bus null', 'cat train'])
    expect(await placed(files, 'set', 'classes')).toEqual(['bus null', 'train null'])
    expect(await placed(['train/1.jpg', 'test/2.jpg', 'bus/3.jpg'], 'set', 'splits')).toEqual([
      'bus null',
      'null test',
      'null train',
    ])
  })
})

describe('several sources', () => {
  it('of mere photos are classes, as a shell writes photos/*', async () => {
    const folder = writeFiles(temporaryFolder(), { 'bus/1.jpg': '', 'train/2.jpg': '', 'train/3.jpg': '' })
    const { classes, splits, other } = await previewImport([join(folder, 'bus'), join(folder, 'train')])
    expect(classes).toEqual([
      { name: 'bus', photos: 1 },
      { name: 'train', photos: 2 },
    ])
    expect({ splits, other }).toEqual({ splits: [], other: null })
  })

  it('beside documents, and with folders in some of them, are classes too', async () => {
    const folder = writeFiles(temporaryFolder(), {
      'bus/1.jpg': '',
      'car/2.jpg': '',
      'ship/old/3.jpg': '',
      'notes.txt': '',
      'one.jpg': '',
    })
    const all = readdirSync(folder).map(name => join(folder, name))
    expect(await previewImport(all)).toMatchObject({
      photos: 4,
      skipped: 1,
      classes: [{ name: 'bus' }, { name: 'car' }, { name: 'ship' }],
    })
    const splits = writeFiles(temporaryFolder(), { 'train/cat/1.jpg': '', 'test/cat/2.jpg': '', 'other/3.jpg': '' })
    expect(await previewImport(readdirSync(splits).map(name => join(splits, name)))).toMatchObject({
      classes: [
        { name: 'cat', photos: 2 },
        { name: 'other', photos: 1 },
      ],
      splits: [{ name: 'train' }, { name: 'test' }],
    })
  })

  it('made of links to class folders keep their classes', async () => {
    const folder = writeFiles(temporaryFolder(), {
      'store/cat/1.jpg': '',
      'store/dog/2.jpg': '',
      'a/x.txt': '',
      'b/x.txt': '',
    })
    symlinkSync(join(folder, 'store', 'cat'), join(folder, 'a', 'cat'))
    symlinkSync(join(folder, 'store', 'dog'), join(folder, 'b', 'dog'))
    const { classes } = await previewImport([join(folder, 'a'), join(folder, 'b')])
    expect(classes.map(({ name }) => name)).toEqual(['cat', 'dog'])
  })
})

describe('links to folders', () => {
  it('are followed once, as data sets made of links are normal', async () => {
    const folder = writeFiles(temporaryFolder(), { 'store/a/1.jpg': '', 'store/b/2.jpg': '', 'set/own/3.jpg': '' })
    for (const [name, target] of [
      ['cat', 'store/a'],
      ['dog', 'store/b'],
      ['again', 'store/b'],
      ['up', '.'],
    ])
      symlinkSync(join(folder, target!), join(folder, 'set', name!))
    const { files, folders } = await scan(join(folder, 'set'))
    expect(files.map(({ path, className }) => `${path} ${className}`)).toEqual([
      'again/2.jpg again',
      'cat/1.jpg cat',
      'own/3.jpg own',
    ])
    expect(folders).toEqual([
      { path: 'dog', reason: 'linked-twice', files: null },
      { path: 'up', reason: 'linked-twice', files: null },
    ])
  })
})

describe('what is passed over', () => {
  it('closes the sum of the files that lie there, whatever their names are', async () => {
    const folder = writeFiles(temporaryFolder(), {
      'cat/1.jpg': '',
      'cat/\uFFFD.jpg': '',
      'cat/more.zip': '',
      '.cache/a/b.jpg': '',
      '.cache/c.txt': '',
      'dog/@eaDir/SYNOPHOTO.jpg': '',
      'dog/2.jpg': '',
    })
    writeFileSync(
      Buffer.concat([Buffer.from(join(folder, 'cat', 'b')), Buffer.from([0xff, 0x2e, 0x6a, 0x70, 0x67])]),
      '',
    )
    mkdirSync(Buffer.concat([Buffer.from(join(folder, 'k')), Buffer.from([0xc0, 0xe5])]))
    const { files, skipped, folders } = await scan(folder)
    expect(files.map(({ path }) => path)).toEqual(['cat/1.jpg', 'cat/\uFFFD.jpg', 'dog/2.jpg'])
    expect(skipped).toEqual([
      { path: 'cat/b\\xff.jpg', skipped: 'bad-name' },
      { path: 'cat/more.zip', skipped: 'archive' },
    ])
    expect(folders).toEqual([
      { path: '.cache', reason: 'hidden', files: 2 },
      { path: 'dog/@eaDir', reason: 'system', files: 1 },
      { path: 'k\\xc0\\xe5', reason: 'bad-name', files: null },
    ])
    const present = execFileSync('find', [folder, '-type', 'f'], { encoding: 'latin1' }).trim().split('\n').length
    expect(files.length + skipped.length + folders.reduce((sum, own) => sum + (own.files ?? 0), 0)).toBe(present)
  })

  it('is counted where it is a file, and named with its reason where it is a folder', async () => {
    const folder = writeFiles(temporaryFolder(), {
      'cat/1.jpg': '',
      'cat/notes.txt': '',
      'cat/Thumbs.db': '',
      'labels.csv': '',
      README: '',
      '.hidden.jpg': '',
      '.git/2.jpg': '',
      'cat/@eaDir/1.jpg': '',
      'cat/no-extension': '',
      'cat/odd.jpg_large': '',
    })
    mkdirSync(join(folder, 'elsewhere', 'deep'), { recursive: true })
    symlinkSync(folder, join(folder, 'cat', 'loop'))
    symlinkSync(join(folder, 'cat', '1.jpg'), join(folder, 'cat', 'link.jpg'))
    execFileSync('mkfifo', [join(folder, 'cat', 'pipe.jpg')])
    const found = await scan(folder)
    expect(found.files.map(file => file.path)).toEqual([
      'cat/1.jpg',
      'cat/link.jpg',
      'cat/no-extension',
      'cat/odd.jpg_large',
    ])
    expect(found.skipped.map(({ path, skipped }) => `${path} ${skipped}`)).toEqual([
      '.hidden.jpg hidden',
      'README not-a-photo',
      'cat/Thumbs.db not-a-photo',
      'cat/notes.txt not-a-photo',
      'cat/pipe.jpg special',
      'labels.csv not-a-photo',
    ])
    expect(found.folders).toEqual([
      { path: '.git', reason: 'hidden', files: 1 },
      { path: 'cat/@eaDir', reason: 'system', files: 1 },
      { path: 'cat/loop', reason: 'linked-twice', files: null },
    ])
  })
})

describe('a preview', () => {
  it('counts classes and splits over several folders', async () => {
    const folder = writeFiles(temporaryFolder(), {
      'a/train/cat/1.jpg': '',
      'a/train/dog/2.jpg': '',
      'a/test/cat/3.jpg': '',
      'b/cat/4.jpg': '',
      'b/list.csv': '',
    })
    expect(await previewImport([join(folder, 'a'), join(folder, 'b')])).toEqual({
      photos: 4,
      already: 0,
      moved: 0,
      relabelled: 0,
      skipped: 1,
      skippedFiles: [{ reason: 'not-a-photo', files: 1, example: join(folder, 'b', 'list.csv') }],
      notes: [],
      classes: [
        { name: 'cat', photos: 3 },
        { name: 'dog', photos: 1 },
      ],
      splits: [
        { name: 'train', photos: 2 },
        { name: 'test', photos: 1 },
      ],
      skippedFolders: [],
      other: null,
    })
  })

  it('offers the other reading with its counts where names allow two', async () => {
    const folder = writeFiles(temporaryFolder(), { 'train/cat/1.jpg': '', 'train/dog/2.jpg': '', 'bus/3.jpg': '' })
    expect(await previewImport([folder])).toMatchObject({
      splits: [{ name: 'train', photos: 2 }],
      other: {
        layout: 'classes',
        splits: [],
        classes: [
          { name: 'bus', photos: 1 },
          { name: 'train', photos: 2 },
        ],
      },
    })
  })

  it('says that a list beside photos without classes is not read', async () => {
    const folder = writeFiles(temporaryFolder(), { '1.jpg': '', '2.jpg': '', 'labels.csv': 'path,label' })
    expect((await previewImport([folder])).notes).toMatchObject([
      { code: 'list-beside', values: { name: 'labels.csv' } },
    ])
  })

  it('says what is wrong with a folder', async () => {
    const folder = writeFiles(temporaryFolder(), { 'only/notes.txt': '' })
    expect(await failure(previewImport([join(folder, 'none')]))).toMatchObject({ code: 'folder-missing' })
    expect(await failure(previewImport([join(folder, 'only', 'notes.txt')]))).toMatchObject({ code: 'not-a-folder' })
    const none = await failure(previewImport([folder]))
    expect(none.code).toBe('no-photos')
    expect(none.message).toContain('1 other file passed over')
  })
})
