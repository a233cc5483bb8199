// What a thread does in a run: it walks through the calls of the program, takes tasks of each until there are none, and
// waits until the others have none either. The first thread is the caller's own and also runs what has no WebAssembly.

import { countersAddress, mostThreads, words } from './layout.ts'
import { WebAssembly, type KernelFunction, type Memory, type WasmModule } from './wasm-types.ts'

/** A program in memory is the number of its calls, then for each call how many words it has, and these words: each is
 *  named here with its place. */
export const callWords = {
  kind: 0,
  entry: 1,
  args: 2,
  items: 3,
  grain: 4,
  from: 5,
  fromBytes: 6,
  to: 7,
  toBytes: 8,
  /** Pairs of rows a photo, or 0; then width, pixels a photo, bytes a pixel. */
  pairs: 9,
  width: 10,
  photo: 11,
  pixelBytes: 12,
  stages: 13,
  /** Three words a stage: entry, args, items a row. */
  firstStage: 14,
} as const

export const callKinds = { wasm: 1, reference: 2 } as const

/** How often a counter is looked at before a thread goes to sleep. */
const spins = 4_000
/** Sleeps without a new task anywhere, after which a run counts as dead. */
const patience = 15
/** A run in which no thread begins anything for so long is dead. */
export const usualAnswerMs = 30_000

/** What a thread of the CPU device is given when it starts. */
export interface ThreadSetup {
  readonly memory: Memory
  readonly module: WasmModule
  /** Names of the kernels' functions, by the numbers that programs use. */
  readonly entries: readonly string[]
  /** The thread's number; 0 is the caller's. */
  readonly thread: number
  /** A run in which no thread begins anything for so long is dead. */
  readonly answerMs: number
}

export class ThreadLoop {
  readonly #memory: Memory
  readonly #functions: readonly KernelFunction[]
  #words: Int32Array<ArrayBuffer>
  readonly #thread: number
  /** Of the thread's own; placed when a program asks for some. */
  #scratch = 0
  readonly #setScratch: (at: number) => void
  readonly #sleepMs: number
  #program = new Int32Array(0)

  constructor({ memory, module, entries, thread, answerMs }: ThreadSetup) {
    this.#sleepMs = answerMs / patience
    const { exports } = new WebAssembly.Instance(module, { env: { memory } })
    this.#memory = memory
    this.#functions = entries.map(name => exports[name] as KernelFunction)
    this.#words = new Int32Array(memory.buffer, 0, countersAddress / 4)
    this.#thread = thread
    this.#setScratch = exports['setScratch'] as (at: number) => void
  }

  useScratch(at: number): void {
    this.#scratch = at
    this.#setScratch(at)
  }

  /** Runs the program at `address`; `reference` is called with the number of each call that has no WebAssembly, on the
   *  first thread alone. Throws what a kernel throws. */
  run(address: number, threads: number, reference: (call: number) => void): void {
    this.#words = new Int32Array(this.#memory.buffer, 0, countersAddress / 4) // one that grew may have another buffer
    const program = this.#programAt(address)
    const counters = new Int32Array(this.#memory.buffer, countersAddress, program[0]! * 2)
    for (let call = 0, at = 1; call < program[0]!; call++) {
      const length = program[at]!
      if (program[at + 1 + callWords.kind] === callKinds.wasm) this.#tasks(program, at + 1, counters, call * 2)
      else if (this.#thread === 0) reference(call)
      if (threads > 1) this.#meet(counters, call * 2 + 1, threads)
      at += 1 + length
    }
  }

  /** A copy, as the words may lie where an older view does not reach. */
  #programAt(address: number): Int32Array {
    const length = new Int32Array(this.#memory.buffer, address - 4, 1)[0]!
    if (this.#program.length < length) this.#program = new Int32Array(length)
    this.#program.set(new Int32Array(this.#memory.buffer, address, length))
    return this.#program
  }

  #tasks(program: Int32Array, at: number, counters: Int32Array, counter: number): void {
    const items = program[at + callWords.items]!
    const grain = program[at + callWords.grain]!
    const tasks = Math.ceil(items / grain)
    for (;;) {
      const task = Atomics.add(counters, counter, 1)
      if (task >= tasks) return
      Atomics.add(this.#words, words.begun + this.#thread, 1)
      this.#task(program, at, task * grain, Math.min(items, (task + 1) * grain))
    }
  }

  #task(program: Int32Array, at: number, first: number, end: number): void {
    if (program[at + callWords.pairs]! > 0) {
      for (let pair = first; pair < end; pair++) this.#windowTask(program, at, pair)
      return
    }
    const from = (program[at + callWords.from]! >>> 0) + first * program[at + callWords.fromBytes]!
    const to = (program[at + callWords.to]! >>> 0) + first * program[at + callWords.toBytes]!
    this.#functions[program[at + callWords.entry]!]!(program[at + callWords.args]!, first, end, from, to)
    const stages = program[at + callWords.stages]!
    for (let stage = 0; stage < stages; stage++) this.#stage(program, at, stage, first, end, to, to)
  }

  #stage(program: Int32Array, at: number, stage: number, first: number, end: number, from: number, to: number): void {
    const word = at + callWords.firstStage + stage * 3
    const perRow = program[word + 2]!
    this.#functions[program[word]!]!(program[word + 1]!, first * perRow, end * perRow, from, to)
  }

  /** Two rows of pixels into scratch, through the stages but the last, which stores one row of windows. */
  #windowTask(program: Int32Array, at: number, pair: number): void {
    const pairs = program[at + callWords.pairs]!
    const width = program[at + callWords.width]!
    const first = Math.floor(pair / pairs) * program[at + callWords.photo]! + (pair % pairs) * 2 * width
    const end = first + 2 * width
    const scratch = this.#scratch
    const stages = program[at + callWords.stages]!
    this.#setScratch(scratch + 2 * width * program[at + callWords.pixelBytes]! + 64)
    this.#functions[program[at + callWords.entry]!]!(program[at + callWords.args]!, first, end, 0, scratch)
    for (let stage = 0; stage < stages - 1; stage++) this.#stage(program, at, stage, first, end, scratch, scratch)
    const to = (program[at + callWords.to]! >>> 0) + pair * program[at + callWords.toBytes]!
    const last = at + callWords.firstStage + (stages - 1) * 3
    this.#functions[program[last]!]!(program[last + 1]!, pair, pair + 1, scratch, to)
    this.#setScratch(scratch)
  }

  /** Waits until all threads have come so far. */
  #meet(counters: Int32Array, at: number, threads: number): void {
    if (Atomics.add(counters, at, 1) + 1 >= threads) {
      Atomics.notify(counters, at)
      return
    }
    this.await(() => Atomics.load(counters, at) >= threads, counters, at)
  }

  /** Waits for `ready`, which a change of `counters[at]` may make true. Throws where another thread failed; on the
   *  first thread, which answers for all, also where no thread begins anything for `answerMs`. The others wait however
   *  long a reference takes there. */
  await(ready: () => boolean, counters: Int32Array, at: number): void {
    for (let i = 0; i < spins; i++) if (ready()) return
    for (let [quiet, begun] = [0, -1]; !ready();) {
      if (Atomics.load(this.#words, words.failed) !== 0) throw new Error('Another thread failed.')
      const seen = Atomics.load(counters, at)
      if (ready()) return
      sleep(counters, at, seen, this.#sleepMs)
      const now = this.#tasksBegun()
      quiet = now === begun ? quiet + 1 : 0
      begun = now
      if (this.#thread === 0 && quiet >= patience) throw new Error('A thread does not answer.')
    }
  }

  #tasksBegun(): number {
    return this.#words.subarray(words.begun, words.begun + mostThreads).reduce((sum, tasks) => sum + tasks, 0)
  }
}

/** Until the counter changes, at most so long. A page's own thread may not sleep: there it looks again and again. */
function sleep(counters: Int32Array, at: number, seen: number, ms: number): void {
  try {
    Atomics.wait(counters, at, seen, ms)
  } catch {
    const end = performance.now() + ms
    while (Atomics.load(counters, at) === seen && performance.now() < end);
  }
}
