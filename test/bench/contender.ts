// What a framework must do to take part: run steps of the workload, one batch after the other.

export interface Contender {
  /** Runs `steps` training steps from where it stands and waits for the last. Gives the losses where `losses` is true. */
  run(steps: number, losses: boolean): Promise<number[]>
  /** Milliseconds the framework's own thread spent in calls so far, without waiting for the GPU. */
  readonly callMs: () => number
  close(): void
}

/** Adds up the CPU time of this thread in the calls it is given: what a step costs the program besides the GPU's work. Where the
 *  platform does not tell a thread's CPU time (a browser), the clock does. */
export function callTimer(): { readonly time: <T>(call: () => T) => T; readonly total: () => number } {
  let total = 0
  return {
    time: call => {
      const began = threadMs()
      try {
        return call()
      } finally {
        total += threadMs() - began
      }
    },
    total: () => total,
  }
}

function threadMs(): number {
  const { process } = globalThis as { process?: { threadCpuUsage?: () => { user: number; system: number } } }
  const used = process?.threadCpuUsage?.()
  return used ? (used.user + used.system) / 1000 : performance.now()
}
