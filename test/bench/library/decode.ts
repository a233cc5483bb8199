// How fast the decode pool is beside a bare sharp loop that makes the same outputs of the same files, in turns, so that
// a busy machine slows both alike. Without thumbnails the loop only hashes and decodes: a photo smaller than its
// thumbnail is its own.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { createDecodePool } from '../../../src/main/pixels/pool/pool.ts'
import type { DecodeOutputs, DecodePool } from '../../../src/main/pixels/types.ts'
import { DECODER } from '../../main/pixels/pool-helpers.ts'
import { percentile, type Line } from './lines.ts'

export interface DecodeTrial {
  readonly name: string
  readonly folder: string
  readonly size: number
  readonly thumbnails: boolean
  /** Of the bare loop's pace. */
  readonly must: number
  /** Photos of a round, taken evenly from the folder. */
  readonly photos: number
}

/** The share of the bare loop's pace (median of the rounds), and the paces themselves. */
export async function benchDecode(
  { name, folder, size, thumbnails, must, photos }: DecodeTrial,
  rounds: number,
): Promise<Line[]> {
  sharp.cache(false)
  sharp.concurrency(1)
  const files = photosIn(folder, photos)
  const pool = createDecodePool({ decoderPath: DECODER })
  try {
    const outputs: DecodeOutputs = { thumbnail: thumbnails, quality: true, pixels: [{ size, channels: 3 }] }
    const byPool = () => perSecond(files.length, () => throughPool(pool, files, outputs))
    const byLoop = () => perSecond(files.length, () => throughLoop(files, path => bare(path, thumbnails ? size : null)))
    await byPool()
    const paces: { readonly loop: number; readonly pool: number }[] = []
    for (let i = 0; i < rounds; i++) paces.push({ loop: await byLoop(), pool: await byPool() })
    const shares = paces.map(pace => pace.pool / pace.loop)
    return [
      {
        work: `${name}: share of a bare sharp loop, median of ${rounds}`,
        unit: 'x',
        must: { atLeast: must },
        shown: percentile(shares, 0.5),
      },
      {
        work: `${name}: photos a second`,
        unit: '1/s',
        must: null,
        shown: percentile(
          paces.map(pace => pace.pool),
          0.5,
        ),
      },
      {
        work: `${name}: photos a second of the bare loop`,
        unit: '1/s',
        must: null,
        shown: percentile(
          paces.map(pace => pace.loop),
          0.5,
        ),
      },
    ]
  } finally {
    await pool.close()
  }
}

function photosIn(folder: string, wanted: number): string[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => /\.(jpe?g|png)$/i.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
  const step = Math.max(1, Math.floor(found.length / wanted))
  return found.filter((_, i) => i % step === 0).slice(0, wanted)
}

/** What sharp alone needs: full decode and, with thumbnails, thumbnail, training pixels, the small grey picture a hash
 *  starts from. */
async function bare(path: string, size: number | null): Promise<void> {
  const bytes = readFileSync(path)
  createHash('sha256').update(bytes).digest()
  await sharp(bytes).autoOrient().raw().toBuffer()
  if (size === null) return
  await sharp(bytes)
    .autoOrient()
    .resize(256, 256, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 80, effort: 1 })
    .toBuffer()
  await sharp(bytes).autoOrient().resize(size, size, { fit: 'fill' }).raw().toBuffer()
  await sharp(bytes).autoOrient().greyscale().resize(32, 32, { fit: 'fill' }).raw().toBuffer()
}

async function throughLoop(files: readonly string[], work: (path: string) => Promise<void>): Promise<void> {
  const rest = files.values()
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      for (const path of rest) await work(path)
    }),
  )
}

async function throughPool(pool: DecodePool, files: readonly string[], outputs: DecodeOutputs): Promise<void> {
  const requests = files.map((path, key) => ({ key, path, outputs }))
  for await (const result of pool.decode(requests, { signal: new AbortController().signal }))
    if (result.status === 'failed') throw new Error(result.problem.reason)
}

async function perSecond(photos: number, work: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await work()
  return photos / ((performance.now() - started) / 1000)
}
