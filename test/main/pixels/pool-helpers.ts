// Small things that tests of the decode pool share.

import { fileURLToPath } from 'node:url'
import type { DecodeOutputs, DecodePool, DecodeResult } from '../../../src/main/pixels/types.ts'

/** The decoder's entry as plain Node runs it. */
export const DECODER = fileURLToPath(new URL('../../../src/main/pixels/pool/decoder.ts', import.meta.url))

export const everything: DecodeOutputs = { thumbnail: true, quality: true, pixels: [{ size: 16, channels: 3 }] }

/** Decodes all paths; keys are their positions. Fails on a second result for a key. */
export async function decodeAll(
  pool: DecodePool,
  paths: readonly string[],
  outputs = everything,
  signal = new AbortController().signal,
): Promise<Map<number, DecodeResult>> {
  const results = new Map<number, DecodeResult>()
  for await (const result of pool.decode(
    paths.map((path, key) => ({ key, path, outputs })),
    { signal },
  )) {
    if (results.has(result.key)) throw new Error(`Two results for ${paths[result.key]}.`)
    results.set(result.key, result)
  }
  return results
}
