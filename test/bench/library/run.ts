// `npm run bench -- library [--data <folder>] [--only rows,hashes,import,decode] [--photos 100000]`: what the library
// must show, each line with its limit and, where there is one, its anchor in the same run. Lines go to
// test/bench/results.jsonl. Exit 1 when one is missed. Fifteen minutes on two free cores; `decode` needs the data
// folder that `npm run accept` takes.

import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { photosRoot } from '../../accept/steps/find.ts'
import { benchDecode } from './decode.ts'
import { benchHashes } from './hashes.ts'
import { benchImport } from './import.ts'
import { describeLine, isMet, type Line } from './lines.ts'
import { benchRows } from './rows.ts'

/** Answers the exit code. */
export async function benchLibrary(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { data: { type: 'string' }, only: { type: 'string' }, photos: { type: 'string', default: '100000' } },
  })
  const wanted = (part: string) => !values.only || values.only.split(',').includes(part)
  const lines: Line[] = []
  const show = (more: readonly Line[]) => {
    for (const line of more) console.log(describeLine(line))
    lines.push(...more)
  }
  if (wanted('rows')) {
    show(await benchRows(100_000))
    show(await benchRows(1_000_000))
  }
  if (wanted('hashes')) show(benchHashes())
  if (wanted('import')) show(await benchImport(Number(values.photos)))
  if (wanted('decode') && values.data) show(await decodeLines(resolve(values.data)))
  if (wanted('decode') && !values.data) console.log('    decode: not run, for want of --data <folder>')
  record(lines)
  return lines.every(isMet) ? 0 : 1
}

async function decodeLines(data: string): Promise<Line[]> {
  const work = mkdtempSync(join(tmpdir(), 'winnow-bench-'))
  try {
    for (const archive of ['clothing-photos.tar', 'mnist-png.tar.gz'])
      execFileSync('tar', ['xf', join(data, archive), '-C', work, '--one-top-level'])
    const clothing = {
      name: 'clothing photos',
      folder: photosRoot(join(work, 'clothing-photos')),
      size: 64,
      thumbnails: true,
      must: 0.8,
      photos: 1200,
    }
    const digits = {
      name: 'MNIST',
      folder: photosRoot(join(work, 'mnist-png')),
      size: 28,
      thumbnails: false,
      must: 0.6,
      photos: 70_000,
    }
    const shown = await benchDecode(clothing, 3)
    const cleanvision: Line = {
      work: 'clothing photos: beside cleanvision on 2 cores (93 a second)',
      unit: 'x',
      must: { atLeast: 2 },
      shown: shown[1]!.shown / 93,
    }
    return [...shown, cleanvision, ...(await benchDecode(digits, 3))]
  } finally {
    rmSync(work, { recursive: true })
  }
}

function record(lines: readonly Line[]): void {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  }).trim()
  const common = { commit, date: new Date().toISOString(), subject: 'library' }
  appendFileSync(
    join(import.meta.dirname, '..', 'results.jsonl'),
    lines.map(line => `${JSON.stringify({ ...common, ...line })}\n`).join(''),
  )
}
