// Writes one file of each kind that docs/pixels.md names into a folder, decodes each, and says what became of it. Fails
// where the page's table names other files, or says something else of one.
//
//     node scripts/photo-kinds.ts [folder]

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeFile } from '../src/main/pixels/decode/decode-file.ts'
import type { DecodeResult } from '../src/main/pixels/types.ts'
import { makeKinds } from '../test/main/pixels/decode/kinds.ts'

const limits = { maxPixels: 1e8, maxBytes: 1e8 }
const outputs = { thumbnail: false, quality: false, pixels: [] }

/** Rows of the page's table of files: what each kind is, and what becomes of it, by the name of its example. */
function readTable(): Map<string, string> {
  const page = readFileSync(new URL('../docs/pixels.md', import.meta.url), 'utf8')
  const rows = page.matchAll(/^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$/gm)
  return new Map([...rows].map(([, name, what, becomes]) => [name!, `${what!.trim()}: ${becomes!.trim()}`]))
}

function said(result: DecodeResult): string {
  if (result.status === 'failed') return result.problem.code
  return ['read', ...result.warnings.map(warning => warning.code)].join(', ')
}

const given = process.argv[2]
const folder = given ?? mkdtempSync(join(tmpdir(), 'winnow-kinds-'))
mkdirSync(folder, { recursive: true })
const table = readTable()
const wrong: string[] = []
for (const { name, what, bytes } of await makeKinds()) {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  const result = await decodeFile({ key: 0, path, outputs }, limits)
  const found = `${what}: ${said(result)}`
  console.log(`| \`${name}\` | ${what} | ${said(result)} |`)
  if (table.get(name) !== found)
    wrong.push(`${name}: the page says "${table.get(name) ?? 'nothing'}", found "${found}"`)
  table.delete(name)
}
for (const name of table.keys()) wrong.push(`${name} is on the page, and is not made here.`)
if (!given) rmSync(folder, { recursive: true, force: true })
for (const line of wrong) console.error(line)
process.exitCode = wrong.length > 0 ? 1 : 0
