// What a script writes into the docs is as the sources have it.

import { expect, it } from 'vitest'
import { trainingPage } from '../../scripts/docs.ts'

it('docs/training.md has the settings of the table: npm run docs writes them', () => {
  const { is, wanted } = trainingPage()
  expect(is).toBe(wanted)
})
