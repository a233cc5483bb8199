// Faults of the disk for tests, as real as a test can have them. A limit of the system on the size of files makes every
// write beyond it fail, SQLite's and ours; and the n-th call of node:fs that changes something can be made to fail with
// a code. All faults end with the call.

import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { expect } from 'vitest'

/** WINNOW_FAULTS=all tries every point and twenty kills, as `npm run accept` does; otherwise a part of them, spread
 *  evenly. */
export const thorough = process.env['WINNOW_FAULTS'] === 'all'

export const faultCodes = ['ENOSPC', 'EIO', 'EACCES'] as const

/** What a person is told when the disk does not do as it should. */
export const told = ['backup-failed', 'disk-full', 'disk-failed', 'library-not-writable', 'library-damaged']

/** Runs `work` while no file of this process may grow beyond `bytes` (the rest of a write that reaches it fails with
 *  EFBIG). */
export async function withFileLimit<T>(bytes: number, work: () => Promise<T>): Promise<T> {
  setFileLimit(String(bytes))
  try {
    return await work()
  } finally {
    setFileLimit('unlimited')
  }
}

function setFileLimit(limit: string): void {
  const { status, stderr } = spawnSync('prlimit', ['--pid', String(process.pid), `--fsize=${limit}:unlimited`], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`prlimit did not set the limit of file sizes to ${limit}: ${stderr}`)
}

const changing = [
  'openSync',
  'writeSync',
  'fsyncSync',
  'fdatasyncSync',
  'renameSync',
  'mkdirSync',
  'ftruncateSync',
] as const
const changingLater = ['open', 'rename', 'mkdir'] as const
const ofHandle = ['writeFile', 'write', 'sync', 'datasync'] as const

/** Runs `work` with the n-th changing call of node:fs failing (from 0); answers whether there were so many. */
export async function withFaultAt(n: number, code: string, work: () => Promise<unknown>): Promise<boolean> {
  let calls = 0
  const guard =
    <A extends unknown[], R>(call: (...args: A) => R, fail: (error: Error) => R) =>
    (...args: A): R =>
      calls++ === n ? fail(Object.assign(new Error(`${code}: made to fail by a test`), { code })) : call(...args)
  const thrown = (failure: Error): never => {
    throw failure
  }
  const rejected = async (failure: Error): Promise<never> => {
    throw failure
  }
  const sync = fs as unknown as Record<string, (...args: unknown[]) => unknown>
  const later = fs.promises as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
  const kept = changing.map(name => [name, sync[name]!] as const)
  const keptLater = changingLater.map(name => [name, later[name]!] as const)
  for (const name of changing) sync[name] = guard(sync[name]!.bind(fs), thrown)
  for (const name of changingLater) later[name] = guard(later[name]!.bind(fs.promises), rejected)
  const open = later['open']!
  later['open'] = async (...args) => {
    const handle = (await open(...args)) as Record<string, (...args: unknown[]) => Promise<unknown>>
    for (const name of ofHandle) handle[name] = guard(handle[name]!.bind(handle), rejected)
    return handle
  }
  syncBuiltinESMExports()
  try {
    await work()
  } finally {
    for (const [name, call] of kept) sync[name] = call
    for (const [name, call] of keptLater) later[name] = call
    syncBuiltinESMExports()
  }
  return calls > n
}

/** The error's code, which must be one that a person is told with a sentence and what to do. */
export async function toldCode(work: Promise<unknown>): Promise<string | null> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown as { code?: string; fix?: string; message: string },
  )
  if (!error) return null
  expect(told, error.message).toContain(error.code)
  expect(error.fix).toBeTruthy()
  return error.code!
}
