// The products on the CPU device: pack the right side, then multiply rows (wasm/products/multiply.ts), or add up over
// rows (accumulate.ts). Depthwise convolutions have kernels of their own; other groups are products one by one.

import { forwardTable, inputTable, zeroTable, type ConvDims } from './conv-dims.ts'
import type { Dims } from '../kernel.ts'
import { grainOf, type LookupTable, type WasmPass } from '../wasm-form.ts'

type MatmulDims = Dims<'M' | 'N' | 'K' | 'TRANSPOSE_A' | 'TRANSPOSE_B'>
type WeightGradientDims = ConvDims & Dims<'SPLITS' | 'IMAGES' | 'STRIDE'>

/** Runs shorter than this are copied together to patches first: a tile would spend its time on finding them. */
const shortRun = 8
/** Rows that the kernels place at a time (wasm/products). */
const block = 64

interface LeftSide {
  readonly a: string | readonly [string, number]
  readonly rows: number
  /** How patches are found; left out where rows are rows of a matrix, PHOTO elements apart. */
  readonly table?: LookupTable
  readonly PIXELS: number
  readonly PHOTO: number
  readonly TAPS: number
  readonly TERMS: number
  /** Rows of a tile lie so many rows apart. Default: 1. */
  readonly STEP?: number
}

interface RightSide {
  readonly b: string | readonly [string, number]
  readonly COLUMNS: number
  readonly TAP_STRIDE: number
  readonly TERM_STRIDE: number
  readonly COLUMN_STRIDE: number
}

interface Result {
  readonly binding: string
  /** Elements from row to row, and before the first of a row. */
  readonly ROW: number
  readonly first: number
}

function multiplyPasses(left: LeftSide, right: RightSide, result: Result): WasmPass[] {
  const { TAPS, TERMS, PIXELS, PHOTO, STEP = 1, rows, table } = left
  const panels = Math.ceil(right.COLUMNS / 8)
  const scratch = { packed: panels * TAPS * TERMS * 32 }
  const patches = isShort(TAPS, TERMS, table)
  return [
    {
      entry: 'pack',
      items: panels,
      grain: Math.max(1, Math.floor(grainOf(TAPS * TERMS * 8))),
      values: { TAPS, TERMS, ...numbersOf(right) },
      at: { b: right.b },
      scratch,
    },
    {
      entry: 'multiply',
      items: rows,
      grain: Math.max(4, Math.min(block, 4 * Math.ceil(rows / 16))),
      to: { binding: result.binding, bytes: result.ROW * 4, first: result.first * 4 },
      values: {
        TAPS,
        TERMS,
        PIXELS,
        PHOTO,
        COLUMNS: right.COLUMNS,
        ROW: result.ROW,
        PATCHES: patches ? 1 : 0,
        STEP: patches ? 1 : STEP,
      },
      at: { a: left.a, ...(!table && { table: null, zeros: null }) },
      ...(table && { tables: { table, zeros: zeroTable(TERMS) } }),
      scratch,
      threadScratch: (block + 4 * STEP + 4) * 8 + (patches ? block * TAPS * TERMS * 4 : 0),
    },
  ]
}

function numbersOf({ COLUMNS, TAP_STRIDE, TERM_STRIDE, COLUMN_STRIDE }: RightSide): Record<string, number> {
  return { COLUMNS, TAP_STRIDE, TERM_STRIDE, COLUMN_STRIDE }
}

function isShort(taps: number, terms: number, table: LookupTable | undefined): boolean {
  return table !== undefined && taps > 1 && terms < shortRun
}

/** y [M N] = a b; undefined for a transposed a, which `transposedPasses` does. */
export function matmulPasses(c: MatmulDims): WasmPass[] | undefined {
  const { M, N, K, TRANSPOSE_A, TRANSPOSE_B } = c
  if (TRANSPOSE_A === 1) return TRANSPOSE_B === 1 ? undefined : [transposedPass(c)]
  return multiplyPasses(
    { a: 'a', rows: M, PIXELS: 1, PHOTO: K, TAPS: 1, TERMS: K },
    {
      b: 'b',
      COLUMNS: N,
      TAP_STRIDE: 0,
      TERM_STRIDE: TRANSPOSE_B === 1 ? 1 : N,
      COLUMN_STRIDE: TRANSPOSE_B === 1 ? K : 1,
    },
    { binding: 'y', ROW: N, first: 0 },
  )
}

/** y [M N] = the transposed a [K M] times b [K N]. */
function transposedPass({ M, N, K }: MatmulDims): WasmPass {
  return {
    entry: 'accumulate',
    items: Math.ceil(M / block),
    grain: 1,
    values: {
      PHOTOS: K,
      IMAGES: K,
      PIXELS: 1,
      PHOTO: M,
      TAPS: 1,
      TERMS: M,
      COLUMNS: N,
      DY_ROW: N,
      DW_ROW: N,
      SLICE: 0,
      PATCHES: 0,
    },
    at: { x: 'a', dy: 'b', dw: 'y', table: null, zeros: null },
    threadScratch: block * 4,
  }
}

/** The columns of a matrix [rows K] added up in slices of `ROWS` rows, `STRIDE` elements apart. */
export function columnSumPass(
  at: { readonly dy: string; readonly sums: string },
  dims: {
    readonly M: number
    readonly K: number
    readonly SPLITS: number
    readonly ROWS: number
    readonly STRIDE: number
  },
): WasmPass {
  const { SPLITS, ...values } = dims
  return { entry: 'columnSum', items: SPLITS, grain: grainOf(dims.ROWS * dims.K), values, at }
}

export function convForwardPasses(c: ConvDims): WasmPass[] | undefined {
  if (isDepthwise(c)) return [depthwisePass(c, { x: 'x', w: 'w', y: 'y' }, c.P * c.Q, c.H * c.W, forwardTable(c))]
  const { N, H, W, C, K, R, S, P, Q } = c
  const groups = c.GROUPS
  const [terms, columns] = [C / groups, K / groups]
  return overGroups(groups, group =>
    multiplyPasses(
      {
        a: ['x', group * terms * 4],
        rows: N * P * Q,
        PIXELS: isPlain(c) ? 1 : P * Q,
        PHOTO: isPlain(c) ? C : H * W * C,
        TAPS: R * S,
        TERMS: terms,
        ...(!isPlain(c) && { table: forwardTable(c) }),
      },
      {
        b: ['w', group * columns * 4],
        COLUMNS: columns,
        TAP_STRIDE: terms * K,
        TERM_STRIDE: K,
        COLUMN_STRIDE: 1,
      },
      { binding: 'y', ROW: K, first: group * columns },
    ),
  )
}

export function convInputGradientPasses(c: ConvDims): WasmPass[] | undefined {
  if (isDepthwise(c)) return [depthwisePass(c, { x: 'dy', w: 'w', y: 'dx' }, c.H * c.W, c.P * c.Q, inputTable(c))]
  const { N, H, W, C, K, R, S, P, Q } = c
  const groups = c.GROUPS
  const [columns, terms] = [C / groups, K / groups]
  return overGroups(groups, group =>
    multiplyPasses(
      {
        a: ['dy', group * terms * 4],
        rows: N * H * W,
        PIXELS: isPlain(c) ? 1 : H * W,
        PHOTO: isPlain(c) ? K : P * Q * K,
        TAPS: R * S,
        TERMS: terms,
        ...(!isPlain(c) && { table: inputTable(c), STEP: c.STRIDE_X }),
      },
      {
        b: ['w', group * terms * 4],
        COLUMNS: columns,
        TAP_STRIDE: columns * K,
        TERM_STRIDE: 1,
        COLUMN_STRIDE: K,
      },
      { binding: 'dx', ROW: C, first: group * columns },
    ),
  )
}

/** dw [SPLITS STRIDE], and with BIAS_STRIDE the sums of dy in `db` over the same photos. */
export function convWeightGradientPasses(
  c: WeightGradientDims & { readonly BIAS_STRIDE?: number },
): WasmPass[] | undefined {
  const { N, H, W, C, K, R, S, P, Q, SPLITS, IMAGES, STRIDE } = c
  const groups = c.GROUPS
  const slices = { PHOTOS: N, IMAGES: IMAGES, SLICE: STRIDE }
  const [terms, columns] = [C / groups, K / groups]
  const patches = isShort(R * S, terms, forwardTable(c))
  const rows = patches ? R * S * terms : terms
  const own = isDepthwise(c)
    ? [depthwiseWeightPass(c, slices)]
    : overGroups(groups, group => [
        {
          entry: 'accumulate',
          items: patches ? SPLITS : SPLITS * R * S * Math.ceil(terms / block),
          grain: 1,
          values: {
            ...slices,
            PIXELS: P * Q,
            PHOTO: H * W * C,
            TAPS: R * S,
            TERMS: terms,
            COLUMNS: columns,
            DY_ROW: K,
            DW_ROW: K,
            PATCHES: patches ? 1 : 0,
          },
          at: { x: ['x', group * terms * 4], dy: ['dy', group * columns * 4], dw: ['dw', group * columns * 4] },
          tables: { table: forwardTable(c), zeros: zeroTable(terms + 4) },
          threadScratch: block * 4 + (patches ? block * rows * 4 : 0) + 64,
        },
      ])
  if (c.BIAS_STRIDE === undefined || !own) return own
  const pixels = P * Q
  const sums = { M: N * pixels, K: K, SPLITS: SPLITS, ROWS: IMAGES * pixels, STRIDE: c.BIAS_STRIDE }
  return [...own, columnSumPass({ dy: 'dy', sums: 'db' }, sums)]
}

function isDepthwise({ GROUPS, C, K }: ConvDims): boolean {
  return GROUPS > 1 && GROUPS === C && C === K
}

/** A 1 x 1 convolution that leaves no pixel out: a product of matrices. */
function isPlain({ R, S, STRIDE_Y, STRIDE_X, PAD_TOP, PAD_LEFT, H, W, P, Q }: ConvDims): boolean {
  return R === 1 && S === 1 && STRIDE_Y === 1 && STRIDE_X === 1 && PAD_TOP === 0 && PAD_LEFT === 0 && H === P && W === Q
}

/** More groups than this wait for one another too often: the reference does those. */
const mostGroups = 64

function overGroups(groups: number, passes: (group: number) => WasmPass[]): WasmPass[] | undefined {
  return groups > mostGroups ? undefined : Array.from({ length: groups }, (_, group) => passes(group)).flat()
}

function depthwisePass(
  c: ConvDims,
  at: { readonly x: string; readonly w: string; readonly y: string },
  pixels: number,
  theirs: number,
  table: LookupTable,
): WasmPass {
  const [C, TAPS] = [c.C, c.R * c.S]
  return {
    entry: 'depthwise',
    items: c.N * pixels,
    grain: grainOf(C * TAPS),
    values: { PIXELS: pixels, PHOTO: theirs * C, TAPS },
    at,
    tables: { table, zeros: zeroTable(C + 8) },
    threadScratch: 2 * TAPS * 4,
  }
}

function depthwiseWeightPass(c: WeightGradientDims, slices: Readonly<Record<string, number>>): WasmPass {
  const [C, TAPS] = [c.C, c.R * c.S]
  return {
    entry: 'depthwiseWeightGradient',
    items: c.SPLITS,
    grain: 1,
    values: { ...slices, PIXELS: c.P * c.Q, PHOTO: c.H * c.W * C, TAPS },
    tables: { table: forwardTable(c), zeros: zeroTable(C + 8) },
    threadScratch: block * TAPS * 4,
  }
}
