// Writes the code that stores the results of a product: the epilogues of its chain, slices apart for split K, and sums
// of columns in a row of their own. It is the WGSL function `store(m, n_quad, slice, value)`, or `store_window(window,
// n_quad, v0, v1, v2, v3)`.

import { accessOf, type Dims } from '../kernels/kernel.ts'
import { storageLine } from './matrix.ts'
import { component, indent, range, type ColumnReduction } from './product.ts'
import { ownConstants, prefixed, type Epilogue, type EpilogueUse } from './epilogue.ts'

export interface StoreSide {
  readonly name: string
  readonly binding: number
  readonly m: number
  readonly n: number
  /** Elements between two slices. */
  readonly stride?: number
  /** Row m (one more than the result has) goes here: `stride` elements between two slices. */
  readonly lastRow?: { readonly name: string; readonly binding: number; readonly stride: number }
  readonly chain?: EpilogueChain
}

/** Epilogues in order, their bindings numbered on after the result, and the constants of the call. */
export interface EpilogueChain {
  readonly epilogues: readonly EpilogueUse[]
  readonly constants: Dims
}

export interface StoreCode {
  readonly code: string
  /** The product must give its rows in windows of four. */
  readonly windows: boolean
  readonly columnReduction?: ColumnReduction
}

/** Bindings and functions. What lies beside the result is read as f32s or vec4fs like the result. */
export function storeCode(side: StoreSide): StoreCode {
  const { name, binding, n, lastRow, chain } = side
  const epilogues = chain?.epilogues ?? []
  const reduction = epilogues.find(({ epilogue }) => epilogue.kind === 'column-reduction')?.epilogue
  const lines = [
    ...epilogues.flatMap(({ epilogue }) => epilogue.includes ?? []).map(file => `#include "${file}"`),
    storageLine(name, binding, n, 'read_write'),
    ...(lastRow ? [storageLine(lastRow.name, lastRow.binding, n, 'read_write')] : []),
    ...epilogueBindings(side),
    ...storeFunctions(side),
    ...linesOf(side, 'column-reduction'),
  ]
  const rows = reduction && { columnReduction: { rows: ownConstants(reduction, chain!.constants).ROWS! } }
  return { code: lines.join('\n'), windows: epilogues.some(({ epilogue }) => epilogue.kind === 'window'), ...rows }
}

function linesOf({ m, n, chain }: StoreSide, kind: Epilogue['kind']): string[] {
  const epilogues = (chain?.epilogues ?? []).filter(({ epilogue }) => epilogue.kind === kind)
  return epilogues.flatMap(({ epilogue, bindings }) =>
    epilogue.code(ownConstants(epilogue, chain!.constants), {
      width: n % 4 === 0 ? 4 : 1,
      m,
      n,
      has: name => bindings.includes(name),
    }),
  )
}

function epilogueBindings({ binding, n, chain }: StoreSide): string[] {
  const all = (chain?.epilogues ?? []).flatMap(({ epilogue, bindings }) => bindings.map(name => ({ epilogue, name })))
  return all.map(({ epilogue, name }, i) => {
    const declared = epilogue.kernel.bindings[name]!
    const access = accessOf(declared) === 'read' ? 'read' : 'read_write'
    const line = storageLine(prefixed(epilogue, name), binding + 1 + i, n, access)
    return declared.endsWith(' u32') ? line.replace('vec4f', 'vec4u').replace('f32', 'u32') : line
  })
}

function storeFunctions(side: StoreSide): string[] {
  const [elements, window] = [linesOf(side, 'element'), linesOf(side, 'window')]
  if (window.length > 0) return windowFunction(side, elements, window)
  return side.n % 4 === 0
    ? quadFunction(side, elements, linesOf(side, 'column-reduction').length > 0)
    : singleFunctions(side, elements)
}

/** With sums over columns it gives back what it stored. */
function quadFunction(side: StoreSide, elements: readonly string[], reduced: boolean): string[] {
  return [
    `fn store(m: u32, n: u32, slice: u32, value: vec4f)${reduced ? ' -> vec4f' : ''} {`,
    `  if (n >= ${side.n / 4}u) { return${reduced ? ' value' : ''}; }`,
    ...writeLines(side, 4, elements, reduced),
    '}',
  ]
}

function singleFunctions(side: StoreSide, elements: readonly string[]): string[] {
  return [
    'fn store_one(m: u32, n: u32, slice: u32, value: f32) {',
    `  if (n >= ${side.n}u) { return; }`,
    ...writeLines(side, 1, elements, false),
    '}',
    'fn store(m: u32, n: u32, slice: u32, value: vec4f) {',
    ...range(4).map(i => `  store_one(m, 4u * n + ${i}u, slice, value.${component(i)});`),
    '}',
  ]
}

function writeLines(
  { name, m, n, stride = 0, lastRow }: StoreSide,
  width: number,
  elements: readonly string[],
  reduced: boolean,
): string[] {
  const slice = (count: number) => (count === 0 ? '' : `slice * ${count / width}u + `)
  return [
    ...(lastRow ? [`  if (m == ${m}u) { ${lastRow.name}[${slice(lastRow.stride)}n] = value; }`] : []),
    `  if (m >= ${m}u) { return${reduced ? ' value' : ''}; }`,
    `  let at = ${slice(stride)}m * ${n / width}u + n;`,
    '  var result = value;',
    ...elements.map(line => `  ${line}`),
    `  ${name}[at] = result;`,
    ...(reduced ? ['  return result;'] : []),
  ]
}

/** m counts the four pixels of each window one after the other, so a window is at row m / 4 of the result. */
function windowFunction({ name, m, n }: StoreSide, elements: readonly string[], lines: readonly string[]): string[] {
  return [
    'fn finish(value: vec4f, n: u32) -> vec4f {',
    indent(['var result = value;', ...elements, 'return result;']),
    '}',
    'fn store_window(window: u32, n: u32, w0: vec4f, w1: vec4f, w2: vec4f, w3: vec4f) {',
    `  if (n >= ${n / 4}u || window >= ${m / 4}u) { return; }`,
    `  let at = window * ${n / 4}u + n;`,
    ...range(4).map(i => `  let v${i} = finish(w${i}, n);`),
    indent([...lines, `${name}[at] = result;`]),
    '}',
  ]
}
