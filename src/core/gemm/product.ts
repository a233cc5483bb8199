// The one shape all hot kernels have: y [M N] = sum over K of a [M K] b [K N]. A matrix product reads a and b as they
// lie in memory; a convolution reads patches of a photo instead (patches.ts). How the work is divided for the machine
// is a tile config (tile-configs.ts) of one of two families: lanes.ts and tiles.ts write the shader of a product for a
// config.
//
// Values are fetched four at a time, along K or along the operand's own axis (M for a, N for b), whichever lies
// together in memory. "Quad" is four neighbours: quad 3 is elements 12 to 15.

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
  /** Split K: slice s sums the terms s k .. (s + 1) k - 1 and stores them apart. A fixed order of addition, whatever
   *  runs first. */
  readonly slices: number
  readonly a: Operand
  readonly b: Operand
  /** Where rows are ordered in stride phases, each of which has its own terms. */
  readonly stridePhases?: StridePhases
  /** WGSL: the bindings, and `store(m, n_quad, slice, value)` which drops what lies outside of M and N. */
  readonly code: string
  /** Four rows one after the other are a window that one invocation must make: `store_window(m / 4, n_quad, v0, v1, v2,
   *  v3)`. */
  readonly windows: boolean
  /** Set where sums over the rows of each column are wanted; `store` then returns the value that it stored (see
   *  epilogue.ts). */
  readonly columnReduction?: ColumnReduction
}

/** Every tile of the table divides so many rows. */
export const rowsOfAllTiles = 128

/** Sums are made by slices of `rows` rows, a multiple of `rowsOfAllTiles`; as many slices as that makes, or `splits`.
 */
export interface ColumnReduction {
  readonly rows: number
  readonly splits?: number
}

/** Phase b is the rows from b `rows` on, a multiple of `rowsOfAllTiles`, so that a tile lies in one phase. Its terms
 *  are the first `terms[b]` of the k from b k on. Its rows are stored as those that side a's `a_row(i)` says. */
export interface StridePhases {
  readonly rows: number
  readonly terms: readonly number[]
}

/** What one workgroup makes; the grid is numbered n fastest within a strip of columns, then m, then strips, then
 *  slices. */
export interface Tile {
  readonly m: number
  readonly n: number
}

export interface Emitted {
  readonly wgsl: string
  readonly workgroups: readonly [x: number, y: number, z: number]
}

const largestGrid = 65_535
/** 512 KiB: half of what a core of today has as its second cache. */
const cachedElements = 131_072

export function workgroupsOf(product: Product, tile: Tile): [number, number, number] {
  const { total } = tilesOf(product, tile)
  return total <= largestGrid ? [total, 1, 1] : [largestGrid, Math.ceil(total / largestGrid), 1]
}

/** What a shader's main takes for `eachTile`. */
export const groupBuiltins = '@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u'

/** WGSL around the `body` that makes one tile: turns the workgroup's number into the tile's first row `m0`, first
 *  column `n0` and slice. A grid that is `parts` deep is part `parts` - 1 of a call (gpu/submits.ts): its last layer
 *  works, the others end at once. With a column reduction a workgroup makes all tiles of a slice of rows, one after the
 *  other: `before` and `after` stand around them. */
export function eachTile(
  product: Product,
  tile: Tile,
  {
    before,
    body,
    after,
  }: { readonly before: readonly string[]; readonly body: readonly string[]; readonly after: readonly string[] },
): string[] {
  const { across, total, turns } = tilesOf(product, tile)
  const number = [
    'let part = groups.z - 1u;',
    'let tile = (part * groups.y + group.y) * groups.x + group.x;',
    `if (group.z < part || tile >= ${total}u) { return; }`,
  ]
  if (!product.columnReduction) return [...number, ...placeOf(product, tile), ...body]
  return [
    ...number,
    `let n0 = (tile % ${across}u) * ${tile.n}u;`,
    `let slice = 0u;`,
    `let split = tile / ${across}u;`,
    ...before,
    `for (var turn = 0u; turn < ${turns}u; turn++) {`,
    indent([`let m0 = (split * ${turns}u + turn) * ${tile.m}u;`, ...body]),
    '}',
    ...after,
  ]
}

/** Tiles are numbered strip by strip: as many side by side as keep their columns of b in a cache while the rows of a go
 *  by. */
function placeOf(product: Product, tile: Tile): string[] {
  const { across, down } = tilesOf(product, tile)
  const strip = Math.min(across, Math.max(1, Math.floor(cachedElements / (product.k * tile.n))))
  const slice = `let slice = tile / ${across * down}u;`
  if (strip === across)
    return [
      `let n0 = (tile % ${across}u) * ${tile.n}u;`,
      `let m0 = ((tile / ${across}u) % ${down}u) * ${tile.m}u;`,
      slice,
    ]
  return [
    slice,
    `let first = tile % ${across * down}u / ${strip * down}u * ${strip}u;`,
    `let width = min(${strip}u, ${across}u - first);`,
    `let within = tile % ${across * down}u - first * ${down}u;`,
    `let n0 = (first + within % width) * ${tile.n}u;`,
    `let m0 = within / width * ${tile.m}u;`,
  ]
}

function tilesOf(
  { m, n, slices, columnReduction }: Product,
  tile: Tile,
): { across: number; down: number; total: number; turns: number } {
  const turns = columnReduction ? columnReduction.rows / tile.m : 1
  const [across, down] = [Math.ceil(n / tile.n), columnReduction?.splits ?? Math.ceil(m / (tile.m * turns))]
  return { across, down, total: across * down * slices, turns }
}

/** WGSL before and of the loop over the terms of a tile, `step` a turn, around `body`, which finds the first term of
 *  its turn in `k0`. */
export function eachTerm(
  { k, slices, stridePhases: phases }: Product,
  step: number,
  body: readonly string[],
): string[] {
  const first = slices > 1 ? `slice * ${k}u + ` : phases ? `phase * ${k}u + ` : ''
  const last = phases && phases.terms.length - 1
  return [
    ...(phases
      ? [
          `let phase = min(m0 / ${phases.rows}u, ${last}u);`,
          `let turns = array<u32, ${phases.terms.length}>(${phases.terms.map(terms => `${Math.ceil(terms / step)}u`).join(', ')})[phase];`,
        ]
      : []),
    `for (var t = 0u; t < ${Math.ceil(k / step)}u; t++) {`,
    indent([...(phases ? ['if (t >= turns) { break; }'] : []), `let k0 = ${first}t * ${step}u;`, ...body]),
    '}',
  ]
}

/** WGSL for the row of the result that is row `m` of the product. */
export function storedRow({ stridePhases }: Product, m: string): string {
  return stridePhases ? `a_row(${m})` : m
}

/** Row of a tile that an invocation makes as its i-th: `spread` rows of the tile lie between the first rows of its
 *  neighbours' shares. Rows fetched along their own axis come in fours, and so do windows. */
export function rowInTile(product: Product, i: number, me: string, spread: number): string {
  return inFours(product) ? `(${me} + ${Math.floor(i / 4) * spread}u) * 4u + ${i % 4}u` : `${me} + ${i * spread}u`
}

export function inFours({ a, windows }: Product): boolean {
  return a.along === 'own' || windows
}

/** The numbers 0 .. count - 1. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}

/** WGSL for component i of a vec4. */
export function component(i: number): string {
  return 'xyzw'[i]!
}

/** Entries may be several lines. */
export function indent(lines: readonly string[], by = '  '): string {
  return lines
    .flatMap(entry => entry.split('\n'))
    .map(line => by + line)
    .join('\n')
}
