// One framework in a process of its own, told by messages what to run, so that blocks of different frameworks can take
// turns. Arguments: a name of frameworks/names.ts and one of workload.ts.

import { countCalls, perStep, type Counts } from '../measuring/counting.ts'
import { openers } from '../frameworks/index.ts'
import { needsGpu, type WebConfigurationName } from '../frameworks/names.ts'
import { nodePeers } from '../frameworks/node-peers.ts'
import { openGpu } from '../measuring/gpu.ts'
import { workload, type WorkloadName } from './workload.ts'

export interface RunRequest {
  readonly steps: number
  readonly losses: boolean
}

export interface RunReport {
  /** Milliseconds a step, the wait for the last one included. */
  readonly msPerStep: number
  /** CPU milliseconds of this process a step: on a software GPU this is mostly the GPU's own work. A page cannot tell.
   */
  readonly cpuMsPerStep?: number
  /** Milliseconds inside the framework's calls of a step: what it costs besides the GPU's work and the wait. */
  readonly callMsPerStep?: number
  readonly losses: readonly number[]
  /** PyTorch makes no WebGPU calls. */
  readonly counts?: Counts
}

const opener = openers[process.argv[2] as WebConfigurationName]
if (!opener || !process.send) throw new Error(`"${process.argv[2]}" is no configuration, or nobody listens.`)
const gpu = needsGpu(process.argv[2]!) ? await openGpu() : undefined // puts WebGPU among the globals, to be counted
const counts = gpu && countCalls()
const began = performance.now()
const contender = await opener(
  async () => gpu ?? (await openGpu()),
  workload(process.argv[3] as WorkloadName),
  nodePeers,
)
process.on('message', request => void answer(request as RunRequest))
process.on('disconnect', () => process.exit(0))
process.send({ openMs: performance.now() - began })

async function answer({ steps, losses }: RunRequest): Promise<void> {
  contender.callMs()
  const [before, cpu, start] = [counts && { ...counts }, process.cpuUsage(), performance.now()]
  const found = await contender.run(steps, losses)
  const [ms, used] = [performance.now() - start, process.cpuUsage(cpu)]
  const report: RunReport = {
    msPerStep: ms / steps,
    cpuMsPerStep: (used.user + used.system) / 1000 / steps,
    callMsPerStep: contender.callMs(),
    losses: found,
    ...(counts && before && { counts: perStep(before, counts, steps) }),
  }
  process.send!(report)
}
