// A CSV that lists photos: `path,label[,split]`, with a header line or in this order without one. Paths are relative to
// the CSV's folder or absolute, their letters composed as on the disk or otherwise (Hangul from a Mac). A line that
// cannot be meant is told by its number; a file that is not there is listed by the import as missing.

import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { ServiceError } from '../../../contract/errors.ts'
import type { SplitName } from '../../../contract/records.ts'
import { parseCsv, type CsvRow } from '../../formats/csv-reader.ts'
import { splitOfName } from './layout.ts'
import type { SourceFile } from './scan.ts'

interface ListColumns {
  readonly path: number
  readonly label: number | null
  readonly split: number | null
}

const names = {
  path: ['path', 'file', 'filename', 'file_name', 'image', 'image_path', 'photo', 'filepath'],
  label: ['label', 'class', 'class_name', 'category', 'target'],
  split: ['split', 'set', 'subset', 'partition'],
} as const
const largestFile = 200 * 1024 * 1024

/** Files in the order of the lines; a path named twice counts once. ServiceError 'bad-csv'. */
export async function* scanCsv(path: string): AsyncGenerator<SourceFile, void> {
  const text = await readFile(path)
  if (text.length > largestFile) throw badCsv(path, `it has ${text.length.toLocaleString('en')} bytes`)
  const rows = parseCsv(text.toString('utf8'))
  if (rows.length === 0) throw badCsv(path, 'it is empty')
  const header = headerOf(rows[0]!)
  const columns = header ?? { path: 0, label: 1, split: 2 }
  const seen = new Set<string>()
  for (const row of header ? rows.slice(1) : rows) {
    const listed = fileOf(row, columns, path)
    const file = { ...listed, path: await asOnDisk(listed.path) }
    if (!seen.has(file.path)) yield file
    seen.add(file.path)
  }
}

function headerOf({ cells }: CsvRow): ListColumns | null {
  const find = (known: readonly string[]) => {
    const at = cells.findIndex(cell => known.includes(cell.trim().toLowerCase()))
    return at < 0 ? null : at
  }
  const path = find(names.path)
  return path === null ? null : { path, label: find(names.label), split: find(names.split) }
}

function fileOf({ line, cells }: CsvRow, columns: ListColumns, csv: string): SourceFile {
  const cell = (column: number | null) => (column === null ? '' : (cells[column] ?? '').trim())
  const file = cell(columns.path)
  if (file === '' || file.includes('\0')) throw badCsv(csv, `line ${line} names no file`)
  const className = cell(columns.label).normalize('NFC')
  return {
    path: resolve(dirname(csv), file),
    className: className === '' ? null : className,
    split: splitOf(cell(columns.split), line, csv),
  }
}

/** The path of the file that is meant; as it is where there is none. */
async function asOnDisk(path: string): Promise<string> {
  // eslint-disable-next-line no-control-regex
  if (/^[\0-\x7f]*$/.test(path)) return path
  for (const form of new Set([path, path.normalize('NFC'), path.normalize('NFD')]))
    if (await stat(form).catch(() => null)) return form
  return path
}

function splitOf(text: string, line: number, csv: string): SplitName | null {
  const split = splitOfName(text)
  if (text !== '' && !split)
    throw badCsv(csv, `line ${line} has the split "${text}", which is none of train, validation and test`)
  return split
}

function badCsv(path: string, what: string): ServiceError {
  return new ServiceError(
    'bad-csv',
    `The list ${path} cannot be used: ${what}.`,
    'It needs a photo a line: path,label and, if you like, a split (train, validation or test).',
  )
}
