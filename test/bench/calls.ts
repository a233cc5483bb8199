// `npm run bench -- calls`: what Winnow's step costs the program's own thread on this adapter, and how much of it is
// the one submit, in which the driver does its part: a software GPU copies every command there. One step at a time, the
// GPU at rest in between, as in a slow training.

import { callTimer } from './training/contender.ts'
import { openGpuDevice, openWinnow } from './frameworks/winnow.ts'
import { openGpu } from './measuring/gpu.ts'
import { timing } from './measuring/median.ts'
import { workload, type WorkloadName } from './training/workload.ts'

export interface CallsBenchOptions {
  readonly only?: readonly string[] | undefined
}

/** Steps that do not count, and pairs of steps that do. */
const [warmUp, pairs] = [10, 25]

export async function benchCalls({ only = ['deep-convnet', 'deep-convnet-bn'] }: CallsBenchOptions): Promise<void> {
  for (const name of only as readonly WorkloadName[]) {
    const [open, load] = [await openGpu(), workload(name)]
    const contender = await openWinnow(await openGpuDevice(open), load)
    const submits = watchSubmits()
    await contender.run(warmUp, false)
    const [whole, inSubmit]: [number[], number[]] = [[], []]
    for (let pair = 0; pair < pairs; pair++) {
      contender.callMs()
      await contender.run(1, false)
      whole.push(contender.callMs())
      inSubmit.push(await submits.during(() => contender.run(1, false)))
    }
    contender.close()
    const [all, submit] = [timing(whole).ms, timing(inSubmit).ms]
    console.log(
      `${load.name}, ${open.name}: ${all.toFixed(2)} ms of the thread a step, submit ${submit.toFixed(2)}, all besides it ${(all - submit).toFixed(2)}`,
    )
  }
}

/** Steps that are not watched are not slowed by a timer. */
function watchSubmits(): { readonly during: (work: () => Promise<unknown>) => Promise<number> } {
  const { prototype } = (
    globalThis as unknown as { GPUQueue: { prototype: { submit: (...args: unknown[]) => unknown } } }
  ).GPUQueue
  const { submit } = prototype
  const timer = callTimer()
  return {
    async during(work) {
      prototype.submit = function (...args) {
        return timer.time(() => submit.apply(this, args))
      }
      try {
        await work()
        return timer.take()
      } finally {
        prototype.submit = submit
      }
    },
  }
}
