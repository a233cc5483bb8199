// One limit for all tests, which a busy machine keeps too: a test with a smaller one of its own fails by chance.

import { expect, it } from 'vitest'
import { sourcesIn } from './sources.ts'

const common = 600_000

it('no test has a limit below the common one', () => {
  const files = sourcesIn('test', ['.test.ts']).filter(({ path }) => !path.startsWith('test/e2e/')) // these wait by the page
  const found = files.flatMap(({ path, text }) =>
    [...text.matchAll(/\{ timeout: ([\d_]+) \}|\},\s*([\d_]{5,}),?\s*\)$/gm)]
      .map(([, option, last]) => Number((option ?? last)!.replaceAll('_', '')))
      .filter(limit => limit < common)
      .map(limit => `${path} gives a test ${limit} ms; leave the limit to vitest.config.ts.`),
  )
  expect(found).toEqual([])
})
