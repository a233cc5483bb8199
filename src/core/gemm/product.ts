// The one shape all hot kernels have: y [M N] = sum over K of a [M K] b [K N]. A matrix product reads a and b as they lie in
// memory; a convolution reads patches of a photo instead (operands.ts). How the work is cut for the machine is a variant
// (variants.ts) of one of two families: lanes.ts and tiles.ts write the shader of a product for a variant.
//
// Values are fetched four at a time, along K or along the operand's own axis (M for a, N for b), whichever lies together in
// memory. "Quad" is four neighbours: quad 3 is elements 12 to 15.

/** Which axis the four values of one fetch run along: K, or the operand's own (M of a, N of b). */
export type Along = 'k' | 'own'

/** One side of a product as three WGSL functions, so that what depends on one axis alone is computed once:
 *    a_own(i) -> T      the place on the own axis, i an element (along k) or a quad (along own)
 *    a_k(k) -> U        the place on the K axis, k a quad (along k) or an element (along own)
 *    a_load(own, k)     the four values, zero where k lies beyond the end; anything where i does */
export interface Operand {
  readonly along: Along
  readonly code: string
}

export interface Product {
  readonly m: number
  readonly n: number
  /** Terms of one slice: with slices = 1 all of them. */
  readonly k: number
  /** Split K: slice s sums the terms s k .. (s + 1) k - 1 and stores them apart. A fixed order of addition, whatever runs first. */
  readonly slices: number
  readonly a: Operand
  readonly b: Operand
  /** WGSL: the bindings, and `store(m, n_quad, slice, value)` which drops what lies outside of M and N. */
  readonly code: string
}

/** What one workgroup makes and how the grid is numbered: n fastest, then m, then slices. */
export interface Tile {
  readonly m: number
  readonly n: number
}

export interface Emitted {
  readonly wgsl: string
  readonly workgroups: readonly [x: number, y: number, z: number]
}

const largestGrid = 65_535

export function workgroupsOf(product: Product, tile: Tile): [number, number, number] {
  const { total } = tilesOf(product, tile)
  return total <= largestGrid ? [total, 1, 1] : [largestGrid, Math.ceil(total / largestGrid), 1]
}

/** WGSL that turns the workgroup's number into the first row `m0`, the first column `n0` and the slice of its tile. */
export function tilePlace(product: Product, tile: Tile): string[] {
  const { across, down, total } = tilesOf(product, tile)
  return [
    `let tile = group.y * ${largestGrid}u + group.x;`,
    ...(total > largestGrid ? [`if (tile >= ${total}u) { return; }`] : []),
    `let n0 = (tile % ${across}u) * ${tile.n}u;`,
    `let m0 = ((tile / ${across}u) % ${down}u) * ${tile.m}u;`,
    `let slice = tile / ${across * down}u;`,
  ]
}

function tilesOf({ m, n, slices }: Product, tile: Tile): { across: number; down: number; total: number } {
  const [across, down] = [Math.ceil(n / tile.n), Math.ceil(m / tile.m)]
  return { across, down, total: across * down * slices }
}

/** Numbers 0 .. count - 1. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}

/** WGSL for component i of a vec4. */
export function component(i: number): string {
  return 'xyzw'[i]!
}

export function indent(lines: readonly string[], by = '  '): string {
  return lines.map(line => by + line).join('\n')
}
