// Every file of the corpus through the real pool: each gets exactly one result with its code, and nothing stops.

import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDecodePool } from '../../../../src/main/pixels/pool/pool.ts'
import type { DecodeResult } from '../../../../src/main/pixels/types.ts'
import { makeCorpus, picture } from './corpus.ts'
import { DECODER, decodeAll } from '../pool-helpers.ts'

const corpus = await makeCorpus()
let folder: string
let results: Map<number, DecodeResult>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'winnow-corpus-'))
  for (const file of corpus) writeFileSync(join(folder, file.name), file.bytes)
  const pool = createDecodePool({ decoderPath: DECODER, processes: 2 })
  results = await decodeAll(
    pool,
    corpus.map(file => join(folder, file.name)),
  )
  await pool.close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('there are more than sixty kinds, each with one result', () => {
  expect(corpus.length).toBeGreaterThan(60)
  expect(new Set(corpus.map(file => file.name)).size).toBe(corpus.length)
  expect(results.size).toBe(corpus.length)
})

describe('each file gets its code', () => {
  test.each(corpus.map((file, key) => ({ ...file, key })))('$name: $expect', file => {
    const result = results.get(file.key)!
    const got = result.status === 'ok' ? 'ok' : result.problem.code
    expect(got).toBe(file.expect)
    if (result.status === 'ok') {
      expect({ format: result.format, pages: result.pages }).toEqual({ format: file.format, pages: file.pages ?? 1 })
      expect(result.warnings.map(warning => warning.code)).toEqual(file.warning ? [file.warning] : [])
      expect(result.pixels[0]!.data.length).toBe(16 * 16 * 3)
    } else {
      expect(result.problem.reason).toContain(file.name.normalize('NFC'))
      expect(result.problem.reason).toContain(file.says ?? '')
      expect(result.thumbnail !== null).toBe(file.shown ?? false)
      expect(result.sizeBytes).toBe(file.bytes.length)
    }
  })
})

describe('files that are not plain photos', () => {
  const decodeOne = async (
    path: string,
    options: { maxBytes?: number; maxPixels?: number } = {},
  ): Promise<DecodeResult> => {
    const pool = createDecodePool({ decoderPath: DECODER, processes: 1, ...options })
    try {
      return (await decodeAll(pool, [path])).get(0)!
    } finally {
      await pool.close()
    }
  }

  test('a folder, a missing file and a dangling link are named as such; a good link is followed', async () => {
    mkdirSync(join(folder, 'folder.jpg'))
    symlinkSync(join(folder, 'nowhere.jpg'), join(folder, 'dangling.jpg'))
    symlinkSync(join(folder, 'baseline.jpg'), join(folder, 'link.jpg'))
    expect(await decodeOne(join(folder, 'folder.jpg'))).toMatchObject({
      problem: { code: 'unreadable', reason: expect.stringContaining('not a plain file') },
    })
    expect(await decodeOne(join(folder, 'gone.jpg'))).toMatchObject({ problem: { code: 'missing' } })
    expect(await decodeOne(join(folder, 'dangling.jpg'))).toMatchObject({ problem: { code: 'missing' } })
    expect(await decodeOne(join(folder, 'link.jpg'))).toMatchObject({ status: 'ok' })
  })

  test.runIf(process.platform !== 'win32')('a pipe does not hang the decoder', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe.jpg')])
    expect(await decodeOne(join(folder, 'pipe.jpg'))).toMatchObject({ problem: { code: 'unreadable' } })
  })

  test('a file without permission says so', async () => {
    const path = join(folder, 'secret.jpg')
    writeFileSync(path, await picture().jpeg().toBuffer())
    chmodSync(path, 0)
    // The superuser may read everything, so the reader becomes nobody.
    const script = `
      const { lookAtFile, readWholeFile } = await import('./src/main/pixels/decode/read-file.ts')
      process.getuid() === 0 && process.setuid(65534)
      try {
        readWholeFile(${JSON.stringify(path)}, lookAtFile(${JSON.stringify(path)}), 1e9)
      } catch ({ code, values }) {
        console.log(code, JSON.stringify(values))
      }`
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: join(import.meta.dirname, '../../../..'),
      encoding: 'utf8',
    })
    expect(printed).toContain('unreadable')
    expect(printed).toContain('permission')
  })

  test("limits of bytes and pixels are the pool's", async () => {
    const path = join(folder, 'baseline.jpg')
    expect(await decodeOne(path, { maxBytes: 100 })).toMatchObject({
      sha256: null,
      problem: { code: 'too-large', values: { limit: 100 } },
    })
    expect(await decodeOne(path, { maxPixels: 96 * 64 - 1 })).toMatchObject({
      problem: { code: 'too-large', values: { pixels: 96 * 64 } },
    })
    expect(await decodeOne(path, { maxPixels: 96 * 64 })).toMatchObject({ status: 'ok' })
  })
})
