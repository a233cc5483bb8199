// What a folder says of its files: class, split, and what is passed over.

import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { previewImport } from '../../../../src/main/library/import/import-preview.ts'
import { scanFolder, type ScannedFile } from '../../../../src/main/library/import/scan.ts'
import { writeFiles } from '../app.ts'
import { failure, temporaryFolder } from '../helpers.ts'

async function scan(folder: string): Promise<{ files: ScannedFile[]; skipped: number }> {
  const found = { files: [] as ScannedFile[], skipped: 0 }
  for await (const step of scanFolder(folder)) {
    if (step) found.files.push(step)
    else found.skipped++
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
    expect(await scan(folder)).toMatchObject({ files: [{ className: 'cat' }, { className: 'dog' }], skipped: 0 })
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

describe('what is passed over', () => {
  it('is hidden, linked folders and special files silently; documents and data by number', async () => {
    const folder = writeFiles(temporaryFolder(), {
      'cat/1.jpg': '',
      'cat/notes.txt': '',
      'cat/Thumbs.db': '',
      'labels.csv': '',
      README: '',
      '.hidden.jpg': '',
      '.git/2.jpg': '',
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
    expect(found.skipped).toBe(4)
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
      skipped: 1,
      classes: [
        { name: 'cat', photos: 3 },
        { name: 'dog', photos: 1 },
      ],
      splits: [
        { name: 'train', photos: 2 },
        { name: 'test', photos: 1 },
      ],
    })
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
