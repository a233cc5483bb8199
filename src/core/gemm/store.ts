// Where the results of a product go, with what is done to them on the way: bias and ReLU, the mask of the ReLU below, slices
// apart for split K, sums of columns in a row of their own. WGSL function `store(m, n_quad, slice, value)`.

import { storageLine } from './matrix.ts'
import { component, range } from './product.ts'

export interface StoreSide {
  readonly name: string
  readonly binding: number
  readonly m: number
  readonly n: number
  /** Elements between two slices. */
  readonly stride?: number
  /** value + bias[n], then max(value, 0). */
  readonly bias?: { readonly name: string; readonly binding: number }
  readonly relu?: boolean
  /** A binding of the result's shape; where it is not positive the result is zero. */
  readonly mask?: { readonly name: string; readonly binding: number }
  /** Row m (one more than the result has) goes here: `stride` elements between two slices. */
  readonly lastRow?: { readonly name: string; readonly binding: number; readonly stride: number }
}

/** Bindings and the function. The bias is read as f32s or vec4fs like the result. */
export function storeCode(result: StoreSide): string {
  const { n, bias, mask, lastRow, name, binding } = result
  const lines = [
    storageLine(name, binding, n, 'read_write'),
    ...(bias ? [storageLine(bias.name, bias.binding, n)] : []),
    ...(mask ? [storageLine(mask.name, mask.binding, n)] : []),
    ...(lastRow ? [storageLine(lastRow.name, lastRow.binding, n, 'read_write')] : []),
    ...(n % 4 === 0 ? quadFunction(result) : singleFunctions(result)),
  ]
  return lines.join('\n')
}

function quadFunction(result: StoreSide): string[] {
  return [
    'fn store(m: u32, n: u32, slice: u32, value: vec4f) {',
    `  if (n >= ${result.n / 4}u) { return; }`,
    ...writeLines(result, 4, 'vec4f()'),
    '}',
  ]
}

function singleFunctions(result: StoreSide): string[] {
  return [
    'fn store_one(m: u32, n: u32, slice: u32, value: f32) {',
    `  if (n >= ${result.n}u) { return; }`,
    ...writeLines(result, 1, '0.0'),
    '}',
    'fn store(m: u32, n: u32, slice: u32, value: vec4f) {',
    ...range(4).map(i => `  store_one(m, 4u * n + ${i}u, slice, value.${component(i)});`),
    '}',
  ]
}

function writeLines({ name, m, n, stride = 0, bias, relu, mask, lastRow }: StoreSide, width: number, zero: string): string[] {
  const slice = (elements: number) => elements === 0 ? '' : `slice * ${elements / width}u + `
  return [
    ...(lastRow ? [`  if (m == ${m}u) { ${lastRow.name}[${slice(lastRow.stride)}n] = value; }`] : []),
    `  if (m >= ${m}u) { return; }`,
    `  let at = ${slice(stride)}m * ${n / width}u + n;`,
    '  var result = value;',
    ...(bias ? [`  result += ${bias.name}[n];`] : []),
    ...(relu ? [`  result = max(result, ${zero});`] : []),
    ...(mask ? [`  result = select(${zero}, result, ${mask.name}[at] > ${zero});`] : []),
    `  ${name}[at] = result;`,
  ]
}
