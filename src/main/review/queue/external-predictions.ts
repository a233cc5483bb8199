// Predictions of any other tool as a label-issue report: a table with a column of paths and a column of probabilities
// for each class, by the class's name. It is read as an imported list is, and its paths mean photos of the library by
// the same rule.

import { join } from 'node:path'
import { ServiceError } from '../../../contract/errors.ts'
import type { RequestResult } from '../../../contract/table.ts'
import type { ReadDb } from '../../db/database.ts'
import { parseCsv } from '../../formats/csv-reader.ts'
import { decodeText } from '../../formats/text-encoding.ts'
import type { LibraryContext } from '../../library/context.ts'
import { treeOfFiles } from '../../library/lists/file-tree.ts'
import { chooseColumns } from '../../library/lists/list-columns.ts'
import { createPathFinder, type PathFinder } from '../../library/lists/path-finder.ts'
import { trainable } from '../../runs/photos.ts'
import { currentRevision, rankByConfidentLearning, writeLabelIssueReport } from './label-issue-reports.ts'
import { labelledProbabilities } from '../labels/probabilities.ts'

interface LabelledPhoto {
  readonly id: number
  readonly classId: number
  readonly root: string
  readonly path: string
}

interface PredictionColumns {
  readonly path: number
  readonly classes: readonly { readonly id: number; readonly column: number }[]
}

/** Reads the table and checks the labels it speaks of; of a photo named twice the first line counts. ServiceError
 *  'bad-csv', 'bad-probabilities', 'nothing-to-check'. */
export async function importPredictions(
  context: LibraryContext,
  csv: Uint8Array,
): Promise<RequestResult<'suspects.import'>> {
  const { db } = context.library
  const rows = parseCsv(decodeText(csv).text)
  if (rows.length < 2) throw bad('it has no line of predictions')
  const { finder, photoAt } = photoFinder(db)
  const columns = readColumns(db, rows[0]!.cells, (await chooseColumns(rows, finder)).path)
  const photos = new Set<LabelledPhoto>()
  const values: number[] = []
  const unmatched: string[] = []
  for (const { line, cells } of rows.slice(1)) {
    const path = cells[columns.path] ?? ''
    const found = await finder.find(path)
    const photo = found === null || found === 'several' ? undefined : photoAt.get(found.path)
    if (!photo) unmatched.push(path)
    else if (!photos.has(photo)) {
      photos.add(photo)
      values.push(...columns.classes.map(({ column }) => readNumber(cells[column], line)))
    }
  }
  if (photos.size === 0)
    throw bad(
      `none of its ${rows.length - 1} paths is a labelled photo of this library; the first is "${unmatched[0]}"`,
    )
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
function readColumns(db: ReadDb, header: readonly string[], path: number): PredictionColumns {
  const names = header.map(name => name.normalize('NFC').trim())
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

/** Paths as the photos of the library make folders, relative ones beginning in what was imported. */
function photoFinder(db: ReadDb): { finder: PathFinder; photoAt: ReadonlyMap<string, LabelledPhoto> } {
  const photos = db.all<LabelledPhoto>(
    `SELECT photo.id, class_id AS classId, root.path AS root, photo.path FROM photo JOIN root ON root.id = root_id WHERE ${trainable}`,
  )
  const photoAt = new Map(photos.map(photo => [join(photo.root, photo.path), photo]))
  const finder = createPathFinder(
    treeOfFiles(photoAt.keys()),
    photos.map(({ root }) => root),
  )
  return { finder, photoAt }
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
    'Give a table with a column of paths and one column of probabilities for each class, named as in the library.',
  )
}
