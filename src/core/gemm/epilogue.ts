// An epilogue changes the results of a product before they are stored, so that the change needs no call of its own. It
// does what a plain kernel does, and that kernel's reference judges it. epilogues.ts has the table of all epilogues;
// tensor/fuse.ts finds where a trace can use one.
//
// Results pass an epilogue one vec4f at a time ("wide": four neighbours of a row), or one f32 at a time where the
// length of a row is no multiple of four.

import type { Bindings, Dims, Kernel } from '../kernels/kernel.ts'
import type { WasmPass } from '../kernels/wasm-form.ts'

export interface Epilogue<B extends Bindings = Bindings, C extends string = string> {
  /** Prefix of its bindings and, in capitals, of its constants in the fused kernel: `pool` has `pool_place` and
   *  `POOL_R`. */
  readonly name: string
  readonly kernel: Kernel<B, C>
  /** The binding of `kernel` that takes the results, and the one that has them after; the same for one that works in
   *  place. Without `to` the epilogue only reads. */
  readonly from: NoInfer<keyof B & string>
  readonly to?: NoInfer<keyof B & string>
  /** element: changes each result. window: makes one of each four. column-reduction: adds up the rows of each column.
   *  The last two are wide only. */
  readonly kind: 'element' | 'window' | 'column-reduction'
  /** An element epilogue that looks at its column alone may stand before a window. */
  readonly byColumn?: boolean
  /** Results that may be left out where nobody reads them. */
  readonly optional?: readonly NoInfer<keyof B & string>[]
  readonly includes?: readonly string[]
  /** Whether it can follow a product of m x n results made with the constants `base`. */
  fits(own: Dims<C>, product: { readonly m: number; readonly n: number; readonly base: Dims }): boolean
  /** WGSL, with its kernel's constants at hand. element: lines that change `result` (vec4f, or f32) at row `m`, column
   *  `n` (a quad where wide), place `at` = m * columns + n. window: lines that take `window` (its number), `n` and `v0`
   *  .. `v3`, and make `result`, to be stored at `at`. column-reduction: `struct ColumnPart`, `fn column_add(before: ColumnPart,
   *  m: u32, n: u32, value: vec4f) -> ColumnPart`, and `fn column_end(part: ColumnPart, split: u32, n: u32, me: u32, writes:
   *  bool)`, which may call `column_total(value: vec4f, me: u32)`; for slices of ROWS rows. */
  code(own: Dims<C>, place: EpiloguePlace): readonly string[]
  /** Its pass on the CPU device, where that is another one than its kernel's. */
  wasm?(own: Dims<C>): WasmPass
}

/** Typed by the kernel that it stands for. */
export function epilogueOf<const B extends Bindings, const C extends string>(declared: Epilogue<B, C>): Epilogue<B, C> {
  return declared
}

export interface EpiloguePlace {
  /** Values at a time, 4 or 1. */
  readonly width: number
  readonly m: number
  readonly n: number
  /** Bindings that are there (optional ones may not be). */
  readonly has: (binding: string) => boolean
}

/** An epilogue in a fused kernel. */
export interface EpilogueUse {
  readonly epilogue: Epilogue
  /** Bindings in the order of its kernel, without the one that takes the results and those left out. */
  readonly bindings: readonly string[]
}

export function prefixed(epilogue: Epilogue, binding: string): string {
  return `${epilogue.name}_${binding}`
}

function constantPrefix(epilogue: Epilogue): string {
  return `${epilogue.name.toUpperCase()}_`
}

/** The name of a constant of an epilogue's kernel in the fused kernel. */
export function withPrefix(epilogue: Epilogue, name: string): string {
  return constantPrefix(epilogue) + name
}

/** The constants of an epilogue's kernel out of those of the fused kernel. */
export function ownConstants(epilogue: Epilogue, all: Dims): Record<string, number> {
  const prefix = constantPrefix(epilogue)
  return Object.fromEntries(
    Object.entries(all)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  )
}
