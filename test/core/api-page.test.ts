// docs/api.md is what scripts/api.ts writes of the sources now, and every example in it belongs to an export.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import * as core from '../../src/core/index.ts'
import { apiPage, exampleNames } from '../../scripts/api.ts'

const root = join(import.meta.dirname, '..', '..')
const page = apiPage(root)

it('says of every export what the sources say; else run "node scripts/api.ts"', () => {
  expect(readFileSync(join(root, 'docs/api.md'), 'utf8') === page, 'Run "node scripts/api.ts".').toBe(true)
  for (const name of Object.keys(core)) expect(page).toContain(`### ${name}\n`)
})

it('says something of every export: what it is, shapes, units, errors', () => {
  const entries = [...page.matchAll(/^### (\w+)\n\n```ts\n[\s\S]*?\n```\n\n([\s\S]*?)^From `/gm)]
  expect(entries.length).toBeGreaterThan(120)
  expect(entries.filter(([, , told]) => !/\w+ .*[.:\]]/.test(told!)).map(([, name]) => name)).toEqual([])
})

it('shows each example under an export', () => {
  for (const name of exampleNames(root)) expect(page).toContain(`### ${name}\n`)
})
