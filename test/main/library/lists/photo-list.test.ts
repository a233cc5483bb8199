// Lists of photos as people and data sets write them: which column is what, which file a path means, what is told.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { readPhotoList } from '../../../../src/main/library/lists/photo-list.ts'
import { png, startApp, writeFiles } from '../app.ts'
import { failure, temporaryFolder } from '../helpers.ts'

const files = [
  'images/hat000.jpg',
  'images/shoes000.jpg',
  'images/사진 1.jpg',
  'images/com,ma.jpg',
  'images/Deep/x.PNG',
]

function folderWith(paths: readonly string[] = files): string {
  return writeFiles(temporaryFolder(), Object.fromEntries(paths.map(path => [path, path])))
}

/** The photos of a list that lies beside the folder images: "path label split". */
async function read(text: string | Buffer, { folder = folderWith(), name = 'list.csv', bases = [] as string[] } = {}) {
  writeFileSync(join(folder, name), text)
  const list = await readPhotoList(join(folder, name), bases)
  const photos = list.photos.map(
    ({ path, className, split }) => `${path.replace(`${folder}/`, '')} ${className ?? '-'}${split ? ` ${split}` : ''}`,
  )
  return { ...list, photos }
}
const photosOf = async (...given: Parameters<typeof read>) => (await read(...given)).photos
const both = ['images/hat000.jpg cat', 'images/shoes000.jpg dog']

describe('a list means files', () => {
  it.each([
    ['relative to itself', 'path,label\nimages/hat000.jpg,cat\n./images/shoes000.jpg,dog\n'],
    ['by ids without an ending, below it', 'id,breed\nhat000,cat\nshoes000,dog\n'],
    ['by names alone', 'filename;class\nhat000.jpg;cat\nshoes000.jpg;dog\n'],
    ['with backslashes', 'image,label\nimages\\hat000.jpg,cat\n.\\images\\shoes000.jpg,dog\n'],
    [
      'of another machine',
      'from,to\nC:\\Users\\me\\set\\images\\hat000.jpg,cat\n/kaggle/input/images/shoes000.jpg,dog\n',
    ],
    ['in other capitals', 'path,label\nIMAGES/HAT000.JPG,cat\nImages/Shoes000.jpg,dog\n'],
    ['between tabs', 'path\tlabel\nimages/hat000.jpg\tcat\nimages/shoes000.jpg\tdog\n'],
    ['without a header', 'images/hat000.jpg,cat\nimages/shoes000.jpg,dog\n'],
    ['in any column', 'n,what it is,where\n1,cat,images/hat000.jpg\n2,dog,images/shoes000.jpg\n'],
    ['with quotes and spaces', '"path", "label"\n"images/hat000.jpg", cat\n images/shoes000.jpg ,"dog"\n'],
    ['with ones among zeros', 'image_id,cat,dog\nhat000,1,0\nshoes000,0.0,1.0\n'],
    ['after a line for spreadsheets', 'sep=;\npath;label\nimages/hat000.jpg;cat\nimages/shoes000.jpg;dog\n'],
    ['beside numbers of classes', 'class_id,image,class_name\n0,hat000.jpg,cat\n1,shoes000.jpg,dog\n'],
  ])('%s', async (_name, text) => {
    expect(await photosOf(text)).toEqual(both)
  })

  it('in other encodings, and with other composition of letters', async () => {
    const text = 'path,label\nimages/사진 1.jpg,고양이\nimages/shoes000.jpg,개\n'
    const right = ['images/사진 1.jpg 고양이', 'images/shoes000.jpg 개']
    for (const encoding of ['cp949', 'utf-16le'] as const) {
      const list = await read(iconv.encode(text, encoding, { addBOM: true }))
      expect(list).toMatchObject({ encoding, photos: right })
    }
    expect(await photosOf(text.normalize('NFD'))).toEqual(right)
  })

  it('in the folder of photos that is imported with it, wherever the list lies', async () => {
    const elsewhere = folderWith()
    const list = (text: string) => read(text, { folder: temporaryFolder(), bases: [join(elsewhere, 'images')] })
    const right = [`${elsewhere}/images/hat000.jpg cat`, `${elsewhere}/images/Deep/x.PNG dog`]
    expect((await list('path,label\nhat000.jpg,cat\nDeep/x.png,dog\n')).photos).toEqual(right)
    expect((await list('path,label\nimages/hat000.jpg,cat\nimages/deep/x,dog\n')).photos).toEqual(right)
  })

  it('below other folders than it says, where the end of its path fits one file', async () => {
    const folder = folderWith(['set/c0/a.jpg', 'set/c1/a.jpg', 'set/c1/b c.jpg'])
    const text = `path,label\nC:\\old\\c0\\a.jpg,x\ndata/c1/a.jpg,y\nfile://${folder}/set/c1/b%20c.jpg,z\n`
    expect(await photosOf(text, { folder })).toEqual(['set/c0/a.jpg x', 'set/c1/a.jpg y', 'set/c1/b c.jpg z'])
  })

  it('only where one fits: "test/1.jpg" is not train/1.jpg, and a name that several have is none of them', async () => {
    const folder = folderWith(['train/1.jpg', 'valid/1.jpg', 'train/2.jpg'])
    const list = await read('path,label\ntrain/1.jpg,a\ntest/2.jpg,b\n1.jpg,c\n', { folder })
    expect(list.photos[0]).toBe('train/1.jpg a')
    expect(list.missing).toEqual({ count: 1, first: 'test/2.jpg' })
    expect(list.several).toEqual({ count: 1, first: '1.jpg' })
  })
})

describe('the columns of a list', () => {
  it('give splits by name or by what stands in them', async () => {
    const right = ['images/hat000.jpg cat train', 'images/shoes000.jpg dog validation']
    for (const text of [
      'class index,filepaths,labels,data set\n0,images/hat000.jpg,cat,train\n1,images/shoes000.jpg,dog,valid\n',
      'images/hat000.jpg,cat,train\nimages/shoes000.jpg,dog,val\n',
      'train,cat,images/hat000.jpg\nval,dog,images/shoes000.jpg\n',
    ])
      expect(await photosOf(text)).toEqual(right)
    expect((await failure(read('path,label,split\nhat000.jpg,cat,tset\n'))).message).toMatch(
      /line 2 has the split "tset"/,
    )
  })

  it('hold a first line that is a photo that is gone, which is no header', async () => {
    const { photos, missing } = await read('images/gone.jpg,cat\nimages/hat000.jpg,cat\n')
    expect(photos).toEqual(['images/gone.jpg cat', 'images/hat000.jpg cat'])
    expect(missing).toEqual({ count: 1, first: 'images/gone.jpg' })
  })

  it('that say nothing of use are named', async () => {
    const { unused } = await read('path,width,label\nhat000.jpg,20.5,cat\nshoes000.jpg,30.5,dog\n')
    expect(unused).toEqual(['width'])
  })
})

describe('the labels of a list', () => {
  it('that differ for one photo are all told, the most frequent first', async () => {
    const { photos, conflicts } = await read(
      'path,label\nimages/hat000.jpg,dog\nimages/hat000.jpg,cat\nimages\\hat000.jpg,cat\nimages/shoes000.jpg,dog\n',
    )
    expect(photos).toEqual(both)
    expect(conflicts.map(({ labels }) => labels)).toEqual([
      [
        { name: 'cat', lines: 2 },
        { name: 'dog', lines: 1 },
      ],
    ])
  })

  it('that say that there is none are none', async () => {
    const { photos, noLabel } = await read(
      'path,label\nhat000.jpg,unknown\nshoes000.jpg,N/A\n"com,ma.jpg",\n사진 1.jpg,owl\n',
    )
    expect(photos.map(photo => photo.split(' ').at(-1))).toEqual(['-', '-', '-', 'owl'])
    expect(noLabel).toEqual([
      { word: 'unknown', lines: 1 },
      { word: 'N/A', lines: 1 },
    ])
  })
})

describe('a list is refused', () => {
  it.each([
    [
      'with the line where a quote opens',
      'path,label\n"images/hat000.jpg,cat\nimages/shoes000.jpg,dog\n',
      /Line 2 .*quote/,
    ],
    [
      'with its first line where no path is a file',
      'path,label\nhtt000.jpg,cat\nno/such.jpg,dog\n',
      /none of its 2 paths is a file; the first, in line 2, is "htt000\.jpg"/,
    ],
    ['with the line that names no file', 'path,label\nhat000.jpg,cat\n,cat\n', /line 3 names no file/],
    ['when it is empty', '\n\n', /it is empty/],
    ['when it has a header alone', 'path,label\n', /it names no photo/],
    [
      'when it is a page that says where photos are',
      'path,label\nhttps://example.org/hat000.jpg,cat\n',
      /its path is no file/,
    ],
  ])('%s', async (_name, text, message) => {
    expect(await failure(read(text))).toMatchObject({
      code: 'bad-csv',
      message: expect.stringMatching(message) as string,
    })
  })
})

describe('importing a list', () => {
  const photos = { 'a.png': png(1), 'deep/b.png': png(2) }

  async function appWith(name: string) {
    const app = startApp()
    await app.client.request('libraries.create', { name })
    const preview = async (...paths: string[]) =>
      app.client.request('import.preview', {
        folderIds: await Promise.all(paths.map(path => app.service.grantFolder(path))),
      })
    const labels = async () => {
      const page = await app.client.request('photos.page', { filter: {}, sort: 'name', offset: 0, limit: 10 })
      return page.photos.map(({ name: file, className, split, usable }) => [file, className, split, usable])
    }
    return { ...app, preview, labels }
  }

  it('takes its labels and splits, wherever the photos lie, and lists what is missing', async () => {
    const elsewhere = writeFiles(temporaryFolder(), { 'far.png': png(3) })
    const folder = writeFiles(temporaryFolder(), photos)
    const list = join(folder, 'list.csv')
    writeFileSync(
      list,
      `label,path,split\n${'강아지'.normalize('NFD')},a.png,train\n강아지,deep/b.png,val\n,${join(elsewhere, 'far.png')},\ncat,gone.png,test\n`,
    )
    const app = await appWith('csv')
    expect(await app.preview(list)).toMatchObject({
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
      notes: [{ code: 'list-missing', values: { count: 1, first: 'gone.png' } }],
    })
    expect(await app.importFolders(list)).toMatchObject({ state: 'done', result: { imported: 3, broken: 1 } })
    expect(await app.labels()).toEqual([
      ['a.png', '강아지', 'train', true],
      ['b.png', '강아지', 'validation', true],
      ['far.png', null, null, true],
      ['gone.png', 'cat', 'test', false],
    ])
  })

  it('gives photos of the library its labels as one decision, which can be undone', async () => {
    const folder = writeFiles(temporaryFolder(), { 'cat/a.png': png(1), 'dog/b.png': png(2), 'dog/c.png': png(3) })
    const app = await appWith('known')
    await app.importFolders(folder)
    const list = join(temporaryFolder(), 'new.csv')
    writeFileSync(list, 'path,label,split\ncat/a.png,cat,\ndog/b.png,wolf,test\nc,fox,\n')
    expect(await app.preview(list)).toMatchObject({ photos: 3, already: 3, relabelled: 2, moved: 0 })
    expect(await app.importFolders(list)).toMatchObject({ state: 'done', result: { already: 3, relabelled: 2 } })
    const after = [
      ['a.png', 'cat', null, true],
      ['b.png', 'wolf', 'test', true],
      ['c.png', 'fox', null, true],
    ]
    expect(await app.labels()).toEqual(after)
    expect((await app.importFolders(list)).result).not.toHaveProperty('relabelled')
    const undone = await app.client.request('history.undo', {})
    expect(undone.text).toBe('Undone: 2 photos labelled by a list')
    await app.client.request('history.undo', {})
    expect((await app.labels()).map(([, label, split]) => [label, split])).toEqual([
      ['cat', null],
      ['dog', null],
      ['dog', null],
    ])
  })

  it('leaves a class alone that was renamed since', async () => {
    const folder = writeFiles(temporaryFolder(), photos)
    const list = join(folder, 'l.csv')
    writeFileSync(list, 'path,label\na.png,cat\ndeep/b.png,dog\n')
    const app = await appWith('renamed')
    await app.importFolders(list)
    const [cat] = await app.client.request('classes.list', {})
    await app.client.request('classes.rename', { classId: cat!.id, name: 'kitten' })
    expect(await app.preview(list)).toMatchObject({ already: 2, relabelled: 0 })
    expect((await app.importFolders(list)).result).not.toHaveProperty('relabelled')
    expect((await app.labels())[0]![1]).toBe('kitten')
  })

  it('beside its folder labels the photos that it names, and each photo comes once', async () => {
    const folder = writeFiles(temporaryFolder(), { 'x/a.png': png(1), 'x/b.png': png(2) })
    const list = join(temporaryFolder(), 'l.csv')
    writeFileSync(list, 'path,label\na.png,owl\n')
    const app = await appWith('beside')
    expect(await app.preview(folder, list)).toMatchObject({ photos: 2, classes: [{ name: 'owl' }, { name: 'x' }] })
    expect(await app.importFolders(folder, list)).toMatchObject({ result: { imported: 2 } })
    expect((await app.labels()).map(([, label]) => label)).toEqual(['owl', 'x'])
  })

  it('asks in Review about a photo that it gives two labels', async () => {
    const folder = writeFiles(temporaryFolder(), photos)
    const list = join(folder, 'dup.csv')
    writeFileSync(list, 'path,label\na.png,cat\na.png,dog\na.png,cat\ndeep/b.png,dog\n')
    const app = await appWith('asked')
    expect((await app.preview(list)).notes).toMatchObject([{ code: 'list-conflicts', values: { count: 1 } }])
    await app.importFolders(list)
    expect((await app.labels()).map(([, label]) => label)).toEqual(['cat', 'dog'])
    const { evidence, suspects } = await app.client.request('suspects.page', { state: 'open', offset: 0, limit: 10 })
    expect(evidence).toMatchObject({ method: 'import', runId: null, photos: 1, flagged: 1, open: 1 })
    expect(suspects).toMatchObject([{ photo: { name: 'a.png', className: 'cat' }, proposedClassName: 'dog' }])
    expect(suspects[0]!.givenProbability).toBeCloseTo(2 / 3)
  })
})
