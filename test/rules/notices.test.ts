// THIRD-PARTY.md says of everything that is shipped under which licence it is, and the page bundles nothing else.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { bundled, noticesOf } from '../../scripts/notices.ts'
import { importsOf, root, sourcesIn } from './sources.ts'

const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>
}

it('the notices are those of the packages that are installed ("node scripts/notices.ts" writes them)', () => {
  const written = readFileSync(join(root, 'THIRD-PARTY.md'), 'utf8').replaceAll('\r\n', '\n')
  expect(written === noticesOf(root), 'THIRD-PARTY.md is older than node_modules; run node scripts/notices.ts').toBe(
    true,
  )
})

it('the notices know every package that the page imports', () => {
  const imported = sourcesIn('src', ['.ts', '.vue'])
    .flatMap(importsOf)
    .filter(({ typeOnly, target, specifier }) => !typeOnly && !/^[./]/.test(specifier) && !target.startsWith('node:'))
    .map(({ target }) => target)
  const known = [...Object.keys(dependencies), ...bundled, 'electron']
  expect([...new Set(imported)].filter(name => !known.includes(name))).toEqual([])
})
