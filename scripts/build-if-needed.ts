// Builds out/ when a source is newer than it. Quiet: one line on stderr while it builds, the builder's words only when
// it fails. The build is made beside out/ and then put in its place, so that an interrupted build leaves the old one
// whole.

import { existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'electron-vite'
import { buildWasm } from './build-wasm.ts'

const inputs = [
  'src',
  'shaders',
  'build/cpu-kernels.js',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
]

/** `root` is the repository. Throws what the builder throws. */
export async function buildIfNeeded(root: string): Promise<void> {
  buildWasm()
  const out = join(root, 'out')
  const stamp = join(out, 'built')
  const newest = Math.max(...inputs.map(input => newestTime(join(root, input))))
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= newest) return
  const began = performance.now()
  if (process.stderr.isTTY) process.stderr.write('Building Winnow ...')
  await buildInto(root, out, newest)
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K`)
  else process.stderr.write(`Built Winnow in ${((performance.now() - began) / 1000).toFixed(1)} s.\n`)
}

async function buildInto(root: string, out: string, newest: number): Promise<void> {
  const next = join(root, 'node_modules', '.cache', `winnow-build-${process.pid}`)
  const before = process.env['NODE_ENV']
  const from = process.cwd()
  try {
    process.chdir(root) // the builder reads the package.json of the folder it is in
    await build({ root, logLevel: 'error', build: { outDir: next, emptyOutDir: true } })
    writeFileSync(join(next, 'built'), new Date(newest).toISOString())
    rmSync(out, { recursive: true, force: true })
    renameSync(next, out)
  } finally {
    process.chdir(from)
    // The builder leaves 'production' behind, and tools started after it would test Vue's production build.
    if (before === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = before
    rmSync(next, { recursive: true, force: true })
  }
}

/** Of the file, or of everything below the folder, removals included (they change their folder's time). */
function newestTime(path: string): number {
  const own = statSync(path, { throwIfNoEntry: false })
  if (!own) return 0
  if (!own.isDirectory()) return own.mtimeMs
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestTime(join(path, name))), own.mtimeMs)
}
