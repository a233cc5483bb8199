// A thread of the CPU device beside the caller's: waits for a run, takes part in it, and says so when it has left it.

import { words } from './layout.ts'
import { ThreadLoop, type ThreadSetup } from './thread-loop.ts'

/** Never returns: the host ends the thread. Call `ready` first what tells the device that the thread waits. */
export function serveThread(setup: ThreadSetup, ready: () => void): never {
  const loop = new ThreadLoop(setup)
  const control = new Int32Array(setup.memory.buffer, 0, 1024)
  let seen = Atomics.load(control, words.run)
  ready()
  for (;;) {
    waitForRun(control, seen)
    seen = Atomics.load(control, words.run)
    takePart(loop, control, setup.thread)
    Atomics.add(control, words.left, 1)
    Atomics.notify(control, words.left)
  }
}

/** How often a thread looks for the next run before it sleeps: steps follow one another closely. */
const spins = 20_000

function waitForRun(control: Int32Array<ArrayBuffer>, seen: number): void {
  for (let i = 0; i < spins; i++) if (Atomics.load(control, words.run) !== seen) return
  while (Atomics.load(control, words.run) === seen) Atomics.wait(control, words.run, seen)
}

function takePart(loop: ThreadLoop, control: Int32Array<ArrayBuffer>, thread: number): void {
  const threads = control[words.threads]!
  if (thread >= threads) return
  try {
    loop.useScratch(Atomics.load(control, words.scratch + thread))
    loop.run(control[words.program]!, threads, () => {})
  } catch {
    Atomics.store(control, words.failed, thread)
  }
}
