// How fast the decode pool is beside a bare sharp loop on the same files, in turns, so that a busy machine slows both alike.
//   node test/main/pixels/bench.ts <folder of photos> [--size 64] [--count 600] [--no-thumbnails] [--rounds 3]
// Prints one JSON line: photos a second of both and the median ratio.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { createDecodePool } from '../../../src/main/pixels/pool.ts'
import type { DecodePool } from '../../../src/main/pixels/types.ts'
import { DECODER } from './pool-helpers.ts'

const { values, positionals: [folder] } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: 'string', default: '64' }, count: { type: 'string', default: '600' }, rounds: { type: 'string', default: '3' },
    'no-thumbnails': { type: 'boolean', default: false },
  },
})
if (!folder) throw new Error('Give a folder of photos.')
const size = Number(values.size)
const thumbnails = !values['no-thumbnails']
const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => /\.(jpe?g|png)$/i.test(entry.name))
  .map(entry => join(entry.parentPath, entry.name)).sort()
const step = Math.max(1, Math.floor(found.length / Number(values.count)))
const files = found.filter((_, i) => i % step === 0).slice(0, Number(values.count))

/** What sharp alone needs for the same outputs: full decode, thumbnail, training pixels, the small grey picture a hash starts from. */
async function bare(path: string): Promise<void> {
  const bytes = readFileSync(path)
  createHash('sha256').update(bytes).digest()
  await sharp(bytes).autoOrient().raw().toBuffer()
  if (!thumbnails) return
  await sharp(bytes).autoOrient().resize(256, 256, { fit: 'inside', withoutEnlargement: true }).webp({ quality: 80, effort: 1 }).toBuffer()
  await sharp(bytes).autoOrient().resize(size, size, { fit: 'fill' }).raw().toBuffer()
  await sharp(bytes).autoOrient().greyscale().resize(32, 32, { fit: 'fill' }).raw().toBuffer()
}

async function runBare(): Promise<void> {
  const rest = files.values()
  await Promise.all(Array.from({ length: availableParallelism() }, async () => { for (const path of rest) await bare(path) }))
}

async function runPool(pool: DecodePool): Promise<void> {
  const outputs = { thumbnail: thumbnails, quality: true, pixels: [{ size, channels: 3 as const }] }
  const requests = files.map((path, key) => ({ key, path, outputs }))
  for await (const result of pool.decode(requests, { signal: new AbortController().signal })) if (result.status === 'failed') console.error(result.problem.reason)
}

async function perSecond(work: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await work()
  return files.length / ((performance.now() - started) / 1000)
}

sharp.cache(false)
sharp.concurrency(1)
const pool = createDecodePool({ decoderPath: DECODER })
await runPool(pool)
const rounds: { bare: number, pool: number }[] = []
for (let i = 0; i < Number(values.rounds); i++) rounds.push({ bare: await perSecond(runBare), pool: await perSecond(() => runPool(pool)) })
await pool.close()
const ratios = rounds.map(round => round.pool / round.bare).sort((a, b) => a - b)
const median = ratios[Math.floor(ratios.length / 2)]!
console.log(JSON.stringify({
  photos: files.length, size, thumbnails, rounds: rounds.map(round => ({ bare: Math.round(round.bare), pool: Math.round(round.pool) })), ratio: Number(median.toFixed(2)),
}))
