// Comma-separated text from any program: quotes, separators, line ends, and what cannot be meant.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCsv } from '../../../src/main/formats/csv-reader.ts'

const cells = (text: string) => parseCsv(text).map(row => row.cells)

describe('a CSV', () => {
  it('gives back any table that was written with quotes', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r\n', ' ', '강', '\t') })
    const table = fc
      .integer({ min: 2, max: 4 })
      .chain(width => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 }))
    fc.assert(
      fc.property(table, rows => {
        const header = rows[0]!.map((_, i) => `c${i}`)
        const quoted = [header, ...rows].map(row => row.map(value => `"${value.replaceAll('"', '""')}"`).join(','))
        expect(cells(quoted.join('\n'))).toEqual([header, ...rows].filter(row => row.some(value => value !== '')))
      }),
    )
  })

  it('has bare cells, a byte order mark, any line end, and says on which line a row begins', () => {
    expect(parseCsv('\uFEFFpath;label\r\na b.jpg;cat\n\n"x;y\r\n.jpg"; "owl" \rlast;\n')).toEqual([
      { line: 1, cells: ['path', 'label'] },
      { line: 2, cells: ['a b.jpg', 'cat'] },
      { line: 4, cells: ['x;y\r\n.jpg', 'owl'] },
      { line: 6, cells: ['last', ''] },
    ])
  })

  it.each([
    ['a,b\n1,2', ',', 2],
    ['a;b\n"1,5;2";3', ';', 2],
    ['a\tb,c\td\ne\tf\tg', '\t', 3],
    ['a,b;c\nd,e;f\n', ',', 2],
    ['com,ma.jpg;cat\nb.jpg;dog\nc.jpg;dog', ';', 2],
    ['sep=;\na,b;c', ';', 2],
  ])('%j is divided by %j', (text, _separator, width) => {
    expect(cells(text)[0]).toHaveLength(width)
  })

  it.each([
    ['a\nb,"c""', 2],
    ['a\nb,c"d', 2],
    ['a\nb,"c"d', 2],
    ['a\n"b""c""d', 2],
    ['path,label\n"images/hat000.jpg,cat\nimages/shoes000.jpg,dog\n', 2],
    ['path,label\n"images/hat000.jpg,cat\n"images/shoes000.jpg",dog\n', 2],
    ['a,b\n"x\ny",1\nz,"q\n\n\n', 4],
  ])('%j is refused with the line where the quote opens', (text, line) => {
    expect(() => parseCsv(text)).toThrow(new RegExp(`Line ${line} of the CSV`))
  })

  it('of many lines whose quote is never closed is refused in a moment, and a long cell is read whole', () => {
    const long = 'photo.jpg,cat\n'.repeat(200_000)
    expect(() => parseCsv(`path,label\n"${long}`)).toThrow(/Line 2/)
    expect(cells(`path,label\n"${long}",cat\n`)[1]!.map(cell => cell.length)).toEqual([long.length, 3])
  })
})
