// Opens a configuration by its name, for a process or page that runs it alone. The peers' modules are handed in: Node
// and Vite find them in different ways.

import { createCpuDevice } from '../../../src/core/cpu/cpu-device.ts'
import { createReferenceDevice } from '../../../src/core/cpu/reference-device.ts'
import type { Device } from '../../../src/core/device.ts'
import type { Contender } from '../training/contender.ts'
import type { OpenGpu } from '../measuring/gpu.ts'
import type { Workload } from '../training/workload.ts'
import { openJax } from './jax.ts'
import type { WebConfigurationName } from './names.ts'
import { openTfjs } from './tfjs.ts'
import { openGpuDevice, openWinnow } from './winnow.ts'

/* eslint-disable @typescript-eslint/no-explicit-any -- the peers' types are not part of this project's build */

export interface Peers {
  readonly tfjs: () => Promise<any>
  readonly jax: () => Promise<any>
  /** The CPU device on all cores. */
  readonly cpuDevice: () => Promise<Device>
}

/** `gpu`: opens one where the configuration wants it. */
export type Opener = (gpu: () => Promise<OpenGpu>, load: Workload, peers: Peers) => Promise<Contender>

export const openers: Readonly<Record<WebConfigurationName, Opener>> = {
  winnow: async (gpu, load) => openWinnow(await openGpuDevice(await gpu()), load),
  'winnow f16': async (gpu, load) => openWinnow(await openGpuDevice(await gpu()), load, 'f16'),
  'winnow cpu': async (_, load, peers) => openWinnow(await peers.cpuDevice(), load),
  'winnow cpu single': async (_, load) => openWinnow(await createCpuDevice(), load),
  'winnow reference': async (_, load) => openWinnow(createReferenceDevice(), load),
  'jax-js wasm': async (_, load, peers) =>
    openJax(await peers.jax(), load, { wholeStep: true, readsEveryLoss: false, device: 'wasm' }),
  'tfjs documented': onGpu(async (load, peers) =>
    openTfjs(await peers.tfjs(), load, { readsEveryLoss: true, dispatchesPerSubmit: 15 }),
  ),
  'tfjs best': onGpu(async (load, peers) =>
    openTfjs(await peers.tfjs(), load, { readsEveryLoss: false, dispatchesPerSubmit: 500 }),
  ),
  'jax-js documented': onGpu(async (load, peers) =>
    openJax(await peers.jax(), load, { wholeStep: false, readsEveryLoss: true }),
  ),
  'jax-js best': onGpu(async (load, peers) =>
    openJax(await peers.jax(), load, { wholeStep: true, readsEveryLoss: false }),
  ),
}

/** The peers find the GPU by themselves, once its interface lies among the globals. */
function onGpu(open: (load: Workload, peers: Peers) => Promise<Contender>): Opener {
  return async (gpu, load, peers) => {
    await gpu()
    return open(load, peers)
  }
}
