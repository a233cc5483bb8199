// Opens a configuration by its name, for a process or page that runs it alone. The peers' modules are handed in: Node
// and Vite find them in different ways.

import type { Contender } from '../training/contender.ts'
import type { OpenGpu } from '../measuring/gpu.ts'
import type { Workload } from '../training/workload.ts'
import { openJax } from './jax.ts'
import type { WebConfigurationName } from './names.ts'
import { openTfjs } from './tfjs.ts'
import { openWinnow } from './winnow.ts'

/* eslint-disable @typescript-eslint/no-explicit-any -- the peers' types are not part of this project's build */

export interface Peers {
  readonly tfjs: () => Promise<any>
  readonly jax: () => Promise<any>
}

export type Opener = (gpu: OpenGpu, load: Workload, peers: Peers) => Promise<Contender>

export const openers: Readonly<Record<WebConfigurationName, Opener>> = {
  winnow: (gpu, load) => openWinnow(gpu, load),
  'winnow f16': (gpu, load) => openWinnow(gpu, load, 'f16'),
  'tfjs documented': async (_, load, peers) =>
    openTfjs(await peers.tfjs(), load, { readsEveryLoss: true, dispatchesPerSubmit: 15 }),
  'tfjs best': async (_, load, peers) =>
    openTfjs(await peers.tfjs(), load, { readsEveryLoss: false, dispatchesPerSubmit: 500 }),
  'jax-js documented': async (_, load, peers) =>
    openJax(await peers.jax(), load, { wholeStep: false, readsEveryLoss: true }),
  'jax-js best': async (_, load, peers) => openJax(await peers.jax(), load, { wholeStep: true, readsEveryLoss: false }),
}
