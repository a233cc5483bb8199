// A list of photos with labels and splits, as a table of text in any encoding. Every line is answered for: a photo that
// is found, one that is not, one that is named twice with two labels. What was taken for granted is told.

import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { ServiceError, type ErrorValues } from '../../../contract/errors.ts'
import type { SplitName } from '../../../contract/records.ts'
import { withoutHiddenSigns } from '../../common/hidden-signs.ts'
import { splitOfName } from '../files/split-names.ts'
import { parseCsv, type CsvRow } from '../../formats/csv-reader.ts'
import { decodeText, type TextEncoding } from '../../formats/text-encoding.ts'
import { diskTree } from './file-tree.ts'
import { chooseColumns, isOne, type ListColumns } from './list-columns.ts'
import { createPathFinder, type PathFinder } from './path-finder.ts'

export interface ListedPhoto {
  /** Absolute; where it would lie if it is not found. */
  readonly path: string
  readonly className: string | null
  readonly split: SplitName | null
}

/** A photo with several labels, the first being the one it is given. */
export interface ConflictingLabels {
  readonly path: string
  readonly labels: readonly { readonly name: string; readonly lines: number }[]
}

interface Lines {
  readonly count: number
  /** The path on the first of them. */
  readonly first: string
}

export interface PhotoList {
  readonly encoding: TextEncoding
  /** Each photo once, in the order of the lines. */
  readonly photos: readonly ListedPhoto[]
  readonly conflicts: readonly ConflictingLabels[]
  /** Lines whose path is no file, or fits several. */
  readonly missing: Lines
  readonly several: Lines
  /** Words that were taken for "no label", with their lines. */
  readonly noLabel: readonly { readonly word: string; readonly lines: number }[]
  /** Columns that were not read. */
  readonly unused: readonly string[]
}

const largestFile = 200 * 1024 * 1024
/** Words that stand for a label that nobody knows; a class is never called so. */
const noLabelWords = /^(?:nan|n\/?a|null|none|nil|\?+|-+|unknown|unlabell?ed|undefined|미분류|미정|없음|라벨 ?없음)$/i

/** `bases`: folders of photos that paths may be relative to, beside the list's own; `tree`: where they are looked up.
 *  ServiceError 'bad-csv'. */
export async function readPhotoList(
  file: string,
  bases: readonly string[] = [],
  signal?: AbortSignal,
  tree = diskTree(),
): Promise<PhotoList> {
  const { text, encoding } = decodeText(await readList(file))
  const rows = rowsOf(text, file)
  if (rows.length === 0) throw badList(file, 'it is empty', { kind: 'empty' })
  const finder = createPathFinder(tree, [dirname(file), ...bases])
  const columns = await chooseColumns(rows, finder)
  const lines = columns.header ? rows.slice(1) : rows
  const reader = new ListReader(file, columns, finder)
  for (const row of lines) {
    signal?.throwIfAborted()
    await reader.take(row)
  }
  return { encoding, unused: columns.unused, ...reader.result(lines[0]) }
}

async function readList(file: string): Promise<Buffer> {
  const { size } = await stat(file)
  if (size > largestFile)
    throw badList(file, `it has ${size.toLocaleString('en')} bytes`, { kind: 'large', bytes: size })
  return readFile(file)
}

function rowsOf(text: string, file: string): CsvRow[] {
  try {
    return parseCsv(text)
  } catch (error) {
    if (error instanceof ServiceError)
      throw badList(file, error.message.replace(/\.$/, ''), error.values ?? {}, error.fix)
    throw error
  }
}

class ListReader {
  readonly #file: string
  readonly #columns: ListColumns
  readonly #finder: PathFinder
  /** What the lines of each photo say. */
  readonly #photos = new Map<string, { labels: Map<string, number>; split: SplitName | null }>()
  readonly #noLabel = new Map<string, number>()
  readonly #lost = { missing: [] as string[], several: [] as string[] }
  #lines = 0

  constructor(file: string, columns: ListColumns, finder: PathFinder) {
    this.#file = file
    this.#columns = columns
    this.#finder = finder
  }

  async take({ line, cells }: CsvRow): Promise<void> {
    const written = cells[this.#columns.path] ?? ''
    if (written === '' || written.includes('\0'))
      throw badList(this.#file, `line ${line} names no file`, { kind: 'no-file', line })
    const found = await this.#finder.find(written)
    if (found === null) this.#lost.missing.push(written)
    if (found === 'several') this.#lost.several.push(written)
    const path =
      found === null || found === 'several' ? resolve(dirname(this.#file), written.replaceAll('\\', '/')) : found.path
    const photo = this.#photos.get(path) ?? { labels: new Map<string, number>(), split: null }
    this.#photos.set(path, photo)
    photo.split ??= splitOf(cells[this.#columns.split ?? -1] ?? '', line, this.#file)
    for (const label of this.#labelsOf(cells)) photo.labels.set(label, (photo.labels.get(label) ?? 0) + 1)
    this.#lines++
  }

  #labelsOf(cells: readonly string[]): string[] {
    const { label, oneHot } = this.#columns
    const names =
      label === null
        ? oneHot.filter(({ column }) => isOne(cells[column] ?? '')).map(({ name }) => name)
        : [cells[label] ?? '']
    return names
      .map(name => (name.trim() === '' ? '' : withoutHiddenSigns(name)))
      .filter(name => {
        if (noLabelWords.test(name)) this.#noLabel.set(name, (this.#noLabel.get(name) ?? 0) + 1)
        return name !== '' && !noLabelWords.test(name)
      })
  }

  /** ServiceError 'bad-csv' where no line names a file, with the first. */
  result(first: CsvRow | undefined): Omit<PhotoList, 'encoding' | 'unused'> {
    const { missing, several } = this.#lost
    if (first === undefined) throw badList(this.#file, 'it names no photo', { kind: 'empty' })
    if (missing.length + several.length === this.#lines) throw noneFound(this.#file, first, this.#columns, this.#lines)
    const photos = [...this.#photos].map(([path, { labels, split }]) => ({
      path,
      split,
      labels: [...labels].map(([name, lines]) => ({ name, lines })).sort((a, b) => b.lines - a.lines),
    }))
    return {
      photos: photos.map(({ path, split, labels }) => ({ path, split, className: labels[0]?.name ?? null })),
      conflicts: photos.filter(({ labels }) => labels.length > 1),
      missing: { count: missing.length, first: missing[0] ?? '' },
      several: { count: several.length, first: several[0] ?? '' },
      noLabel: [...this.#noLabel].map(([word, lines]) => ({ word, lines })),
    }
  }
}

function splitOf(text: string, line: number, file: string): SplitName | null {
  const split = splitOfName(text)
  if (text !== '' && !split)
    throw badList(file, `line ${line} has the split "${text}", which is none of train, validation and test`, {
      kind: 'split',
      line,
      split: text,
    })
  return split
}

function noneFound(file: string, { line, cells }: CsvRow, { path }: ListColumns, lines: number): ServiceError {
  return badList(
    file,
    `${lines === 1 ? 'its path is no file' : `none of its ${lines.toLocaleString('en')} paths is a file`}; the first, in line ${line}, is "${cells[path]}"`,
    { kind: 'none-there', line, first: cells[path] ?? '', count: lines },
    'Put the list beside its photos, or import it together with the folder that they lie in.',
  )
}

function badList(file: string, what: string, values: ErrorValues, fix?: string): ServiceError {
  return new ServiceError(
    'bad-csv',
    `The list ${file} cannot be used: ${what}.`,
    fix ?? 'It needs a photo a line: path,label and, if you like, a split (train, validation or test).',
    { name: basename(file), ...values },
  )
}
