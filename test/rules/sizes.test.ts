// No file outgrows its reader: 550 lines are the end. `npm run check` prints the largest ten.

import { expect, it } from 'vitest'
import { sourcesIn } from './sources.ts'

const most = 550

it('no source, test or script has more than 550 lines', () => {
  const all = [
    ...sourcesIn('src', ['.ts', '.vue', '.css']),
    ...sourcesIn('test', ['.ts']),
    ...sourcesIn('scripts', ['.ts', '.sh']),
    ...sourcesIn('shaders', ['.wgsl']),
  ]
  const found = all
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > most)
  expect(found.map(({ path, lines }) => `${path} has ${lines} lines; split it by what its parts are for.`)).toEqual([])
})

it('every source of the app opens by saying what it is', () => {
  const silent = sourcesIn('src', ['.ts']).filter(
    ({ path, text }) => !path.endsWith('.d.ts') && !text.startsWith('// '),
  )
  expect(silent.map(({ path }) => `${path} does not open with a comment that says what it is.`)).toEqual([])
})
