// A product kernel with epilogues: one dispatch for what would be several. Its name lists what it does, its bindings
// and constants are those of the product followed by those of each epilogue, and its reference is the product's
// reference followed by the references of the epilogues.

import type { BindingUse, Bindings, Dims, Kernel, KernelParts, ReferenceArray } from '../kernels/kernel.ts'
import type { Product } from './product.ts'
import { productKernel, type ProductKernel } from './product-kernel.ts'
import { ownConstants, prefixed, withPrefix, type Epilogue, type EpilogueUse } from './epilogue.ts'
import { fusedPasses } from './fused-passes.ts'
import type { EpilogueChain } from './store.ts'

interface Base<B extends Bindings = Bindings, C extends string = string> extends Omit<
  KernelParts<B, C>,
  'source' | 'work' | 'step'
> {
  /** The binding with the results. */
  readonly result: keyof B & string
  /** Rows and columns of the results before any epilogue. */
  size(c: Dims<C>): { readonly m: number; readonly n: number }
  product(c: Dims<C>, chain?: EpilogueChain): Product
}

export interface FusableKernel<B extends Bindings = Bindings, C extends string = string> extends ProductKernel<B, C> {
  readonly base: Base
  readonly epilogues: readonly EpilogueUse[]
}

/** A product kernel that takes epilogues. */
export function fusable<const B extends Bindings, const C extends string>(base: Base<B, C>): FusableKernel<B, C> {
  return withEpilogues(base, []) as FusableKernel<B, C>
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
    bindings.map((name): [string, BindingUse] => [prefixed(epilogue, name), epilogue.kernel.bindings[name]!]),
  )
  const made = productKernel<Bindings, string>({
    name: [base.name, ...epilogues.map(({ epilogue }) => epilogue.name)].join('-'),
    bindings: { ...base.bindings, ...Object.fromEntries(extra) },
    constants: [
      ...base.constants,
      ...epilogues.flatMap(({ epilogue }) => epilogue.kernel.constants.map(name => withPrefix(epilogue, name))),
    ],
    half: [
      ...(base.half ?? []),
      ...epilogues.flatMap(({ epilogue }) => (epilogue.kernel.half ?? []).map(name => prefixed(epilogue, name))),
    ],
    step: epilogues.some(({ epilogue }) => epilogue.kernel.step === true),
    product: c => base.product(c, { epilogues, constants: c }),
    reference: epilogues.length === 0 ? base.reference : referenceOf(base, epilogues),
    wasm: c => (epilogues.length === 0 ? base.wasm?.(c) : fusedPasses(base, epilogues, c)),
  })
  return { ...made, base, epilogues }
}

/** Epilogues that keep the number of results work in the array of the last one. A window makes fewer: what stands
 *  before it works in an array that lives as long as the call. */
function referenceOf(base: Base, epilogues: readonly EpilogueUse[]): Kernel['reference'] {
  return (arrays, constants, step) => {
    const { m, n } = base.size(constants)
    const result = arrays[base.result] as Float32Array<ArrayBuffer>
    const whole = result.length === m * n ? result : new (result.constructor as Float32ArrayConstructor)(m * n)
    base.reference({ ...arrays, [base.result]: whole }, constants, step)
    for (const { epilogue, bindings } of epilogues) {
      const others = Object.fromEntries(bindings.map(name => [name, arrays[prefixed(epilogue, name)]!]))
      const left = Object.fromEntries(
        (epilogue.optional ?? [])
          .filter(name => !bindings.includes(name))
          .map((name): [string, ReferenceArray] => [name, new Uint32Array(result.length)]),
      )
      const to = epilogue.to ? { [epilogue.to]: epilogue.kind === 'window' ? result : whole } : {}
      const own = ownConstants(epilogue, constants)
      epilogue.kernel.reference({ ...others, ...left, [epilogue.from]: whole, ...to }, own, step)
    }
  }
}
