// The page of the benchmark: the same contenders as in Node, one a page, told from outside what to run so that blocks
// can take turns.

import { createCpuDevice } from '../../../src/core/cpu/cpu-device.ts'
import type { RunReport, RunRequest } from '../training/contender-process.ts'
import { countCalls, perStep } from '../measuring/counting.ts'
import { openers, type Peers } from '../frameworks/index.ts'
import type { WebConfigurationName } from '../frameworks/names.ts'
import type { OpenGpu } from '../measuring/gpu.ts'
import { workload, type WorkloadName } from '../training/workload.ts'

export interface BenchPage {
  /** Names the adapter. Rejects where the page has none. */
  open(
    configuration: WebConfigurationName,
    load: WorkloadName,
  ): Promise<{ readonly adapter: string; readonly software: boolean; readonly openMs: number }>
  run(request: RunRequest): Promise<Omit<RunReport, 'cpuMsPerStep'>>
}

const peers: Peers = {
  async tfjs() {
    const tf = await import('@tensorflow/tfjs-core')
    await import('@tensorflow/tfjs-layers') // only this bundle registers the gradients
    await import('@tensorflow/tfjs-backend-webgpu')
    return tf
  },
  jax: () => import('@jax-js/jax'),
  cpuDevice: () => createCpuDevice(),
}

function benchPage(): BenchPage {
  const counts = countCalls()
  let contender: Awaited<ReturnType<(typeof openers)[WebConfigurationName]>> | undefined
  return {
    async open(configuration, load) {
      const gpu = await openPageGpu()
      const began = performance.now()
      contender = await openers[configuration](async () => gpu, workload(load), peers)
      return { adapter: gpu.name, software: gpu.software, openMs: performance.now() - began }
    },
    async run({ steps, losses }) {
      contender!.callMs()
      const [before, start] = [{ ...counts }, performance.now()]
      const found = await contender!.run(steps, losses)
      return {
        msPerStep: (performance.now() - start) / steps,
        callMsPerStep: contender!.callMs(),
        losses: found,
        counts: perStep(before, counts, steps),
      }
    },
  }
}

async function openPageGpu(): Promise<OpenGpu> {
  const { gpu } = navigator
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) throw new Error('This browser offers no WebGPU adapter.')
  const { info } = adapter
  const name = info.description || info.device || [info.vendor, info.architecture].filter(Boolean).join(' ') || 'GPU'
  return {
    gpu,
    adapter,
    name,
    software: info.isFallbackAdapter || /llvmpipe|swiftshader/i.test(`${name} ${info.architecture}`),
  }
}

Object.assign(globalThis, { bench: benchPage() })
