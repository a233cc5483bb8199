// Every kind of file that docs/pixels.md names: what is read shows the picture that was written, and the page, the
// script that makes the files and the table of problems agree.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { problemCodes, problems } from '../../../../src/contract/problems.ts'
import { decodeImage } from '../../../../src/main/pixels/decode/decode-image.ts'
import { sniff } from '../../../../src/main/pixels/decode/sniff.ts'
import { PhotoError } from '../../../../src/main/pixels/reasons.ts'
import type { Raster } from '../../../../src/main/pixels/resize/resample.ts'
import { makeKinds, size, truth, truthGrey, type PhotoKind } from './kinds.ts'

const kinds = await makeKinds()
const root = join(import.meta.dirname, '../../../..')
const page = readFileSync(join(root, 'docs/pixels.md'), 'utf8')
/** Mean difference in levels: of coding, of 4 bits, and of a palette of 256 colours. */
const LEVELS = { colour: 4, grey: 5, coarse: 24 }

function difference({ data }: Raster, shows: 'colour' | 'grey' | 'coarse'): number {
  let sum = 0
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3)
    const [x, y] = [pixel % size.width, Math.floor(pixel / size.width)]
    sum += Math.abs(data[i]! - (shows === 'grey' ? truthGrey(x, y) : truth(x, y)[i % 3]!))
  }
  return sum / data.length
}

async function decode({ bytes }: PhotoKind) {
  const sniffed = sniff(bytes)
  if (sniffed.kind === 'unsupported') throw new PhotoError('unsupported', { format: sniffed.name })
  if (sniffed.kind === 'unknown') throw new PhotoError('not-an-image')
  return decodeImage(bytes, sniffed.format, 1e6)
}

describe('each kind', () => {
  test.each(kinds.filter(kind => kind.becomes === 'read'))('$name: $what is read', async kind => {
    const { raster, damage, notes } = await decode(kind)
    expect(damage).toBeNull()
    expect(notes.map(note => note.code)).toEqual(kind.note ? [kind.note] : [])
    if (!kind.shows) return
    expect([raster.width, raster.height]).toEqual([size.width, size.height])
    expect(difference(raster, kind.shows)).toBeLessThan(LEVELS[kind.shows])
  })

  test.each(kinds.filter(kind => kind.becomes !== 'read'))('$name: $what is refused by its name', async kind => {
    const error = await decode(kind).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(PhotoError)
    expect((error as PhotoError).code).toBe(kind.becomes)
    expect(String((error as PhotoError).values['format']).length).toBeGreaterThan(2)
  })
})

describe('docs/pixels.md', () => {
  test('says of every kind what becomes of it', () => {
    const printed = execFileSync(process.execPath, ['scripts/photo-kinds.ts'], { cwd: root, encoding: 'utf8' })
    expect(printed.trim().split('\n')).toHaveLength(kinds.length)
  })

  test('has the limits of the table of problems', () => {
    const shown = new Map(
      [...page.matchAll(/^\| ([a-z -]+) \| [^|]+ \| ([\d.]*) \|$/gm)].map(([, flag, limit]) => [flag!.trim(), limit]),
    )
    for (const code of problemCodes) {
      const row = problems[code]
      if ('limit' in row) expect(shown.get(code.replace('-', ' ')), code).toBe(String(row.limit))
    }
  })
})
