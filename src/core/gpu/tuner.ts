// Tunes one GPU device. Before calls are compiled it takes the tile configs that the host remembers for this adapter.
// Where the host wants that, it measures the products that have none, on the buffers of the calls themselves, which
// hold nothing of value before the first step. Findings of other parts (train/steps/precision.ts) are kept in the same
// text.

import { candidatesFor, readTuning, readFindings, tuneProduct, writeTuning, type TuningMemory } from '../gemm/tune.ts'
import { isProductKernel, type ProductKernel } from '../gemm/product-kernel.ts'
import { tileConfigName, tuningKey } from '../gemm/tile-configs.ts'
import type { BoundCall } from '../device.ts'
import { plainConstants } from '../kernels/kernel.ts'
import type { Target, TileConfig } from '../kernels/target.ts'

/** How a GPU device finds its tile configs: what is remembered of its adapter, and whether the rest is measured. */
export interface Tuning {
  readonly memory: TuningMemory
  /** True: what is not remembered is measured. False: only what is remembered is used. */
  readonly measures: boolean
  /** Time for measuring in all, in milliseconds; what is left over stays at the rule of thumb until the next time.
   *  Default 2,500. */
  readonly budgetMs?: number
  readonly onMeasured?: (found: Measured) => void
}

/** What tuning found for one product. */
export interface Measured {
  /** The kernel with the constants of the call. */
  readonly key: string
  /** The fastest tile config, in words. */
  readonly config: string
  readonly milliseconds: number
}

/** What the device lends the tuner: a call with the tile config of a target, made ready; and its time. */
export interface Workbench<C> {
  prepare(call: BoundCall, target: Target): Promise<C>
  /** Milliseconds of one run. */
  time(call: C): Promise<number>
}

const defaultBudgetMs = 2_500

export class Tuner {
  /** By `tuningKey`; the device's target holds this very map. */
  readonly configs = new Map<string, TileConfig>()
  readonly #findings = new Map<string, string>()
  readonly #tuning: Tuning
  #loaded: Promise<void> | undefined
  #spentMs = 0

  constructor(tuning: Tuning) {
    this.#tuning = tuning
  }

  /** Call before compiling `calls`. Never rejects. */
  async before<C>(calls: readonly BoundCall[], target: Target, bench: Workbench<C>): Promise<void> {
    await (this.#loaded ??= this.#load(target))
    if (!this.#tuning.measures) return
    const unknown = new Map(
      calls
        .filter(({ kernel }) => isProductKernel(kernel))
        .map(call => [tuningKey(call.kernel.name, plainConstants(call.constants)), call]),
    )
    for (const key of this.configs.keys()) unknown.delete(key)
    if (unknown.size > 0 && (await this.#measure(unknown, target, bench))) await this.#save()
  }

  /** What `remember` was told under this key on this adapter. Never rejects. */
  async recall(key: string, target: Target): Promise<string | undefined> {
    await (this.#loaded ??= this.#load(target))
    return this.#findings.get(key)
  }

  async remember(key: string, finding: string, target: Target): Promise<void> {
    await (this.#loaded ??= this.#load(target)) // what is saved takes the place of what is there
    this.#findings.set(key, finding)
    await this.#save()
  }

  async #load(target: Target): Promise<void> {
    const { memory } = this.#tuning
    const text = await memory.load().catch(() => undefined)
    if (text === undefined) return
    for (const [key, config] of readTuning(text, memory.adapter, target)) this.configs.set(key, config)
    for (const [key, finding] of readFindings(text, memory.adapter)) this.#findings.set(key, finding)
  }

  async #save(): Promise<void> {
    const { memory } = this.#tuning
    await memory.save(writeTuning(memory.adapter, this.configs, this.#findings)).catch(() => undefined)
  }

  /** All candidates compile side by side while the first are timed. True where something was found. */
  async #measure<C>(unknown: ReadonlyMap<string, BoundCall>, target: Target, bench: Workbench<C>): Promise<boolean> {
    const { budgetMs = defaultBudgetMs, onMeasured } = this.#tuning
    const ready = new Map([...unknown].map(([key, call]) => [key, this.#candidates(key, call, target, bench)]))
    const known = this.configs.size
    for (const [key, { kernel, constants }] of unknown) {
      if (this.#spentMs >= budgetMs) break
      const began = performance.now()
      const product = (kernel as ProductKernel).product(plainConstants(constants))
      const { config, milliseconds } = await tuneProduct(product, target, async candidate =>
        bench.time(await ready.get(key)!.get(tileConfigName(candidate))!),
      )
      this.#spentMs += performance.now() - began
      if (milliseconds === Infinity) continue
      this.configs.set(key, config)
      onMeasured?.({ key, config: tileConfigName(config), milliseconds })
    }
    return this.configs.size > known
  }

  /** By the tile config's name. */
  #candidates<C>(key: string, call: BoundCall, target: Target, bench: Workbench<C>): Map<string, Promise<C>> {
    const product = (call.kernel as ProductKernel).product(plainConstants(call.constants))
    return new Map(
      candidatesFor(product, target).map(config => {
        const prepared = bench.prepare(call, { ...target, tuning: new Map([[key, config]]) })
        prepared.catch(() => {}) // awaited when its turn comes
        return [tileConfigName(config), prepared]
      }),
    )
  }
}
