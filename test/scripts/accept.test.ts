// `npm run accept` takes real photos and an hour; that it starts at all shows here.

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const accept = (...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'scripts/accept.ts'), ...args], { encoding: 'utf8' })

it('asks for the data', () => {
  const { status, stderr } = accept()
  expect([status, stderr.trim()]).toEqual([2, 'Say where the data is: npm run accept -- --data <folder>'])
})

it('names its stories', () => {
  const { status, stderr } = accept('--data', '.', '--only', 'nothing')
  expect(status).toBe(2)
  expect(stderr).toMatch(/^There is no story "nothing". Choose among .*quick-models.*fine-tuned/)
})
