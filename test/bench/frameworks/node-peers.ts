// The peers' modules in Node, from their own node_modules.

import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { openCpuDevice } from '../../../src/main/hosts/cpu-threads.ts'
import type { Peers } from './index.ts'

const folder = join(import.meta.dirname, '..', 'peers')

export const nodePeers: Peers = {
  async tfjs() {
    const load = createRequire(join(folder, 'package.json'))
    const tf: unknown = load('@tensorflow/tfjs-core')
    load('@tensorflow/tfjs-layers') // only this bundle registers the gradients
    load('@tensorflow/tfjs-backend-webgpu')
    return tf
  },
  cpuDevice: () => openCpuDevice(),
  jax: () => import(pathToFileURL(join(folder, 'node_modules/@jax-js/jax/dist/index.js')).href) as Promise<unknown>,
}
