// kill -9 while checkpoints are being written: whenever it comes, the checkpoint is whole, one of those that were sent,
// and the next start clears away what was half written.

import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeCheckpoint } from '../../../src/core/io/checkpoint.ts'
import { createLibrary, openLibrary } from '../../../src/main/library/library.ts'
import { recoverRuns } from '../../../src/main/runs/recover.ts'
import { getRun, insertRun, setState } from '../../../src/main/runs/rows.ts'
import { temporaryFolder } from '../library/helpers.ts'

const now = () => new Date('2026-01-02T03:04:05Z')
const repository = resolve(import.meta.dirname, '../../..')

/** Writes checkpoint after checkpoint of run 1, each with its number as step, and says each number once it is safe. */
const writer = (folder: string) => `
  import { encodeCheckpoint } from '${repository}/src/core/io/checkpoint.ts'
  import { openLibrary } from '${repository}/src/main/library/library.ts'
  import { writeCheckpoint } from '${repository}/src/main/runs/files/checkpoints.ts'
  import { describeModel, makeWeights } from '${repository}/test/core/io/models.ts'
  const { library } = await openLibrary(${JSON.stringify(folder)}, () => new Date())
  const model = { ...describeModel([{ type: 'flatten' }, { type: 'dense', name: 'fc', units: 2, bias: true }], 2), classes: ['a', 'b'] }
  const weights = makeWeights({ 'fc.weight': [2, 192], 'fc.bias': [2], ballast: [60000] })
  for (let step = 1; ; step++) {
    await writeCheckpoint({ library }, 1, 'last', encodeCheckpoint({ model, weights, epoch: 0, step, optimizer: null, average: null, settings: {} }))
    process.stdout.write(step + '\\n')
  }`

/** Runs the writer until it has said `count` numbers, then kills it a moment later; answers the last number it said. */
async function writeAndKill(folder: string, count: number, delayMs: number): Promise<number> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', writer(folder)], { cwd: repository })
  let said = ''
  let wrong = ''
  child.stderr.on('data', text => (wrong += String(text)))
  const over = new Promise(done => child.once('close', done))
  child.stdout.on('data', text => {
    said += String(text)
    if (said.split('\n').length > count) setTimeout(() => child.kill('SIGKILL'), delayMs)
  })
  await over
  expect(wrong).toBe('')
  return Number(said.trim().split('\n').at(-1))
}

describe('a crash while checkpoints are written', () => {
  it('leaves a whole one, at least as new as the last that was promised, and nothing half written after the next start', async () => {
    const base = temporaryFolder()
    const { library, close } = await createLibrary(base, 'Crash', now)
    const settings = {
      preset: 'softmax',
      size: 8,
      channels: 3,
      epochs: 1,
      batch: 1,
      rate: 1,
      seed: 1,
      augment: false,
    } as const
    insertRun(library.db, {
      createdAt: '',
      settings,
      labelRevision: 0,
      classes: [
        { id: 1, name: 'a' },
        { id: 2, name: 'b' },
      ],
      rows: [],
    })
    setState(library.db, 1, 'running', null, null)
    close()
    const runFolder = join(library.paths.runs, '1')
    for (const [round, delay] of [0, 1, 3].entries()) {
      const promised = await writeAndKill(library.paths.folder, 3, delay)
      const { step } = decodeCheckpoint(readFileSync(join(runFolder, 'last.safetensors')))
      expect([round, step]).toEqual([
        round,
        expect.toSatisfy((value: number) => value === promised || value === promised + 1),
      ])
    }
    writeFileSync(join(runFolder, '.last.safetensors-01234567-89ab-cdef-0123-456789abcdef.part'), 'half')
    writeFileSync(join(runFolder, '.notes'), "someone else's")

    const again = await openLibrary(library.paths.folder, now)
    recoverRuns(again)
    expect(getRun(again.library.db, 1)).toMatchObject({
      state: 'failed',
      error: { code: 'run-interrupted', fix: expect.stringContaining('from its last checkpoint') },
    })
    again.close()
    expect(readdirSync(runFolder).toSorted()).toEqual(['.notes', 'last.safetensors', 'last.safetensors.sha256'])
  })
})
