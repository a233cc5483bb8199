// The running average of the weights, which forgets faster, (1 + step) / (10 + step), at first; and the exchange of two
// lists of values, which puts the averages in the place of the weights and back.

import averageWgsl from '../../../../shaders/optim/average-weights.wgsl?raw'
import exchangeWgsl from '../../../../shaders/optim/exchange.wgsl?raw'
import { elementKernel } from '../kernel.ts'
import { itemPass } from '../wasm-form.ts'

export const averageKernel = elementKernel({
  name: 'average-weights',
  source: averageWgsl,
  bindings: { values: 'read', average: 'update' },
  constants: ['LENGTH', 'DECAY', 'REST'],
  step: true,
  elements: c => c.LENGTH,
  wasm: c => [itemPass('averageWeights', c.LENGTH, 1)],
  reference: ({ values, average }, { DECAY, REST }, { step }) => {
    const early = (1 + step) / (10 + step)
    const rest = early < DECAY ? 9 / (10 + step) : REST
    for (let i = 0; i < values.length; i++)
      average[i] = step === 0 ? values[i]! : average[i]! + rest * (values[i]! - average[i]!)
  },
})

export const exchangeKernel = elementKernel({
  name: 'exchange',
  source: exchangeWgsl,
  bindings: { a: 'update', b: 'update' },
  constants: ['LENGTH'],
  elements: c => c.LENGTH,
  reference: ({ a, b }) => {
    const held = a.slice()
    a.set(b)
    b.set(held)
  },
})
