// What a framework must do to take part: run steps of the workload, one batch after the other.

import { median } from './median.ts'

export interface Contender {
  /** Runs `steps` training steps from where it stands and waits for the last. Gives the losses where `losses` is true. */
  run(steps: number, losses: boolean): Promise<number[]>
  /** Milliseconds that the framework's calls of a step take, without waiting for the GPU: the median of the steps since this was last asked. */
  readonly callMs: () => number
  close(): void
}

/** Times the calls of a step by the clock: what a step costs the program's own thread besides the GPU's work. A median, because on a busy
 *  machine some calls are interrupted. */
export function callTimer(): { readonly time: <T>(call: () => T) => T; readonly take: () => number } {
  let times: number[] = []
  return {
    time: call => {
      const began = performance.now()
      try {
        return call()
      } finally {
        times.push(performance.now() - began)
      }
    },
    take: () => {
      const taken = times.length > 0 ? median(times) : 0
      times = []
      return taken
    },
  }
}
