// Comma-separated text, as spreadsheets write it: quotes, doubled quotes, line ends inside quotes, a byte order mark;
// the separator is whichever of comma, semicolon and tab the first line has most of. Rows of cells, empty lines left
// out. Lists of photos and predictions of other tools are read by it alike.

import { ServiceError } from '../../contract/errors.ts'

export interface CsvRow {
  /** Of its first character, from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

/**
 * The rows of `text`. A quote that does not end reaches to the end of the text, and one inside of a bare cell is a
 * letter like any other; with `strict` (RFC 4180) both are ServiceError 'bad-csv'.
 */
export function parseCsv(text: string, { strict = false } = {}): CsvRow[] {
  const source = text.replace(/^\uFEFF/, '')
  const separator = separatorOf(source.slice(0, source.search(/[\r\n]|$/)))
  const token = new RegExp(
    `"([^"]*(?:""[^"]*)*)("|$)|([^"${separator}\\r\\n][^${separator}\\r\\n]*)|(${separator})|(\\r\\n|\\n|\\r)`,
    'g',
  )
  const rows: CsvRow[] = []
  let cells = ['']
  let [line, startLine, isBegun] = [1, 1, false]
  const endRow = () => {
    if (cells.some(cell => cell !== '')) rows.push({ line: startLine, cells })
    cells = ['']
  }
  for (const [whole, quoted, quoteEnd, bare, divider, lineEnd] of source.matchAll(token)) {
    const isText = quoted !== undefined || bare !== undefined
    if (strict && isText && (isBegun || quoteEnd === '' || bare?.includes('"'))) throw strayQuote(line)
    isBegun = isText
    if (quoted !== undefined) cells[cells.length - 1] += quoted.replaceAll('""', '"')
    else if (bare !== undefined) cells[cells.length - 1] += bare
    else if (divider !== undefined) cells.push('')
    else if (lineEnd !== undefined) endRow()
    line += whole.match(/\r\n|\n|\r/g)?.length ?? 0
    if (lineEnd !== undefined) startLine = line
  }
  endRow()
  return rows
}

/** Marks inside of quotes separate nothing. */
function separatorOf(line: string): string {
  const bare = line.replaceAll(/"[^"]*"/g, '')
  const count = (mark: string) => bare.split(mark).length
  return [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best))
}

function strayQuote(line: number): ServiceError {
  return new ServiceError(
    'bad-csv',
    `Line ${line} of the CSV has a quote in a place where none may be, or one that is never closed.`,
    'Put quotes around whole fields only, and double those inside.',
  )
}
