// A product kernel with stages: one dispatch for what would be several. Its name lists what it does, its bindings and
// constants are those of the product followed by those of each stage, and its twin is the product's twin followed by
// the twins of the stages.

import type { Access, Kernel, Twin } from '../gpu/kernel.ts'
import type { Product } from './product.ts'
import { productKernel, type ProductKernel } from './product-kernel.ts'
import { ownConstants, prefixed, type Numbers, type Stage, type StageUse } from './stage.ts'
import type { Epilogue } from './store.ts'

interface Base {
  readonly name: string
  readonly bindings: Readonly<Record<string, Access>>
  readonly half: readonly string[]
  /** The binding with the results. */
  readonly result: string
  readonly twin: Twin<string>
  /** Rows and columns of the results before any stage. */
  readonly size: (c: Numbers) => { readonly m: number; readonly n: number }
  readonly product: (c: Numbers, epilogue?: Epilogue) => Product
}

export interface FusableKernel<B extends string = string> extends ProductKernel<B> {
  readonly base: Base
  readonly stages: readonly StageUse[]
}

/** A product kernel that takes stages. */
export function fusable<B extends string>(
  base: Omit<Base, 'bindings' | 'half' | 'twin'> & {
    readonly bindings: Readonly<Record<B, Access>>
    readonly half: readonly NoInfer<B>[]
    readonly twin: Twin<B>
  },
): FusableKernel<B> {
  return withStages(base as unknown as Base, []) as unknown as FusableKernel<B>
}

export function isFusable(kernel: Kernel): kernel is FusableKernel {
  return 'stages' in kernel
}

/** `kernel` with one more stage; `bindings` are those of the stage that are kept beside the one that takes the results.
 */
export function withStage(kernel: FusableKernel, stage: Stage, bindings: readonly string[]): FusableKernel {
  return withStages(kernel.base, [...kernel.stages, { stage, bindings }])
}

function withStages(base: Base, stages: readonly StageUse[]): FusableKernel {
  const extra = stages.flatMap(({ stage, bindings }) =>
    bindings.map((name): [string, Access] => [
      prefixed(stage, name),
      (stage.kernel.bindings as Record<string, Access>)[name]!,
    ]),
  )
  const name = [base.name, ...stages.map(({ stage }) => stage.name)].join('-')
  const made = productKernel(
    name,
    { ...base.bindings, ...Object.fromEntries(extra) },
    c => base.product(c, { stages, constants: c }),
    stages.length === 0 ? base.twin : twinOf(base, stages),
    {
      step: stages.some(({ stage }) => stage.kernel.step === true),
      half: [
        ...base.half,
        ...stages.flatMap(({ stage }) => (stage.kernel.half ?? []).map(binding => prefixed(stage, binding))),
      ],
    },
  )
  return { ...made, base, stages }
}

type Values = Record<string, Float32Array<ArrayBuffer>>

/** Stages that keep the number of results work in the array of the last one. A window makes fewer: what stands before
 *  it works in an array that lives as long as the call. */
function twinOf(base: Base, stages: readonly StageUse[]): Twin<string> {
  return (arrays: Readonly<Values>, constants, step) => {
    const { m, n } = base.size(constants)
    const result = arrays[base.result]!
    const whole = result.length === m * n ? result : new (result.constructor as Float32ArrayConstructor)(m * n)
    base.twin({ ...arrays, [base.result]: whole }, constants, step)
    for (const { stage, bindings } of stages) {
      const own = ownConstants(stage, constants)
      const others = Object.fromEntries(bindings.map(name => [name, arrays[prefixed(stage, name)]!]))
      const left = Object.fromEntries(
        (stage.optional ?? [])
          .filter(name => !bindings.includes(name))
          .map(name => [name, new Float64Array(result.length)]),
      )
      const to = stage.to ? { [stage.to]: stage.kind === 'window' ? result : whole } : {}
      stage.kernel.twin({ ...others, ...left, [stage.from]: whole, ...to }, own, step)
    }
  }
}
