// Comma-separated text, as spreadsheets write it: quotes, doubled quotes, line ends inside quotes, a byte order mark;
// the separator is whichever of comma, semicolon and tab the first line has most of. Rows of cells, empty lines left
// out.

export interface CsvRow {
  /** Of its first character, from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

/** Never throws: a quote that does not end reaches to the end of the text. */
export function parseCsv(text: string): CsvRow[] {
  const source = text.replace(/^\uFEFF/, '')
  const separator = separatorOf(source.slice(0, source.search(/[\r\n]|$/)))
  const token = new RegExp(
    `"([^"]*(?:""[^"]*)*)(?:"|$)|([^"${separator}\\r\\n][^${separator}\\r\\n]*)|(${separator})|(\\r\\n|\\n|\\r)`,
    'g',
  )
  const rows: CsvRow[] = []
  let cells = ['']
  let [line, startLine] = [1, 1]
  const endRow = () => {
    if (cells.some(cell => cell !== '')) rows.push({ line: startLine, cells })
    cells = ['']
  }
  for (const [whole, quoted, bare, divider, lineEnd] of source.matchAll(token)) {
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

function separatorOf(line: string): string {
  const count = (mark: string) => line.split(mark).length
  return [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best))
}
