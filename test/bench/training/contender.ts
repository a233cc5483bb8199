// What a framework must do to take part: run steps of the workload, one batch after the other.

import { median } from '../measuring/median.ts'

export interface Contender {
  /** Runs `steps` training steps from where it stands and waits for the last. Gives the losses where `losses` is true.
   */
  run(steps: number, losses: boolean): Promise<number[]>
  /** Milliseconds that the framework's calls of a step take, without waiting for the GPU: the median of the steps since
   *  this was last asked. */
  readonly callMs: () => number
  close(): void
}

/** Times the calls of a step: what it costs the program's own thread besides the GPU's work. In Node by the processor
 *  time of that thread, because the threads of a software GPU take the processor away in the middle of a call; in a
 *  page by the clock. The median of the steps. */
export function callTimer(): { readonly time: <T>(call: () => T) => T; readonly take: () => number } {
  let times: number[] = []
  return {
    time: call => {
      const began = threadMs()
      try {
        return call()
      } finally {
        times.push(threadMs() - began)
      }
    },
    take: () => {
      const taken = times.length > 0 ? median(times) : 0
      times = []
      return taken
    },
  }
}

/** Asking for the whole process first makes Linux bring the thread's own count up to date, which else lags by up to 4
 *  ms. */
function threadMs(): number {
  if (typeof process === 'undefined') return performance.now()
  process.cpuUsage()
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
