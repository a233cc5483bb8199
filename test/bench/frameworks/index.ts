// Opens a configuration by its name; loaded by the process that runs it alone.

import type { Contender } from '../contender.ts'
import type { OpenGpu } from '../gpu.ts'
import { openJax } from './jax.ts'
import type { ConfigurationName } from './names.ts'
import { openTfjs } from './tfjs.ts'
import { openWinnow } from './winnow.ts'

export const openers: Readonly<Record<ConfigurationName, (gpu: OpenGpu) => Promise<Contender>>> = {
  'winnow': gpu => openWinnow(gpu, 1),
  'tfjs documented': () => openTfjs({ readsEveryLoss: true, dispatchesPerSubmit: 15 }),
  'tfjs best': () => openTfjs({ readsEveryLoss: false, dispatchesPerSubmit: 500 }),
  'jax-js documented': () => openJax({ wholeStep: false, readsEveryLoss: true }),
  'jax-js best': () => openJax({ wholeStep: true, readsEveryLoss: false }),
}
