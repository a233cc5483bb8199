// The terminal host's entry. The version of Node is checked before anything that would crash on an old one is loaded.

import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { toErrorRecord } from '../../contract/errors.ts'
import { checkNodeVersion } from '../db/node-version.ts'
import { interruptSignal, leaveWithReader } from './cli/interrupt.ts'
import { appFolders } from './folders.ts'
import { maxPixelsFrom } from './limits.ts'

const out = import.meta.dirname
const root = join(out, '..', '..')

leaveWithReader(process)
try {
  checkNodeVersion()
  const { runCli } = await import('./cli/run.ts')
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  process.exitCode = await runCli(process.argv.slice(2), {
    files: {
      root,
      decoder: join(out, 'decoder.js'),
      checker: join(out, 'checker.js'),
      page: join(out, '..', 'renderer'),
    },
    folders: appFolders(process.env, process.platform, homedir()),
    home: homedir(),
    cwd: process.env['INIT_CWD'] ?? process.cwd(),
    version,
    maxPixels: maxPixelsFrom(process.env),
    stdout: process.stdout,
    stderr: process.stderr,
    signal: interruptSignal(process),
  })
} catch (error) {
  const { message, fix } = toErrorRecord(error)
  process.stderr.write(`${message}\n${fix}\n`)
  process.exitCode = 1
}
