// A product kernel with epilogues: one dispatch for what would be several. Its name lists what it does, its bindings
// and constants are those of the product followed by those of each epilogue, and its reference is the product's
// reference followed by the references of the epilogues.

import type { Dims, Access, Kernel, Reference } from '../kernels/kernel.ts'
import type { Product } from './product.ts'
import { productKernel, type ProductKernel } from './product-kernel.ts'
import { ownConstants, prefixed, type Epilogue, type EpilogueUse } from './epilogue.ts'
import type { EpilogueChain } from './store.ts'

interface Base {
  readonly name: string
  readonly bindings: Readonly<Record<string, Access>>
  readonly half: readonly string[]
  /** The binding with the results. */
  readonly result: string
  readonly reference: Reference<string>
  /** Rows and columns of the results before any epilogue. */
  readonly size: (c: Dims) => { readonly m: number; readonly n: number }
  readonly product: (c: Dims, chain?: EpilogueChain) => Product
}

export interface FusableKernel<B extends string = string> extends ProductKernel<B> {
  readonly base: Base
  readonly epilogues: readonly EpilogueUse[]
}

/** A product kernel that takes epilogues. */
export function fusable<B extends string>(
  base: Omit<Base, 'bindings' | 'half' | 'reference'> & {
    readonly bindings: Readonly<Record<B, Access>>
    readonly half: readonly NoInfer<B>[]
    readonly reference: Reference<B>
  },
): FusableKernel<B> {
  return withEpilogues(base as unknown as Base, []) as unknown as FusableKernel<B>
}

export function isFusable(kernel: Kernel): kernel is FusableKernel {
  return 'epilogues' in kernel
}

/** `kernel` with one more epilogue; `bindings` are those of the epilogue that are kept beside the one that takes the
 *  results. */
export function withEpilogue(kernel: FusableKernel, epilogue: Epilogue, bindings: readonly string[]): FusableKernel {
  return withEpilogues(kernel.base, [...kernel.epilogues, { epilogue, bindings }])
}

function withEpilogues(base: Base, epilogues: readonly EpilogueUse[]): FusableKernel {
  const extra = epilogues.flatMap(({ epilogue, bindings }) =>
    bindings.map((name): [string, Access] => [
      prefixed(epilogue, name),
      (epilogue.kernel.bindings as Record<string, Access>)[name]!,
    ]),
  )
  const name = [base.name, ...epilogues.map(({ epilogue }) => epilogue.name)].join('-')
  const made = productKernel(
    name,
    { ...base.bindings, ...Object.fromEntries(extra) },
    c => base.product(c, { epilogues, constants: c }),
    epilogues.length === 0 ? base.reference : referenceOf(base, epilogues),
    {
      step: epilogues.some(({ epilogue }) => epilogue.kernel.step === true),
      half: [
        ...base.half,
        ...epilogues.flatMap(({ epilogue }) =>
          (epilogue.kernel.half ?? []).map(binding => prefixed(epilogue, binding)),
        ),
      ],
    },
  )
  return { ...made, base, epilogues }
}

type EpilogueValues = Record<string, Float32Array<ArrayBuffer>>

/** Epilogues that keep the number of results work in the array of the last one. A window makes fewer: what stands
 *  before it works in an array that lives as long as the call. */
function referenceOf(base: Base, epilogues: readonly EpilogueUse[]): Reference<string> {
  return (arrays: Readonly<EpilogueValues>, constants, step) => {
    const { m, n } = base.size(constants)
    const result = arrays[base.result]!
    const whole = result.length === m * n ? result : new (result.constructor as Float32ArrayConstructor)(m * n)
    base.reference({ ...arrays, [base.result]: whole }, constants, step)
    for (const { epilogue, bindings } of epilogues) {
      const own = ownConstants(epilogue, constants)
      const others = Object.fromEntries(bindings.map(name => [name, arrays[prefixed(epilogue, name)]!]))
      const left = Object.fromEntries(
        (epilogue.optional ?? [])
          .filter(name => !bindings.includes(name))
          .map(name => [name, new Float64Array(result.length)]),
      )
      const to = epilogue.to ? { [epilogue.to]: epilogue.kind === 'window' ? result : whole } : {}
      epilogue.kernel.reference({ ...others, ...left, [epilogue.from]: whole, ...to }, own, step)
    }
  }
}
