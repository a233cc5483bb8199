// Comma-separated values as RFC 4180 has them: quotes around fields with commas, quotes doubled inside them, any line
// ends, an optional BOM.

import { ServiceError } from '../../contract/errors.ts'

/** The records of `text`, empty lines left out. ServiceError 'bad-csv' where a quote is never closed. */
export function parseCsv(text: string): string[][] {
  const records: string[][] = []
  const field = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y
  let record: string[] = []
  field.lastIndex = text.startsWith('\uFEFF') ? 1 : 0
  while (field.lastIndex < text.length || record.length > 0) {
    const at = field.lastIndex
    const found = field.exec(text)
    if (!found) throw unclosed(text, at)
    record.push(found[1]?.replaceAll('""', '"') ?? found[2]!)
    if (found[3] === ',') continue
    if (record.length > 1 || record[0] !== '') records.push(record)
    record = []
  }
  return records
}

function unclosed(text: string, at: number): ServiceError {
  const line = text.slice(0, at).split(/\r\n|\n|\r/).length
  return new ServiceError(
    'bad-csv',
    `Line ${line} of the CSV has a quote in a place where none may be, or one that is never closed.`,
    'Put quotes around whole fields only, and double those inside.',
  )
}
