// Predictions of any other tool as a label-issue report: a CSV with a column "path" and a column of probabilities for
// each class, by the class's name. Photos are found by absolute path, by path in their imported folder, or by file name
// where only one photo has it.

import { join } from 'node:path'
import { ServiceError } from '../../../contract/errors.ts'
import type { RequestResult } from '../../../contract/table.ts'
import type { ReadDb } from '../../db/database.ts'
import type { LibraryContext } from '../../library/context.ts'
import { trainable } from '../../runs/photos.ts'
import { parseCsv } from '../../formats/csv-reader.ts'
import { currentRevision, rankByConfidentLearning, writeLabelIssueReport } from './label-issue-reports.ts'
import { labelledProbabilities } from '../labels/probabilities.ts'

interface LabelledPhoto {
  readonly id: number
  readonly classId: number
  readonly root: string
  readonly path: string
  readonly name: string
}

interface PredictionColumns {
  readonly path: number
  readonly classes: readonly { readonly id: number; readonly column: number }[]
}

/** Reads the CSV and checks the labels it speaks of; of a photo named twice the first line counts. ServiceError
 *  'bad-csv', 'bad-probabilities', 'nothing-to-check'. */
export function importPredictions(context: LibraryContext, csv: string): RequestResult<'suspects.import'> {
  const { db } = context.library
  const [header, ...records] = parseCsv(csv, { strict: true })
  const columns = readColumns(db, header?.cells ?? [])
  const find = photoFinder(db)
  const photos = new Set<LabelledPhoto>()
  const values: number[] = []
  const unmatched: string[] = []
  records.forEach(({ line, cells }) => {
    const path = cells[columns.path] ?? ''
    const photo = find(path)
    if (!photo) return void unmatched.push(path)
    if (photos.has(photo)) return
    photos.add(photo)
    values.push(...columns.classes.map(({ column }) => readNumber(cells[column], line)))
  })
  if (photos.size === 0) throw bad(`none of its ${records.length} paths is a labelled photo of this library`)
  const labels = [...photos].map(({ classId }) => columns.classes.findIndex(({ id }) => id === classId))
  const probabilities = labelledProbabilities(values, columns.classes.length, labels)
  const report = writeLabelIssueReport(context, {
    method: 'import',
    runId: null,
    labelRevision: currentRevision(context),
    photoIds: [...photos].map(({ id }) => id),
    classIds: columns.classes.map(({ id }) => id),
    probabilities,
    ...rankByConfidentLearning(probabilities),
  })
  return { evidence: report, unmatched }
}

/** Every class that labels a photo needs its column; columns of no class are told, not guessed at. */
function readColumns(db: ReadDb, header: readonly string[]): PredictionColumns {
  const names = header.map(name => name.normalize('NFC').trim())
  const path = names.indexOf('path')
  if (path < 0) throw bad('it has no column "path"')
  const ids = new Map(
    db.all<{ id: number; name: string }>('SELECT id, name FROM class').map(({ id, name }) => [name, id]),
  )
  const unknown = names.find((name, column) => column !== path && !ids.has(name))
  if (unknown !== undefined) throw bad(`its column "${unknown}" is no class of this library`)
  const missing = db
    .values<string>(`SELECT DISTINCT class.name FROM photo JOIN class ON class.id = photo.class_id WHERE ${trainable}`)
    .find(name => !names.includes(name))
  if (missing !== undefined) throw bad(`it has no column for the class "${missing}"`)
  return { path, classes: names.flatMap((name, column) => (column === path ? [] : [{ id: ids.get(name)!, column }])) }
}

function photoFinder(db: ReadDb): (path: string) => LabelledPhoto | undefined {
  const [exact, normalised] = [
    new Map<string, LabelledPhoto | undefined>(),
    new Map<string, LabelledPhoto | undefined>(),
  ]
  const photos = db.all<LabelledPhoto>(
    `SELECT photo.id, class_id AS classId, root.path AS root, photo.path, name FROM photo JOIN root ON root.id = root_id WHERE ${trainable}`,
  )
  /** A key that two photos share finds neither. */
  const add = (found: typeof exact, key: string, photo: LabelledPhoto) =>
    void found.set(key, found.has(key) && found.get(key) !== photo ? undefined : photo)
  for (const photo of photos) {
    for (const key of [join(photo.root, photo.path), photo.path, photo.name]) {
      add(exact, key, photo)
      add(normalised, plainPath(key), photo)
    }
  }
  return path => exact.get(path) ?? normalised.get(plainPath(path))
}

/** The same for one path from a Mac, from Windows and from elsewhere. */
function plainPath(path: string): string {
  return path.replaceAll('\\', '/').normalize('NFC')
}

function readNumber(text: string | undefined, line: number): number {
  const value = text === undefined || text.trim() === '' ? NaN : Number(text)
  if (Number.isNaN(value)) throw bad(`line ${line} holds ${JSON.stringify(text ?? '')} where a probability should be`)
  return value
}

function bad(detail: string): ServiceError {
  return new ServiceError(
    'bad-csv',
    `These predictions cannot be used: ${detail}.`,
    'Give a CSV with a column "path" and one column of probabilities for each class, named as in the library.',
  )
}
