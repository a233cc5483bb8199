// How fast lists, counts and decisions are in a large library filled by SQL: `node test/main/library/bench.ts [photos]`. One JSON line
// a measure, in milliseconds of wall-clock. Every page is timed twice over: cold (just after a change) and while scrolling.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PhotoFilter, PhotoSort } from '../../../src/contract/records.ts'
import type { WriteDb } from '../../../src/main/db/database.ts'
import { openDatabase } from '../../../src/main/db/open.ts'
import { createHistory } from '../../../src/main/library/history.ts'
import { createPhotoLists } from '../../../src/main/library/photo-lists.ts'
import { photoPage } from '../../../src/main/library/photos.ts'
import { photosForRun } from '../../../src/main/library/splits.ts'
import { summarise } from '../../../src/main/library/summary.ts'

export interface Measure {
  readonly work: string
  readonly photos: number
  readonly median: number
  readonly p95: number
}

const now = () => new Date()
const filters: readonly PhotoFilter[] = [
  {}, { classId: 3 }, { split: 'validation' }, { problem: 'any' }, { usable: true, excluded: false }, { wrong: true }, { text: 'class 3' },
  { classId: 2, split: 'train', excluded: false }, { wrong: true, classId: 3 },
]
const sorts: readonly PhotoSort[] = ['added', 'name', 'class', 'confidence', 'suspicion']

/** Fills a temporary library with `photos` rows and measures it. */
export async function benchLibrary(photos: number): Promise<Measure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-bench-'))
  const { db, close } = await openDatabase(join(folder, 'bench.winnow'), { create: true, now })
  try {
    fill(db, photos)
    return measure(db, photos)
  } finally {
    close()
    rmSync(folder, { recursive: true })
  }
}

function measure(db: WriteDb, photos: number): Measure[] {
  const history = createHistory(db, now)
  const lists = createPhotoLists(db)
  const ids = Array.from({ length: Math.min(10_000, photos) }, (_, i) => 1 + (i * 7) % photos)
  const queries = filters.flatMap(filter => sorts.map(sort => ({ filter, sort })))
  const page = (query: typeof queries[number], offset: number) => time(() => photoPage(db, lists, { ...query, offset, limit: 200 }))
  const change = (i: number) => history.label({ ids: [1 + (i * 13) % photos] }, 1 + i % 10)
  const counts = () => summarise({ id: '', name: '', db, paths: { folder: '', runs: '', cache: '' } }, history, lists)
  return [
    measured('first counts after opening', photos, [time(counts)]),
    measured('first page of every list', photos, queries.map(query => page(query, 0))),
    measured('page, scrolling', photos, queries.flatMap(query => Array.from({ length: 20 }, (_, i) => page(query, Math.floor(photos * i / 20))))),
    measured('page just after a change', photos, queries.map((query, i) => (change(i), page(query, Math.floor(photos / 3))))),
    measured('counts', photos, repeat(10, counts)),
    measured('counts just after a change', photos, Array.from({ length: 10 }, (_, i) => (change(i + 100), time(counts)))),
    measured('label 10,000', photos, [4, 5, 6].map(classId => time(() => history.label({ ids }, classId)))),
    measured('page just after labelling 10,000', photos, [7, 8, 9].map(classId => (history.label({ ids }, classId), page(queries[3]!, 0)))),
    measured('undo 10,000', photos, repeat(3, () => history.undo())),
    measured('deal splits', photos, repeat(2, () => photosForRun(db))),
  ]
}

function repeat(times: number, work: () => unknown): number[] {
  return Array.from({ length: times }, () => time(work))
}

function time(work: () => unknown): number {
  const start = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

function measured(work: string, photos: number, ms: readonly number[]): Measure {
  const sorted = ms.toSorted((a, b) => a - b)
  const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]! * 10) / 10
  return { work, photos, median: at(0.5), p95: at(0.95) }
}

function fill(db: WriteDb, photos: number): void {
  db.transaction(() => {
    db.run("INSERT INTO root (id, path, added_at) VALUES (1, '/photos', 'now')")
    for (let id = 1; id <= 10; id++) db.run("INSERT INTO class (id, name, created_at) VALUES (?, ?, 'now')", id, `class ${id}`)
    db.run("INSERT INTO run (id, name, state, created_at, settings_json, label_revision, classes_json) VALUES (1, 'Run 1', 'done', 'now', '{}', 0, '[]')")
    for (let id = 1; id <= photos; id++) addPhoto(db, id, photos)
  })
}

function addPhoto(db: WriteDb, id: number, photos: number): void {
  const classId = 1 + (id * 7919) % 10
  const name = `${(id * 7919) % photos}-photo.jpg`
  const hash = id.toString(16).padStart(64, '0')
  db.run(`
    INSERT INTO photo (id, root_id, path, name, folder, size_bytes, modified_ms, sha256, pixel_sha256, phash, width, height, format, pages, usable,
      class_id, imported_class_id, split, added_at)
    VALUES (?, 1, ?, ?, ?, 30000, 1.7e12, ?, ?, '0123456789abcdef', 400, 533, 'jpeg', 1, ?, ?, ?, ?, '2026-01-01T00:00:00.000Z')`,
    id, `train/class ${classId}/${name}`, name, `train/class ${classId}`, hash, hash, Number(id % 100 !== 0), classId, classId,
    ['train', 'train', 'train', 'validation', 'test'][id % 5]!)
  if (id % 8 === 0) db.run("INSERT INTO problem (photo_id, code, reason, score, values_json) VALUES (?, ?, 'This photo has hardly any sharp edge.', 0.1, '{}')", id, ['blurry', 'dark'][(id / 8) % 2]!)
  db.run('INSERT INTO prediction VALUES (1, ?, ?, ?, ?, ?)', id, id % 20 ? classId : 1 + (classId % 10), 0.5 + ((id * 31) % 1000) / 2000, classId, ((id * 17) % 1000) / 1000)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const line of await benchLibrary(Number(process.argv[2] ?? 100_000))) console.log(JSON.stringify(line))
}
