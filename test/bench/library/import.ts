// A hundred thousand small photos imported by the service in a process of its own, whose memory is watched; then that
// library opened anew until its first page of thumbnails is there.

import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { png } from '../../main/pixels/decode/image-writers.ts'
import type { Line } from './lines.ts'

const side = 28

/** Makes `photos` PNG files of another content each, imports them and opens the library again. */
export async function benchImport(photos: number): Promise<Line[]> {
  const home = mkdtempSync(join(tmpdir(), 'winnow-bench-'))
  try {
    const folder = join(home, 'photos')
    for (let i = 0; i < photos; i++) writePhoto(folder, i)
    const imported = await run(home, 'import')
    const opened = await run(home, 'open')
    const name = photos.toLocaleString('en')
    return [
      { work: `import of ${name}: memory of the service`, unit: 'MB', must: 400, shown: imported.peakMb! },
      { work: `import of ${name}: photos a second`, unit: '1/s', must: null, shown: photos / (imported.ms! / 1000) },
      { work: `open ${name}: to the first page of thumbnails`, unit: 'ms', must: 1000, shown: opened.ms! },
    ]
  } finally {
    rmSync(home, { recursive: true })
  }
}

function writePhoto(folder: string, i: number): void {
  const target = join(folder, `class ${i % 10}`, String(Math.floor(i / 5000)))
  mkdirSync(target, { recursive: true })
  const pixel = (x: number, y: number) => Math.imul(i * 7919 + (x >> 2) * 31 + (y >> 2) * 977, 0x2c1b3c6d) >>> 24
  writeFileSync(
    join(target, `${i}.png`),
    png(side, side, (x, y) => [pixel(x, y), pixel(y, x), pixel(x + y, y)]),
  )
}

async function run(home: string, work: 'import' | 'open'): Promise<Record<string, number>> {
  const child = spawn(
    process.execPath,
    [...nodeOptions(), join(import.meta.dirname, 'service-process.ts'), home, work],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let last = '{}'
  for await (const line of createInterface({ input: child.stdout })) last = line
  return JSON.parse(last) as Record<string, number>
}

/** Those that `npm run winnow` starts Node with. */
function nodeOptions(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8')) as {
    scripts: { winnow: string }
  }
  return scripts.winnow.split(' ').filter(word => word.startsWith('--'))
}
