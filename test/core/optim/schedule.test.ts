// Schedules where PyTorch has nothing to compare with: shares of a run whose ends fall on a step.

import { expect, it } from 'vitest'
import { stepwise } from '../../../src/core/index.ts'

it('steps down at the very step where a share of the run ends, whatever the rounding', () => {
  const tenths = stepwise(0.1, 0.5)
  for (let total = 1; total <= 300; total++) {
    for (let step = 0; step < total; step++)
      expect(tenths(step, total), `step ${step} of ${total}`).toBe(0.5 ** Math.floor((10 * step) / total))
  }
})
