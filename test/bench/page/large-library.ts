// A library of very many photos made directly: rows by SQL, thumbnails in the cache, and for every photo a real small
// file: one of its own where it has a label and can be trained on, else a link to one of a few hundred drawn ones.
// Twenty seconds for 100,000 photos.

import { createHash } from 'node:crypto'
import { linkSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import type { WriteDb } from '../../../src/main/db/database.ts'
import { createLibrary } from '../../../src/main/library/library.ts'
import { openThumbnails } from '../../../src/main/pixels/cache/thumbnails.ts'

export interface LargeLibrary {
  readonly folder: string
  readonly photos: number
  /** So many have a class and can be trained on. */
  readonly labelled: number
}

const classes = ['apple', 'leaf', 'sky', 'stone', 'sand'] as const
const drawings = 250
const side = 192

/** Makes `<parent>/Large.winnow` and `<parent>/photos`; `parent` must be there. */
export async function makeLargeLibrary(parent: string, photos: number, labelled: number): Promise<LargeLibrary> {
  const pictures = await Promise.all(Array.from({ length: drawings }, (_, seed) => draw(seed)))
  const root = join(parent, 'photos')
  const hashes = placeFiles(root, pictures, photos, id => isOwn(id, photos / labelled))
  const handle = await createLibrary(parent, 'Large', () => new Date())
  const thumbnails = openThumbnails(handle.library.paths.cache)
  try {
    fill(handle.library.db, root, photos, hashes)
    for (let id = 1; id <= photos; id++)
      thumbnails.put(hashes.get(id) ?? hashOf(id), pictures[id % drawings]!.thumbnail)
  } finally {
    thumbnails.close()
    handle.close()
  }
  return { folder: handle.library.paths.folder, photos, labelled }
}

interface Picture {
  readonly file: Buffer
  readonly thumbnail: Buffer
}

/** Soft patches of the class's colour and a stripe, compressed as photos are: about 6 kB a thumbnail. */
async function draw(seed: number): Promise<Picture> {
  const pixels = Buffer.alloc(side * side * 3)
  const kind = seed % classes.length
  let state = seed * 7919 + 17
  const noise = () => ((state = (state * 1103515245 + 12345) & 0x7fffffff) >> 16) % 48
  for (let i = 0; i < pixels.length; i++) {
    const [x, y, channel] = [Math.floor(i / 3) % side, Math.floor(i / 3 / side), i % 3]
    const wave = 40 * Math.sin((x * (kind + 1) + seed) / 19) * Math.cos((y * (kind + 2) - seed) / 23)
    pixels[i] = 90 + 25 * ((kind + channel) % 4) + wave + noise()
  }
  const image = sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
  return {
    file: await image.clone().jpeg({ quality: 80 }).toBuffer(),
    thumbnail: await image.webp({ quality: 75 }).toBuffer(),
  }
}

/** The SHA-256 of each file that is one of its own, by photo id. */
function placeFiles(
  root: string,
  pictures: readonly Picture[],
  photos: number,
  isOwn: (id: number) => boolean,
): Map<number, string> {
  const hashes = new Map<number, string>()
  mkdirSync(join(root, 'drawn'), { recursive: true })
  pictures.forEach(({ file }, seed) => writeFileSync(join(root, 'drawn', `${seed}.jpg`), file))
  for (let id = 1; id <= photos; id++) {
    // A file system allows some ten thousand links to one file, and folders of many entries are slow.
    if (id % 1000 === 1) mkdirSync(join(root, folderOf(id)), { recursive: true })
    const path = join(root, folderOf(id), nameOf(id))
    if (isOwn(id)) hashes.set(id, writeOwn(path, pictures[id % drawings]!.file, id))
    else linkSync(join(root, 'drawn', `${id % drawings}.jpg`), path)
  }
  return hashes
}

/** What follows the end of a JPEG is not looked at, but it makes the file one of its own. */
function writeOwn(path: string, file: Buffer, id: number): string {
  const bytes = Buffer.concat([file, Buffer.from(`photo ${id}`)])
  writeFileSync(path, bytes)
  return createHash('sha256').update(bytes).digest('hex')
}

/** One photo in so many, of each drawn class in turn. */
const isOwn = (id: number, step: number) => id % Math.floor(step) === Math.floor(id / Math.floor(step)) % classes.length

const folderOf = (id: number) => `part-${String(Math.floor((id - 1) / 1000)).padStart(3, '0')}`
const nameOf = (id: number) => `IMG_${String(id).padStart(6, '0')}.jpg`
const hashOf = (id: number) => id.toString(16).padStart(64, '0')

function fill(db: WriteDb, root: string, photos: number, hashes: ReadonlyMap<number, string>): void {
  db.transaction(() => {
    db.run("INSERT INTO root (id, path, added_at) VALUES (1, ?, '2026-01-01T00:00:00.000Z')", root)
    for (const name of classes)
      db.run("INSERT INTO class (name, created_at) VALUES (?, '2026-01-01T00:00:00.000Z')", name)
    for (let id = 1; id <= photos; id++) addPhoto(db, id, hashes.get(id) ?? null)
  })
}

function addPhoto(db: WriteDb, id: number, hash: string | null): void {
  // One label in thirty-one is wrong, so that review has something to show.
  const drawn = (id % drawings) % classes.length
  const classId = hash !== null ? 1 + (id % 31 === 0 ? (drawn + 1) % classes.length : drawn) : null
  db.run(
    `
    INSERT INTO photo (id, root_id, path, name, folder, size_bytes, modified_ms, sha256, pixel_sha256, phash, width, height, format, pages, usable,
      class_id, imported_class_id, added_at)
    VALUES (?, 1, ?, ?, ?, 9000, 1.7e12, ?, ?, '0123456789abcdef', ?, ?, 'jpeg', 1, 1, ?, ?, '2026-01-01T00:00:00.000Z')`,
    id,
    `${folderOf(id)}/${nameOf(id)}`,
    nameOf(id),
    folderOf(id),
    hash ?? hashOf(id),
    hashOf(id),
    side,
    side,
    classId,
    classId,
  )
  if (id % 40 === 0)
    db.run(
      "INSERT INTO problem (photo_id, code, reason, score, values_json) VALUES (?, 'blurry', 'This photo has hardly any sharp edge.', 0.1, '{}')",
      id,
    )
}
