// How fast lists, counts and decisions are in a large library filled by SQL. Every page is timed just after a change,
// when nothing that was put together for it can be used again, and while scrolling.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PhotoFilter, PhotoSort } from '../../../src/contract/records.ts'
import type { WriteDb } from '../../../src/main/db/database.ts'
import { openDatabase } from '../../../src/main/db/open.ts'
import { createHistory } from '../../../src/main/library/decisions/history.ts'
import { createPhotoLists } from '../../../src/main/library/tables/photo-lists.ts'
import { photoPage } from '../../../src/main/library/photos/photos.ts'
import { photosForRun } from '../../../src/main/library/photos/splits.ts'
import { summarise } from '../../../src/main/library/photos/summary.ts'
import { timed, timeLine, type Line, type Taken } from './lines.ts'

const now = () => new Date()
const filters: readonly PhotoFilter[] = [
  {},
  { classId: 3 },
  { split: 'validation' },
  { problem: 'any' },
  { usable: true, excluded: false },
  { wrong: true },
  { text: 'class 3' },
  { classId: 2, split: 'train', excluded: false },
  { wrong: true, classId: 3 },
]
const sorts: readonly PhotoSort[] = ['added', 'name', 'class', 'confidence', 'suspicion']

export const musts = {
  100_000: { page: 20, counts: 50, label: 300, undo: 300 },
  1_000_000: { page: 50, counts: 150, label: null, undo: null },
} as const

/** Fills a temporary library with `photos` rows and measures it; times in milliseconds. */
export async function benchRows(photos: keyof typeof musts): Promise<Line[]> {
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

function measure(db: WriteDb, photos: keyof typeof musts): Line[] {
  const history = createHistory(db, now)
  const lists = createPhotoLists(db)
  const ids = Array.from({ length: 10_000 }, (_, i) => 1 + ((i * 7) % photos))
  const queries = filters.flatMap(filter => sorts.map(sort => ({ filter, sort })))
  const page = (query: (typeof queries)[number], offset: number) =>
    timed(() => photoPage(db, lists, { ...query, offset, limit: 200 }))
  const change = (i: number) => history.label({ ids: [1 + ((i * 13) % photos)] }, 1 + (i % 10))
  const counts = () =>
    summarise(
      { id: '', name: '', db, paths: { folder: '', runs: '', cache: '', imports: '', looked: '' } },
      history,
      lists,
    )
  const must = musts[photos]
  const line = (work: string, limit: number | null, taken: readonly Taken[]) =>
    timeLine(`${photos.toLocaleString('en')} photos: ${work}`, limit, taken)
  return [
    line('first counts after opening', null, [timed(counts)]),
    line(
      'first page of each of 45 lists',
      null,
      queries.map(query => page(query, 0)),
    ),
    line(
      'page while scrolling, p95',
      must.page,
      queries.flatMap(query => Array.from({ length: 20 }, (_, i) => page(query, Math.floor((photos * i) / 20)))),
    ),
    line(
      'page just after a change, p95',
      must.page,
      queries.map((query, i) => (change(i), page(query, Math.floor(photos / 3)))),
    ),
    line(
      'counts just after a change, p95',
      must.counts,
      Array.from({ length: 20 }, (_, i) => (change(i + 100), timed(counts))),
    ),
    line(
      'label 10,000',
      must.label,
      [4, 5, 6].map(classId => timed(() => history.label({ ids }, classId))),
    ),
    line(
      'undo 10,000',
      must.undo,
      Array.from({ length: 3 }, () => timed(() => history.undo())),
    ),
    line(
      'page just after labelling 10,000',
      null,
      [7, 8, 9].map(classId => (history.label({ ids }, classId), page(queries[3]!, 0))),
    ),
    line('deal splits', null, [timed(() => photosForRun(db))]),
  ]
}

function fill(db: WriteDb, photos: number): void {
  db.transaction(() => {
    db.run("INSERT INTO root (id, path, added_at) VALUES (1, '/photos', 'now')")
    for (let id = 1; id <= 10; id++)
      db.run("INSERT INTO class (id, name, created_at) VALUES (?, ?, 'now')", id, `class ${id}`)
    db.run(
      "INSERT INTO run (id, name, state, created_at, settings_json, label_revision, classes_json) VALUES (1, 'Run 1', 'done', 'now', '{}', 0, '[]')",
    )
    for (let id = 1; id <= photos; id++) addPhoto(db, id, photos)
  })
}

function addPhoto(db: WriteDb, id: number, photos: number): void {
  const classId = 1 + ((id * 7919) % 10)
  const name = `${(id * 7919) % photos}-photo.jpg`
  const hash = id.toString(16).padStart(64, '0')
  db.run(
    `
    INSERT INTO photo (id, root_id, path, name, folder, size_bytes, modified_ms, sha256, pixel_sha256, phash, width, height, format, pages, usable,
      class_id, imported_class_id, split, added_at)
    VALUES (?, 1, ?, ?, ?, 30000, 1.7e12, ?, ?, '0123456789abcdef', 400, 533, 'jpeg', 1, ?, ?, ?, ?, '2026-01-01T00:00:00.000Z')`,
    id,
    `train/class ${classId}/${name}`,
    name,
    `train/class ${classId}`,
    hash,
    hash,
    Number(id % 100 !== 0),
    classId,
    classId,
    ['train', 'train', 'train', 'validation', 'test'][id % 5]!,
  )
  if (id % 8 === 0)
    db.run(
      "INSERT INTO problem (photo_id, code, reason, score, values_json) VALUES (?, ?, 'This photo has hardly any sharp edge.', 0.1, '{}')",
      id,
      ['blurry', 'dark'][(id / 8) % 2]!,
    )
  db.run(
    'INSERT INTO prediction VALUES (1, ?, ?, ?, ?, ?)',
    id,
    id % 20 ? classId : 1 + (classId % 10),
    0.5 + ((id * 31) % 1000) / 2000,
    classId,
    ((id * 17) % 1000) / 1000,
  )
}
