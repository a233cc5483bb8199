// The cleaned data set as WebDataset shards: tar files of a few thousand photos each, with three files a sample: the photo as it
// is, its class number (.cls) and what else is known of it (.json). A shard is whole or not there, so that work that was cut off
// goes on with the next one.

import { createWriteStream } from 'node:fs'
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { pack, type Pack } from 'tar-stream'
import { translateError } from '../../db/errors.ts'
import type { JobControl } from '../../library/context.ts'
import { classesOf, type DatasetPhoto } from './dataset-photos.ts'

/** What readers of the format like: hundreds of megabytes, thousands of samples. */
const mostPhotos = 5000
const mostBytes = 500e6
/** The same photos give the same bytes. */
const fixedDate = new Date('2020-01-01T00:00:00Z')

interface Shard {
  readonly name: string
  readonly photos: readonly NumberedPhoto[]
}

interface NumberedPhoto extends DatasetPhoto {
  /** Its place in the data set. */
  readonly index: number
}

/** Result: copied, failed (photos that are gone). Errors of the disk, translated. */
export async function writeShards(
  folder: string,
  photos: readonly DatasetPhoto[],
  { signal, progress, result }: Pick<JobControl, 'signal' | 'progress' | 'result'>,
): Promise<void> {
  const classes = classesOf(photos)
  const counts = { copied: 0, failed: 0 }
  try {
    for (const shard of await shardsOf(photos)) {
      signal.throwIfAborted()
      const file = join(folder, shard.name)
      counts.copied += (await isThere(file)) ? shard.photos.length : await writeShard(file, shard, classes, signal)
      progress(shard.photos.at(-1)!.index + 1, photos.length)
      result({ ...counts, failed: shard.photos.at(-1)!.index + 1 - counts.copied })
    }
    await writeFile(join(folder, 'classes.json'), `${JSON.stringify(classes, null, 1)}\n`)
  } catch (error) {
    throw signal.aborted ? error : translateError(error, folder)
  }
}

const isThere = (file: string) =>
  stat(file).then(
    () => true,
    () => false,
  )

/** Split by split, each of its own shards, in the order of the photos. */
async function shardsOf(photos: readonly DatasetPhoto[]): Promise<Shard[]> {
  const shards: Shard[] = []
  const bySplit = Map.groupBy(photos, ({ split }) => split)
  let index = 0
  for (const [split, own] of bySplit) {
    let [from, bytes, number] = [0, 0, 0]
    const closeShard = (to: number) => {
      const name = `${split}-${String(number++).padStart(6, '0')}.tar`
      shards.push({ name, photos: own.slice(from, to).map(photo => ({ ...photo, index: index++ })) })
      ;[from, bytes] = [to, 0]
    }
    for (const [i, { path }] of own.entries()) {
      const size = await stat(path).then(
        found => found.size,
        () => 0,
      )
      if (i > from && (bytes + size > mostBytes || i - from === mostPhotos)) closeShard(i)
      bytes += size
    }
    closeShard(own.length)
  }
  return shards
}

/** How many photos are in it. */
async function writeShard(
  file: string,
  { photos }: Shard,
  classes: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const part = `${file}.part`
  const tar = pack()
  const written = pipeline(tar, createWriteStream(part), { signal })
  written.catch(() => {}) // told below
  try {
    let copied = 0
    for (const photo of photos) {
      signal.throwIfAborted()
      const bytes = await readFile(photo.path).catch(() => null)
      if (bytes === null) continue
      await addSample(tar, photo, bytes, classes.indexOf(photo.label))
      copied++
    }
    tar.finalize()
    await written
    await rename(part, file)
    return copied
  } catch (error) {
    tar.destroy()
    await written.catch(() => {})
    await rm(part, { force: true }).catch(() => {})
    throw error
  }
}

async function addSample(tar: Pack, photo: NumberedPhoto, bytes: Buffer, classNumber: number): Promise<void> {
  const key = String(photo.index).padStart(9, '0')
  const { label, split, width, height, sha256 } = photo
  await add(tar, `${key}${extname(photo.path).toLowerCase() || '.jpg'}`, bytes)
  await add(tar, `${key}.cls`, Buffer.from(String(classNumber)))
  await add(tar, `${key}.json`, Buffer.from(JSON.stringify({ label, split, width, height, sha256 })))
}

/** Resolves when the file has gone into the archive, so that one photo at a time is in memory. */
function add(tar: Pack, name: string, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    tar.entry({ name, size: bytes.length, mtime: fixedDate, mode: 0o644 }, bytes, error =>
      error ? reject(error) : resolve(),
    )
  })
}
