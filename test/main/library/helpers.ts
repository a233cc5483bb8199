// For tests of the library: temporary folders that go away, errors as values, and scripts in a Node process of their
// own.

import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach } from 'vitest'
import type { ServiceError } from '../../../src/contract/errors.ts'

const repository = resolve(import.meta.dirname, '../../..')
const folders: string[] = []
const children: ChildProcess[] = []
const closers: (() => unknown)[] = []

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const close of closers.splice(0).toReversed()) await close()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** Deleted after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-test-'))
  chmodSync(folder, 0o755)
  folders.push(folder)
  return folder
}

/** Called after the test, the last first, before temporary folders go: what closes may still write there. */
export function closeAfterTest(close: () => unknown): void {
  closers.push(close)
}

/** What a promise or function fails with; a test that expects a failure fails when there is none. */
export async function failure(work: Promise<unknown> | (() => unknown)): Promise<ServiceError> {
  try {
    await (typeof work === 'function' ? work() : work)
  } catch (error) {
    return error as ServiceError
  }
  throw new Error('It was expected to fail and did not.')
}

interface Finished {
  readonly stdout: string
  readonly stderr: string
}

/** Runs an ES module text from the repository's root to its end. */
export async function runNode(script: string, options: { uid?: number | undefined } = {}): Promise<Finished> {
  const { child, output } = launch(script, options.uid)
  await new Promise(done => child.once('close', done))
  return output
}

export interface RunningNode {
  readonly pid: number
  /** What it has printed so far. */
  output(): string
  /** kill -9, and wait for the end. */
  kill(): Promise<void>
}

/** Starts a module text and waits until it has printed `word`. */
export async function startNode(script: string, word: string): Promise<RunningNode> {
  const { child, output } = launch(script, undefined)
  const closed = new Promise(done => child.once('close', done))
  await new Promise<void>((done, fail) => {
    child.stdout!.on('data', () => output.stdout.includes(word) && done())
    void closed.then(() => fail(new Error(`It ended without "${word}": ${output.stdout}${output.stderr}`)))
  })
  return {
    pid: child.pid!,
    output: () => output.stdout,
    async kill() {
      child.kill('SIGKILL')
      await closed
    },
  }
}

function launch(script: string, uid: number | undefined) {
  const child = spawn(
    process.execPath,
    ['--import', './test/bench/raw-imports.ts', '--input-type=module', '--eval', script],
    {
      cwd: repository,
      ...(uid === undefined ? {} : { uid, gid: uid }),
    },
  )
  children.push(child)
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', text => {
    output.stdout += String(text)
  })
  child.stderr.on('data', text => {
    output.stderr += String(text)
  })
  return { child, output }
}
