// Every line of test/bench/results.jsonl about a framework has the fields that were promised, no more and no less.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const fields = [
  'commit',
  'date',
  'adapter',
  'software',
  'workload',
  'framework',
  'configuration',
  'msPerStep',
  'spread',
  'dispatches',
  'submits',
  'readbacks',
  'buffers',
  'shareOfPeak',
]
const frameworks = ['winnow', 'tfjs', 'jax-js', 'torch-cpu', 'torch-cuda']
const lines = readFileSync(join(import.meta.dirname, '../../bench/results.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line) as Record<string, unknown>)

describe('results of the benchmark', () => {
  it('have exactly their fields', () => {
    for (const line of lines.filter(({ framework }) => frameworks.includes(framework as string)))
      expect(Object.keys(line)).toEqual(fields)
  })

  it('say of each adapter whether it is software, and give a spread around the median', () => {
    for (const { software, adapter, msPerStep, spread } of lines.filter(({ framework }) =>
      frameworks.includes(framework as string),
    )) {
      expect(software, String(adapter)).toBe(/llvmpipe|swiftshader|\d cores$/i.test(String(adapter)))
      const [fastest, slowest] = spread as [number, number]
      expect(fastest <= (msPerStep as number) && (msPerStep as number) <= slowest).toBe(true)
    }
  })
})
