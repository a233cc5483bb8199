// Which column of a list is what. The one whose cells name files is the path, whatever it is called; the first row is a
// header where it names no file and others do. A label stands in a column of its own or as a one among zeros.

import { hasImageExtension } from '../files/file-kinds.ts'
import { splitOfName } from '../files/split-names.ts'
import type { CsvRow } from '../../formats/csv-reader.ts'
import type { PathFinder } from './path-finder.ts'

export interface ListColumns {
  readonly header: CsvRow | null
  readonly path: number
  readonly label: number | null
  /** Columns of zeros and ones, each with the class that a one means. */
  readonly oneHot: readonly { readonly column: number; readonly name: string }[]
  readonly split: number | null
  /** Names of the columns that say nothing of use. */
  readonly unused: readonly string[]
}

const known = {
  path: words(
    'path paths file files filename filenames filepath filepaths fname image images imagepath imagefile imagefilename imagename imageid img imgpath imgname imgid photo photos photopath picture id name key 파일 파일명 파일이름 경로 파일경로 이미지 이미지명 사진 사진명',
  ),
  label: words(
    'label labels class classes classname classlabel labelname category categories categoryname target targets species breed tag y type answer groundtruth finding diagnosis 라벨 레이블 클래스 분류 종류 품종 정답',
  ),
  split: words('split set subset partition dataset usage phase fold 분할 구분 데이터분할'),
} as const

/** Called so, it is a column of splits whatever stands in it. */
const surelySplit = words('split 분할 데이터분할')

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '))
}

const plainName = (cell: string) =>
  cell
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[\s_.-]+/g, '')
const sampled = 200

/** `rows` are all of the list's; the first hundreds decide. */
export async function chooseColumns(rows: readonly CsvRow[], finder: PathFinder): Promise<ListColumns> {
  const [first] = rows
  const width = rows.slice(0, sampled).reduce((most, { cells }) => Math.max(most, cells.length), 0)
  const path = await pathColumn(rows, width, finder)
  const header = (await isHeader(rows, path, finder)) ? first! : null
  const body = header ? rows.slice(1) : rows
  const columns = Array.from({ length: width }, (_, column) => ({
    column,
    name: header?.cells[column] ?? '',
    values: body.slice(0, sampled * 10).map(({ cells }) => cells[column] ?? ''),
  })).filter(({ column }) => column !== path)
  const split = splitColumn(columns, header !== null)
  const rest = columns.filter(({ column }) => column !== split)
  const label = labelColumn(rest)
  const oneHot = label === null && header ? oneHotColumns(rest) : []
  const used = new Set([label, ...oneHot.map(({ column }) => column)])
  const unused = rest.filter(({ column, name }) => !used.has(column) && name !== '').map(({ name }) => name)
  return { header, path, label, oneHot, split, unused }
}

interface Column {
  readonly column: number
  readonly name: string
  readonly values: readonly string[]
}

/** The column with most cells that name files; else the one that is called so; else the first. */
async function pathColumn(rows: readonly CsvRow[], width: number, finder: PathFinder): Promise<number> {
  const named = rows[0]!.cells.findIndex(cell => known.path.has(plainName(cell)))
  const order = Array.from({ length: width }, (_, column) => column).sort((a, b) => +(b === named) - +(a === named))
  for (const find of [finder.findAsWritten, finder.find]) {
    let best = { column: -1, found: 0 }
    for (const column of order) {
      const found = await filesNamed(rows.slice(0, sampled), column, find)
      if (found > best.found) best = { column, found }
      if (found > 0 && column === named) break
    }
    if (best.found > 0) return best.column
  }
  return named < 0 ? order[0]! : named
}

async function filesNamed(rows: readonly CsvRow[], column: number, find: PathFinder['find']): Promise<number> {
  const cells = rows.map(row => row.cells[column] ?? '')
  if (cells.slice(1).every(cell => /^[01]?(?:\.0*)?$/.test(cell))) return 0
  let found = 0
  for (const cell of cells) if ((await find(cell)) !== null) found++
  return found
}

/** A row of known words; or one that names no file, where others do, and does not look like a file that is gone. */
async function isHeader(rows: readonly CsvRow[], path: number, finder: PathFinder): Promise<boolean> {
  const cell = rows[0]!.cells[path] ?? ''
  if (hasImageExtension(cell) || (await finder.find(cell)) !== null) return false
  if (known.path.has(plainName(cell))) return true
  for (const { cells } of rows.slice(1, sampled)) if ((await finder.find(cells[path] ?? '')) !== null) return true
  return false
}

function splitColumn(columns: readonly Column[], hasHeader: boolean): number | null {
  const isSplit = ({ values }: Column) =>
    values.some(splitOfName) && values.every(cell => cell === '' || splitOfName(cell))
  const named = columns.find(
    ({ name, values }) =>
      surelySplit.has(plainName(name)) || (known.split.has(plainName(name)) && values.some(splitOfName)),
  )
  if (named) return named.column
  const others = columns.filter(isSplit)
  const isLabel = ({ name }: Column) => hasHeader && known.label.has(plainName(name))
  return others.find(column => !isLabel(column))?.column ?? null
}

/** By its name, words before numbers; else the first of words that repeat, or the only one there is. */
function labelColumn(columns: readonly Column[]): number | null {
  const isNumeric = ({ values }: Column) => values.every(cell => cell === '' || /^-?\d*\.?\d+(?:e-?\d+)?$/i.test(cell))
  const isWhole = ({ values }: Column) => values.every(cell => /^\d*$/.test(cell))
  const named = columns.filter(({ name }) => known.label.has(plainName(name)))
  const byName = named.find(column => !isNumeric(column)) ?? named.find(isWhole)
  if (byName) return byName.column
  if (columns.length > 1 && columns.filter(isBinary).length > 1) return null
  const wordy = columns.filter(column => !isNumeric(column))
  const repeating = wordy.find(({ values }) => new Set(values).size < values.length)
  const only = columns.length === 1 && isWhole(columns[0]!) ? columns[0] : undefined
  return (repeating ?? wordy[0] ?? only)?.column ?? null
}

/** Two or more columns of zeros and ones that are not empty throughout. */
function oneHotColumns(columns: readonly Column[]): { column: number; name: string }[] {
  const binary = columns.filter(isBinary)
  return binary.length < 2 ? [] : binary.map(({ column, name }) => ({ column, name }))
}

function isBinary({ values }: Column): boolean {
  return values.some(cell => cell !== '') && values.every(cell => /^(?:[01](?:\.0*)?|true|false)?$/i.test(cell))
}

/** Whether a cell of a one-hot column says that it is this class. */
export function isOne(cell: string): boolean {
  return /^(?:1(?:\.0*)?|true)$/i.test(cell)
}
