// A kernel: one WGSL entry point and its plain TypeScript reference, declared as data. The reference is what runs where
// there is no GPU and what the shader is compared with in the tests. Shapes are constants of the shader; only
// `StepValues` change between steps. Constants and bindings are typed by their declaration: a call that leaves one out
// or misspells it does not compile, and a reference gets arrays of the declared elements.

import type { StepValues } from './step.ts'
import type { Target } from './target.ts'
import type { WasmPass } from './wasm-form.ts'

/** f16: values that kernels see as f32 and that lie in memory in half precision; only temporaries are. */
export type ElementType = 'f32' | 'f16' | 'u32' | 'u8'

/** How a kernel uses a buffer. `write` sets every element of the result, `update` reads and writes in place. */
export type Access = 'read' | 'write' | 'update'

/** Access and, where elements are no f32, their type: 'read', 'read u32'. */
export type BindingUse = Access | `${Access} u32` | `${Access} u8`
/** The bindings of a kernel by name, in the order of their numbers in the shader. */
export type Bindings = Readonly<Record<string, BindingUse>>

export function accessOf(binding: BindingUse): Access {
  return binding.split(' ')[0] as Access
}

/** Constants by name as they stand in the WGSL prelude: a number is a u32, `float(x)` an f32. */
export type Constants<C extends string = string> = Readonly<Record<C, number | FloatConstant>>
/** A constant of type f32 (`float`). */
export interface FloatConstant {
  readonly float: number
}
/** A constant that is an f32 in the shader; a plain number is a u32. */
export function float(value: number): FloatConstant {
  return { float: value }
}

/** The constants of a call as plain numbers by name: sizes (N H W C ...), strides, options. */
export type Dims<C extends string = string> = Readonly<Record<C, number>>

/** Workgroups of a call, as dispatchWorkgroups takes them. */
export type Grid = readonly [x: number, y: number, z: number]

/** An array that a reference writes, and one that it only reads. */
export type ReferenceArray = Float32Array | Uint32Array | Uint8Array
type ReadOnly<A> = Readonly<Omit<A, 'set' | 'fill' | 'copyWithin' | 'sort' | 'reverse'>>
/** f32 values that a reference reads and does not write. */
export type ReadFloats = ReadOnly<Float32Array>
/** u32 values that a reference reads and does not write. */
export type ReadWords = ReadOnly<Uint32Array>
/** Bytes that a reference reads and does not write. */
export type ReadBytes = ReadOnly<Uint8Array>

type ArrayOf<T extends BindingUse> = T extends 'read'
  ? ReadFloats
  : T extends 'read u32'
    ? ReadWords
    : T extends 'read u8'
      ? ReadBytes
      : T extends `${Access} u32`
        ? Uint32Array
        : T extends `${Access} u8`
          ? Uint8Array
          : Float32Array

/** What a reference gets: one array a binding, of the declared elements; those of 'read' cannot be written. */
export type ReferenceArrays<B extends Bindings> = { readonly [N in keyof B]: ArrayOf<B[N]> }

/** What every kernel declares, whatever its grid: bindings B by name and constants C. */
export interface KernelParts<B extends Bindings, C extends string> {
  readonly name: string
  /** WGSL without the prelude. A function of the constants where registers must be unrolled (src/core/gemm). */
  readonly source: string | ((constants: Dims, target: Target) => string)
  /** In the order of @binding(n) in group 0; with `step` the uniform block follows as the last binding. */
  readonly bindings: B
  /** Names of the constants of a call, all of which it must give: those of the shader, the grid and the reference. */
  readonly constants: readonly C[]
  readonly step?: boolean
  /** Bindings that may lie in memory as f16 (gpu/half.ts): fetched and stored, never changed in place by `+=`. */
  readonly half?: readonly NoInfer<keyof B & string>[]
  /** Multiply-adds of a call, where they take longer than moving its elements. */
  work?(constants: Dims<C>): number
  /** The same for the CPU device, as passes of functions in wasm/; left out, or undefined for these constants: the
   *  reference runs there. */
  wasm?(constants: Dims<C>): readonly WasmPass[] | undefined
  /** The same in plain TypeScript: one array a binding, the constants as plain numbers, the values of the step. */
  reference(arrays: ReferenceArrays<B>, constants: Dims<C>, step: StepValues): void
}

/** A kernel with its own grid: one WGSL entry point named main, and the same computation in plain TypeScript. */
export interface Kernel<B extends Bindings = Bindings, C extends string = string> extends KernelParts<B, C> {
  /** Workgroups for these constants. */
  grid(constants: Dims<C>, target: Target): Grid
  /** It can be run in parts: of a grid (x, y, depth) the last layer alone works, on the x y workgroups from number
   *  (depth - 1) x y on. */
  readonly divisible?: boolean
}

/** A kernel of one workgroup an item (`groupKernel`). */
export interface GroupKernel<B extends Bindings, C extends string> extends KernelParts<B, C> {
  items(constants: Dims<C>): number
}

/** A kernel of one invocation an element (`elementKernel`). */
export interface ElementKernel<B extends Bindings, C extends string> extends KernelParts<B, C> {
  elements(constants: Dims<C>): number
}

/** Checks nothing at run time: it is here so that calls and the reference are typed by the declaration. */
export function kernel<const B extends Bindings, const C extends string>(declaration: Kernel<B, C>): Kernel<B, C> {
  return declaration
}

/** A kernel of 256-wide workgroups with one invocation an element, whose number is `flat_index`
 *  (shaders/lib/index.wgsl). */
export function elementKernel<const B extends Bindings, const C extends string>({
  elements,
  ...rest
}: ElementKernel<B, C>): Kernel<B, C> {
  return groupKernel<B, C>({ ...rest, items: constants => Math.ceil(elements(constants) / 256) })
}

/** A kernel of one workgroup an item, whose number is `flat_group` (shaders/lib/index.wgsl). */
export function groupKernel<const B extends Bindings, const C extends string>({
  items,
  ...rest
}: GroupKernel<B, C>): Kernel<B, C> {
  return { ...rest, divisible: true, grid: constants => folded(items(constants)) }
}

/** The constants as plain numbers, for grids, references and emitters. */
export function plainConstants(constants: Constants): Record<string, number> {
  return Object.fromEntries(
    Object.entries(constants).map(([name, value]) => [name, typeof value === 'number' ? value : value.float]),
  )
}

/** Folded over y because x may hold 65,535 workgroups at most. */
function folded(items: number): Grid {
  return items <= 65_535 ? [Math.max(1, items), 1, 1] : [65_535, Math.ceil(items / 65_535), 1]
}
