// A side of a product that is a matrix in memory, as WGSL functions (see Operand in product.ts).
// A row whose length is no multiple of four is fetched value by value: never wrong, a little slower.

import { range, type Along, type Operand } from './product.ts'

export interface MatrixSide {
  /** 'a' or 'b': the prefix of the functions. */
  readonly side: string
  /** Name of the binding and its number. */
  readonly name: string
  readonly binding: number
  readonly along: Along
  /** Elements on the own axis and on the K axis; along says which of them lies together in memory. */
  readonly own: number
  readonly k: number
  /** One more place on the own axis, where every value is one: its results are the columns of the other side added up.
   */
  readonly onesRow?: boolean
}

/** A binding as vec4f when its innermost length allows, else as f32. */
export function storageLine(name: string, binding: number, innermost: number, access = 'read'): string {
  return `@group(0) @binding(${binding}) var<storage, ${access}> ${name}: array<${innermost % 4 === 0 ? 'vec4f' : 'f32'}>;`
}

/** A matrix in memory: [own, k] where it is fetched along k, [k, own] where along its own axis. */
export function matrixOperand(matrix: MatrixSide): Operand {
  const inner = matrix.along === 'k' ? matrix.k : matrix.own
  const functions = inner % 4 === 0 ? wholeQuads(matrix) : singles(matrix)
  return { along: matrix.along, code: [storageLine(matrix.name, matrix.binding, inner), ...functions].join('\n') }
}

/** What `own` is in the row of ones; it only exists along the own axis, where places are plain numbers of quads. */
const onesPlace = '0xffffffffu'

function wholeQuads({ side, name, along, own, k, onesRow }: MatrixSide): string[] {
  const [ownEnd, kEnd] = along === 'k' ? [own, k / 4] : [own / 4, k]
  const [ownStride, kStride] = along === 'k' ? [k / 4, 1] : [1, own / 4]
  return [
    `fn ${side}_own(i: u32) -> u32 { return ${onesRow ? `select(min(i, ${ownEnd - 1}u), ${onesPlace}, i == ${ownEnd}u)` : `min(i, ${ownEnd - 1}u)${times(ownStride)}`}; }`,
    `fn ${side}_k(k: u32) -> vec2u { return vec2u(min(k, ${kEnd - 1}u)${times(kStride)}, u32(k < ${kEnd}u)); }`,
    `fn ${side}_load(own: u32, k: vec2u) -> vec4f {`,
    ...(onesRow ? [`  if (own == ${onesPlace}) { return vec4f(1.0, 0.0, 0.0, 0.0); }`] : []),
    `  return select(vec4f(), ${name}[own + k.x], k.y == 1u);`,
    '}',
  ]
}

function singles({ side, name, along, own, k, onesRow }: MatrixSide): string[] {
  const [ownStride, kStride] = along === 'k' ? [k, 1] : [1, own]
  const four = range(4).map(i =>
    along === 'k' ? `${side}_at(own, 4u * k + ${i}u)` : `${side}_at(4u * own + ${i}u, k)`,
  )
  return [
    `fn ${side}_own(i: u32) -> u32 { return i; }`,
    `fn ${side}_k(k: u32) -> u32 { return k; }`,
    `fn ${side}_at(own: u32, k: u32) -> f32 {`,
    ...(onesRow ? [`  if (own == ${own}u) { return 1.0; }`] : []),
    `  let at = min(own, ${own - 1}u)${times(ownStride)} + min(k, ${k - 1}u)${times(kStride)};`,
    `  return select(0.0, ${name}[at], k < ${k}u);`,
    '}',
    `fn ${side}_load(own: u32, k: u32) -> vec4f { return vec4f(${four.join(', ')}); }`,
  ]
}

function times(factor: number): string {
  return factor === 1 ? '' : ` * ${factor}u`
}
