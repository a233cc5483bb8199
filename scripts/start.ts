// `npm start`: builds, then opens the app: in Electron where its program is there or can be fetched in time, else in
// the browser. Never hangs on the fetch: it is given a minute and a half, and one line says how it went. `npm start --
// --browser` skips Electron.

import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildIfNeeded } from './build-if-needed.ts'

const root = join(import.meta.dirname, '..')
const electronFolder = join(root, 'node_modules', 'electron')
const patienceMs = Number(process.env['WINNOW_FETCH_SECONDS'] ?? 90) * 1000

/** A shell that ends with an error sooner than this never showed a window. */
const startMs = 5_000

const args = process.argv.slice(2)
await buildIfNeeded(root)
const electron = args.includes('--browser') ? null : await findElectron()
const code = electron && (await runElectron(electron, args))
if (code === null) await openInBrowser()
else process.exitCode = code

/** Electron's program, fetched if need be; null with one line said where there is none. */
async function findElectron(): Promise<string | null> {
  if (headless()) {
    console.log('There is no screen here: opening Winnow for a browser instead of as a desktop app.')
    return null
  }
  const there = installed()
  if (there) return there
  console.log(`Fetching the desktop shell (Electron, about 100 MB, once; at most ${patienceMs / 1000} s) ...`)
  const fetched = await fetchElectron()
  if (!fetched)
    console.log('The desktop shell could not be fetched: opening Winnow in the browser instead. It is the same app.')
  return fetched
}

function headless(): boolean {
  return process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']
}

function installed(): string | null {
  const pathFile = join(electronFolder, 'path.txt')
  const program = existsSync(pathFile) ? join(electronFolder, 'dist', readFileSync(pathFile, 'utf8')) : null
  return program !== null && existsSync(program) ? program : null
}

async function fetchElectron(): Promise<string | null> {
  const child = spawn(process.execPath, [join(electronFolder, 'install.js')], { stdio: 'ignore' })
  const ended = new Promise<void>(resolve => child.on('exit', () => resolve()).on('error', () => resolve()))
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs)
  await ended
  clearTimeout(timer)
  return installed()
}

/** The exit code; null with one line said where it could not start: a library or a screen it needs is missing. */
function runElectron(program: string, extra: readonly string[]): Promise<number | null> {
  const began = performance.now()
  return new Promise(resolve => {
    const failed = (reason: string) => {
      console.log(
        `The desktop shell did not start (${reason}): opening Winnow in the browser instead. It is the same app.`,
      )
      resolve(null)
    }
    const child = spawn(program, [root, ...extra], { stdio: 'inherit' })
    child.on('exit', (code, signal) =>
      code !== 0 && performance.now() - began < startMs ? failed(signal ?? `exit code ${code}`) : resolve(code ?? 1),
    )
    child.on('error', error => failed(error.message))
  })
}

async function openInBrowser(): Promise<void> {
  process.argv = [...process.argv.slice(0, 2), 'serve', ...(headless() ? [] : ['--open'])]
  await import(pathToFileURL(join(root, 'out', 'main', 'cli.js')).href)
}
