// Comma-separated text, as spreadsheets write it (RFC 4180): quotes, doubled quotes, line ends inside quotes; the
// separator is whichever of comma, semicolon and tab divides its first lines evenly. Rows of cells, empty ones left
// out. Lists of photos and predictions of other tools are read by it alike.

import { parse } from 'csv-parse/sync'
import { ServiceError } from '../../contract/errors.ts'

export interface CsvRow {
  /** Of its first character, from 1. */
  readonly line: number
  /** Without spaces around. */
  readonly cells: readonly string[]
}

const separators = [',', ';', '\t']
const looked = 50

/** The rows of `text`. ServiceError 'bad-csv' with the line where a quote opens that is never closed, or is misplaced. */
export function parseCsv(text: string): CsvRow[] {
  const { source, separator, skipped } = separated(text.replace(/^\uFEFF/, ''))
  const bytes = Buffer.from(source)
  try {
    const records = parse(bytes, {
      delimiter: separator,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      ltrim: true,
      rtrim: true,
      info: true,
    }) as unknown as { record: string[]; info: { bytes: number } }[]
    return numbered(bytes, records, 1 + skipped).filter(({ cells }) => cells.some(cell => cell !== ''))
  } catch (error) {
    throw misplacedQuote(bytes, error as QuoteError, skipped)
  }
}

interface QuoteError {
  readonly code?: string
  /** Where the record begins that could not be read. */
  readonly bytes_records?: number
}

/** Spreadsheets may say the separator in a first line of its own. */
function separated(text: string): { source: string; separator: string; skipped: number } {
  const said = /^sep=(.)\r?\n/i.exec(text)
  if (said) return { source: text.slice(said[0].length), separator: said[1]!, skipped: 1 }
  return { source: text, separator: separatorOf(text), skipped: 0 }
}

/** The one by which most of the first lines have the same number of cells, more than one; then the one with most. */
function separatorOf(text: string): string {
  const lines = text
    .slice(0, 100_000)
    .replaceAll(/"[^"]*"/g, '')
    .split(/\r\n|\n|\r/, looked)
    .filter(line => line.trim() !== '')
  const scored = separators.map(separator => {
    const counts = lines.map(line => line.split(separator).length)
    const first = counts[0] ?? 1
    return { separator, even: first === 1 ? 0 : counts.filter(count => count === first).length, first }
  })
  return scored.reduce((best, one) =>
    one.even > best.even || (one.even === best.even && one.first > best.first) ? one : best,
  ).separator
}

/** The line on which each record begins: line ends before it, also those inside of earlier records. */
function numbered(
  bytes: Buffer,
  records: readonly { readonly record: string[]; readonly info: { readonly bytes: number } }[],
  first: number,
): CsvRow[] {
  let [at, line] = [0, first]
  const pass = () => {
    if (bytes[at] === 10 || (bytes[at] === 13 && bytes[at + 1] !== 10)) line++
    at++
  }
  return records.map(({ record: cells, info }) => {
    while (bytes[at] === 10 || bytes[at] === 13) pass()
    const row = { line, cells }
    while (at < info.bytes) pass()
    return row
  })
}

function lineEndsIn(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0
}

/** The line where the quote opens that the reader stumbled over: found in the record that could not be read. */
function misplacedQuote(bytes: Buffer, { code, bytes_records: start = 0 }: QuoteError, skipped: number): ServiceError {
  const record = bytes.subarray(start).toString()
  const opening = code === 'INVALID_OPENING_QUOTE' ? record.indexOf('"') : lastOpening(record)
  const before = bytes.subarray(0, start).toString() + record.slice(0, opening)
  const line = 1 + skipped + lineEndsIn(before)
  return new ServiceError(
    'bad-csv',
    code === 'CSV_QUOTE_NOT_CLOSED'
      ? `Line ${line} of the CSV opens a quote that is never closed.`
      : `Line ${line} of the CSV has a quote in a place where none may be, or one that is not closed.`,
    'Put quotes around whole fields only, and double those inside.',
    { kind: 'quote', line },
  )
}

/** The quote that was open where reading ended: at the end, or at a closing one that no separator follows. */
function lastOpening(record: string): number {
  let opening = 0
  for (let at = record.indexOf('"'); at >= 0;) {
    opening = at
    let end = record.indexOf('"', at + 1)
    while (end >= 0 && record[end + 1] === '"') end = record.indexOf('"', end + 2)
    if (end < 0 || !/^[ \t]*(?:[,;\t\r\n]|$)/.test(record.slice(end + 1, end + 40))) return opening
    at = record.indexOf('"', end + 1)
  }
  return opening
}
