// A kernel: one WGSL entry point and its plain TypeScript reference, declared as data. The reference is what runs where
// there is no GPU and what the shader is compared with in the tests. Shapes are constants of the shader; only
// `StepValues` change between steps.

import type { TileConfig } from '../gemm/tile-configs.ts'
import type { StepValues } from './step.ts'

/** How a kernel uses a buffer. `write` sets every element of the result, `update` reads and writes in place. */
export type Access = 'read' | 'write' | 'update'

/** Constants by name as they stand in the WGSL prelude: a number is a u32, `float(x)` an f32. */
export type Constants = Readonly<Record<string, number | FloatConstant>>
export interface FloatConstant {
  readonly float: number
}
export function float(value: number): FloatConstant {
  return { float: value }
}

/** The constants of a call as plain numbers by name: sizes (N H W C ...), strides, options. */
export type Dims = Readonly<Record<string, number>>

export type Grid = readonly [x: number, y: number, z: number]
export type ReferenceArray = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>

/** What the hot kernels (src/core/gemm) fit themselves to. */
export interface Target {
  /** The size of every subgroup where the adapter has one size only and the device may use them, else 0. */
  readonly lanes: number
  /** A CPU that pretends to be a GPU. */
  readonly software: boolean
  /** Tile configs found by measuring, by `tuningKey` (gemm/tune.ts); without them a rule of thumb chooses. */
  readonly tuning?: ReadonlyMap<string, TileConfig>
}

/** No subgroups, a real GPU: what holds everywhere. */
export const plainTarget: Target = { lanes: 0, software: false }

/** What a reference gets: one array a binding, the constants as plain numbers, the values of the step. */
export type Reference<B extends string> = (
  arrays: { readonly [N in B]: any },
  constants: Dims,
  step: StepValues,
) => void

export interface Kernel<B extends string = string> {
  readonly name: string
  /** WGSL without the prelude. A function of the constants where registers must be unrolled (src/core/gemm). */
  readonly source: string | ((constants: Dims, target: Target) => string)
  /** In the order of @binding(n) in group 0; with `step` the uniform block follows as the last binding. */
  readonly bindings: { readonly [N in B]: Access }
  readonly step?: boolean
  /** Bindings that may lie in memory as f16 (half.ts): fetched and stored, never changed in place by `+=`. */
  readonly half?: readonly NoInfer<B>[]
  /** Workgroups for these constants. */
  readonly grid: (constants: Dims, target: Target) => Grid
  /** It can be run in parts: of a grid (x, y, depth) the last layer alone works, on the x y workgroups from number
   *  (depth - 1) x y on. */
  readonly divisible?: boolean
  /** Multiply-adds of a call, where they take longer than moving its elements. */
  readonly work?: (constants: Dims) => number
  readonly reference: Reference<B>
}

/** Checks nothing at run time: it is here so that the reference's arrays are typed by the bindings. */
export function kernel<B extends string>(declaration: Kernel<B>): Kernel<B> {
  return declaration
}

/** A kernel of 256-wide workgroups with one invocation an element, whose number is `flat_index`
 *  (shaders/lib/index.wgsl). */
export function elementKernel<B extends string>({ elements, ...rest }: ElementKernel<B>): Kernel<B> {
  return groupKernel({ ...rest, items: constants => Math.ceil(elements(constants) / 256) })
}

/** A kernel of one workgroup an item, whose number is `flat_group` (shaders/lib/index.wgsl). */
export function groupKernel<B extends string>({ items, ...rest }: GroupKernel<B>): Kernel<B> {
  return { ...rest, divisible: true, grid: constants => folded(items(constants)) }
}

export interface GroupKernel<B extends string> extends Omit<Kernel<B>, 'grid' | 'divisible'> {
  readonly items: (constants: Dims) => number
}

export interface ElementKernel<B extends string> extends Omit<Kernel<B>, 'grid' | 'divisible'> {
  readonly elements: (constants: Dims) => number
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
