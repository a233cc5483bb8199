// What a library must bear: twenty kills at random points of import, labelling and migration; failure of the disk at
// every operation of import, backup, checkpoint and migration. The tests of the ordinary suite, at all their points.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Story } from './steps/winnow.ts'

const stories = [
  {
    what: 'kill -9 at 20 random points of import',
    files: ['test/main/library/import/import.test.ts'],
    name: 'kill -9',
  },
  {
    what: 'kill -9 at 20 random points of labelling and of migration',
    files: ['test/main/library/durability.test.ts'],
    name: 'kill -9',
  },
  { what: 'failure at every operation of migration', files: ['test/main/faults'], name: 'a migration' },
  { what: 'failure at every operation of backup', files: ['test/main/faults'], name: 'a backup' },
  { what: 'failure at every operation of checkpoint', files: ['test/main/faults'], name: 'a checkpoint' },
  { what: 'failure at every operation of import', files: ['test/main/faults'], name: 'an import' },
] as const

export async function durability({ root, report }: Story): Promise<void> {
  for (const { what, files, name } of stories) {
    const began = performance.now()
    const held = await passes(root, [...files, '-t', name])
    report.add({
      what,
      must: 'opens whole, nothing acknowledged lost, ends the same',
      shown: held ? 'so it does' : 'a test failed',
      held,
      seconds: (performance.now() - began) / 1000,
    })
  }
}

async function passes(root: string, args: readonly string[]): Promise<boolean> {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const child = spawn(process.execPath, [vitest, 'run', '--project', 'node', ...args], {
    cwd: root,
    env: { ...process.env, WINNOW_FAULTS: 'all' },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return await new Promise(done => child.once('close', code => done(code === 0)))
}
