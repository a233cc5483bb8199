// What the service remembers of a GPU's tuning: by adapter, over restarts, and nothing where a file is gone or no file
// can be.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { tuningCacheRequests } from '../../../src/main/app/tuning-cache.ts'
import { tuningCache } from '../../../src/training/tuning-cache.ts'
import type { Client } from '../../../src/contract/table.ts'

const folders: string[] = []
const temporary = () => (folders.push(mkdtempSync(join(tmpdir(), 'winnow-cuts-'))), folders.at(-1)!)
afterEach(() => folders.splice(0).forEach(folder => rmSync(folder, { recursive: true, force: true })))

const never = new AbortController().signal

/** The part of a client that tuning uses, straight to the service's functions. */
function clientOf(folder: string): Client {
  const requests = tuningCacheRequests(folder) as unknown as Record<
    string,
    (params: unknown, signal: AbortSignal) => unknown
  >
  return { request: async (name: string, params: unknown) => requests[name]!(params, never) } as unknown as Client
}

const card = { vendor: 'acme', architecture: 'one', device: '0x1', description: 'Acme One, driver 5' }

describe('remembered cuts', () => {
  it('come back over restarts, for the same adapter, driver and runtime alone', async () => {
    const folder = temporary()
    await tuningCache(clientOf(folder))(card, 'dawn 1', false).memory.save('text')
    const load = (info: typeof card, runtime: string) =>
      tuningCache(clientOf(folder))(info, runtime, false).memory.load()
    expect(await load(card, 'dawn 1')).toBe('text')
    expect(await load({ ...card, description: 'Acme One, driver 6' }, 'dawn 1')).toBeUndefined()
    expect(await load(card, 'dawn 2')).toBeUndefined()
    expect(readdirSync(join(folder, 'cuts'))).toHaveLength(1)
  })

  it('are measured without being asked on a real GPU only', () => {
    const tuning = (software: boolean) => tuningCache(clientOf(temporary()))(card, 'dawn 1', software).measures
    expect([tuning(false), tuning(true)]).toEqual([true, false])
  })

  it('are none where the folder cannot be', async () => {
    const file = join(temporary(), 'a file')
    writeFileSync(file, '')
    const { memory } = tuningCache(clientOf(file))(card, 'dawn 1', false)
    expect(await memory.load()).toBeUndefined()
    await expect(memory.save('text')).rejects.toThrow('ENOTDIR')
  })
})
