// The low end of the CPU device's memory, which all its threads share: words that say what runs, the values of the step,
// the counters of the calls, then the constants of the module (scripts/build-wasm.ts) and, from `heapStart` on, buffers.

/** Indices of 32-bit words. */
export const words = {
  /** Counts runs: a thread that waits wakes when it changes. */
  run: 0,
  /** Address of the program that runs. */
  program: 1,
  /** Threads that take part in this run. */
  threads: 2,
  /** Threads that have left the run, not counting the first. */
  left: 3,
  /** The number of a thread that failed, else 0. */
  failed: 4,
  /** Tasks that a thread has begun, one word a thread: shows that it is alive. */
  begun: 32,
  /** Where the scratch of a thread lies, one word a thread. */
  scratch: 96,
} as const

export const mostThreads = 64

/** Where the step's values lie (wasm/lib/step.ts). */
export const stepAddress = 64

/** Two counters a call: tasks that were given out, and threads that are done with it. */
export const countersAddress = 4096
export const mostCalls = (0x50000 - countersAddress) / 8

export const heapStart = 0x60000

/** The most that one WebAssembly memory of 32-bit addresses holds. */
export const mostBytes = 2 ** 32
export const pageBytes = 65_536
