// The cleaned data set in the forms that other tools read, each read back here by its own rules.

import { createReadStream, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { extract } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import { readyRecipe } from '../../../src/contract/augmentation-recipes.ts'
import type { CopyFormatName, ListFormatName } from '../../../src/contract/export-formats.ts'
import { relativePaths } from '../../../src/main/export/dataset/dataset-photos.ts'
import { parseCsv } from '../../../src/main/formats/csv-reader.ts'
import { temporaryFolder } from '../library/helpers.ts'
import { jobEnd, openService, writeClasses } from '../runs/open-service.ts'

async function libraryOfPhotos() {
  const test = await openService()
  await writeClasses(test.photos, 4)
  await test.importPhotos()
  const list = async (format: ListFormatName, paths: 'absolute' | 'relative' = 'relative') =>
    new TextDecoder().decode((await test.service.bytes.dataset.get({ format, paths })).bytes)
  const copyTo = async (format: CopyFormatName) => {
    const place = temporaryFolder()
    const to = { folderId: await test.service.grantFolder(place), name: 'out' }
    const { jobId } = await test.call('exports.dataset', { to, format })
    await jobEnd(test.service, test.call, jobId)
    const job = (await test.call('jobs.list', {})).find(({ id }) => id === jobId)!
    return { folder: join(place, 'out'), job }
  }
  return { ...test, list, copyTo }
}

describe('lists', () => {
  it('hold paths of this machine, or from the folder that holds all photos', async () => {
    const { list, photos } = await libraryOfPhotos()
    const paths = async (how: 'absolute' | 'relative') =>
      parseCsv(await list('csv', how))
        .slice(1)
        .map(({ cells }) => cells[0]!)
    const [absolute, short] = [await paths('absolute'), await paths('relative')]
    expect(absolute.map(path => path.slice(photos.length + 1))).toEqual(short)
    expect(short).toContain('red/red 0.png')
    expect(relativePaths([{ path: '/a/b c/1.png' }, { path: '/a/b/2.png' }])).toEqual(['b c/1.png', 'b/2.png'])
    expect(relativePaths([])).toEqual([])
  })

  it('as JSON lines say what was decided of each photo', async () => {
    const { call, list } = await libraryOfPhotos()
    const { photos } = await call('photos.page', { filter: { text: 'red 0' }, sort: 'name', offset: 0, limit: 1 })
    const green = (await call('classes.list', {})).find(({ name }) => name === 'green')!
    await call('photos.label', { selection: { ids: [photos[0]!.id] }, classId: green.id })
    const lines = (await list('jsonl'))
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { path: string; label: string; sha256: string; history: unknown[] })
    expect(lines).toHaveLength(12)
    expect(lines.find(({ path }) => path === 'red/red 0.png')).toMatchObject({
      label: 'green',
      sha256: expect.stringMatching(/^[\da-f]{64}$/) as string,
      history: [
        { kind: 'import', class: 'red' },
        { kind: 'label', was: 'red', class: 'green' },
      ],
    })
  })

  it('for Label Studio are tasks with an annotation each', async () => {
    const { list } = await libraryOfPhotos()
    const tasks = JSON.parse(await list('label-studio')) as {
      data: { image: string }
      annotations: { result: unknown[] }[]
    }[]
    expect(tasks).toHaveLength(12)
    const red = tasks.find(({ data }) => data.image.endsWith('red%200.png'))!
    expect(red.data.image).toBe('/data/local-files/?d=red/red%200.png')
    expect(red.annotations[0]!.result).toEqual([
      { from_name: 'choice', to_name: 'image', type: 'choices', value: { choices: ['red'] } },
    ])
    expect(JSON.parse(await list('label-studio', 'absolute'))[0].data.image).toMatch(/^file:\/\//)
  })

  it('for CVAT are Datumaro items whose label numbers mean the listed labels', async () => {
    const { list } = await libraryOfPhotos()
    const { categories, items } = JSON.parse(await list('cvat')) as {
      categories: { label: { labels: { name: string }[] } }
      items: { id: string; annotations: { label_id: number }[]; image: { path: string; size: number[] } }[]
    }
    expect(items).toHaveLength(12)
    for (const { id, annotations, image } of items) {
      expect(image.path).toBe(`${id}.png`)
      expect(image.size).toHaveLength(2)
      expect(image.path.split('/')[0]).toBe(categories.label.labels[annotations[0]!.label_id]!.name)
    }
  })
})

describe('copies', () => {
  it('for the Hugging Face hub lie by split and class, with a card that names both', async () => {
    const { copyTo } = await libraryOfPhotos()
    const { folder, job } = await copyTo('huggingface')
    expect(job.result).toMatchObject({ copied: 12, failed: 0 })
    expect(readdirSync(join(folder, 'data', 'train')).toSorted()).toEqual(['blue', 'green', 'red'])
    const card = readFileSync(join(folder, 'README.md'), 'utf8')
    for (const words of ['task_categories:', 'path: data/train/**', 'path: data/validation/**', `'2': "red"`])
      expect(card).toContain(words)
  })

  it('for FiftyOne are data sets of which every label has its file', async () => {
    const { copyTo } = await libraryOfPhotos()
    const { folder } = await copyTo('fiftyone')
    let photos = 0
    for (const split of readdirSync(folder)) {
      const { classes, labels } = JSON.parse(readFileSync(join(folder, split, 'labels.json'), 'utf8')) as {
        classes: string[]
        labels: Record<string, number>
      }
      for (const [id, number] of Object.entries(labels)) {
        expect(existsSync(join(folder, split, 'data', `${id}.png`)), id).toBe(true)
        expect(basename(id)).toContain(classes[number]!)
        photos++
      }
    }
    expect(photos).toBe(12)
  })

  it('as a WebDataset are shards of whole samples, and the photos byte for byte', async () => {
    const { copyTo, photos } = await libraryOfPhotos()
    rmSync(join(photos, 'red', 'red 3.png'))
    const { folder, job } = await copyTo('webdataset')
    expect(job.result).toMatchObject({ copied: 11, failed: 1 })
    const classes = JSON.parse(readFileSync(join(folder, 'classes.json'), 'utf8')) as string[]
    const shards = readdirSync(folder).filter(name => name.endsWith('.tar'))
    expect(shards.toSorted()).toEqual(['train-000000.tar', 'validation-000000.tar'])
    const samples = new Map<string, Record<string, Buffer>>()
    for (const shard of shards) {
      for await (const entry of createReadStream(join(folder, shard)).pipe(extract())) {
        const [, key, ending] = /^(\d{9})\.(\w+)$/.exec(entry.header.name)!
        const chunks: Buffer[] = []
        for await (const chunk of entry) chunks.push(chunk as Buffer)
        samples.set(key!, { ...samples.get(key!), [ending!]: Buffer.concat(chunks) })
      }
    }
    expect(samples.size).toBe(11)
    const originals = new Set(
      classes.flatMap(name =>
        readdirSync(join(photos, name)).map(file => readFileSync(join(photos, name, file)).toString('latin1')),
      ),
    )
    for (const { png, cls, json } of samples.values()) {
      expect(originals.has(png!.toString('latin1'))).toBe(true)
      expect(classes[Number(cls)]).toBe((JSON.parse(String(json)) as { label: string }).label)
    }
  })

  it('with changed copies beside them are class folders alone', async () => {
    const { call, service } = await libraryOfPhotos()
    const to = { folderId: await service.grantFolder(temporaryFolder()), name: 'out' }
    const variants = { recipe: readyRecipe('light', { mirrors: true }), seed: 1, perPhoto: 1 }
    await expect(call('exports.dataset', { to, format: 'webdataset', variants })).rejects.toMatchObject({
      message: expect.stringContaining('not as webdataset') as string,
    })
  })
})
