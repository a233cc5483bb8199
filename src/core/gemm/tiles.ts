// Family "tiles": a workgroup makes one tile. `depth` terms of a and b are brought to workgroup memory together, then
// every invocation multiplies its rows by its quads out of there. The usual shape of a fast product on a real GPU.
//
// Neighbouring invocations read neighbouring vec4s of workgroup memory (rows and quads of one invocation lie `down` and
// `across` apart), so banks do not collide; b fetched along K is laid down by n % 4 first for the same reason.

import {
  component,
  eachTerm,
  eachTile,
  groupBuiltins,
  indent,
  range,
  rowInTile,
  storedRow,
  workgroupsOf,
  type Emitted,
  type Product,
} from './product.ts'
import type { TilesConfig } from '../kernels/target.ts'

interface TileShape extends TilesConfig {
  readonly threads: number
  /** Rows and columns of the tile. */
  readonly m: number
  readonly n: number
}

export function emitTiles(product: Product, config: TilesConfig): Emitted {
  const { down, across, rows, quads, depth } = config
  const shape: TileShape = { ...config, threads: down * across, m: down * rows, n: across * quads * 4 }
  const place = [`let row = me / ${across}u;`, `let column = me % ${across}u;`]
  const main = [
    `var<workgroup> a_tile: array<vec4f, ${(shape.m * depth) / 4}>;`,
    `var<workgroup> b_tile: array<vec4f, ${(shape.n * depth) / 4}>;`,
    `@compute @workgroup_size(${shape.threads})`,
    `fn main(${groupBuiltins}, @builtin(local_invocation_index) me: u32) {`,
    indent(
      eachTile(product, shape, {
        before: [...place, ...range(quads).map(j => `var columns${j} = ColumnPart();`)],
        body: [
          ...(product.columnReduction ? [] : place),
          ...range(rows).flatMap(i => range(quads).map(j => `var c${i}_${j} = vec4f();`)),
          ...loop(product, shape),
          ...stores(product, shape),
        ],
        after: range(quads).map(
          j => `column_end(columns${j}, split, n0 / 4u + column + ${j * across}u, me, row == 0u);`,
        ),
      }),
    ),
    '}',
  ]
  const total = product.columnReduction ? columnTotal(shape) : []
  return {
    wgsl: [product.code, product.a.code, product.b.code, ...total, ...main, ''].join('\n'),
    workgroups: workgroupsOf(product, shape),
  }
}

/** Adds up what the invocations of a column have, in order, by way of the memory that held a. */
function columnTotal({ down, across }: TileShape): string[] {
  return [
    'fn column_total(value: vec4f, me: u32) -> vec4f {',
    indent([
      'a_tile[me] = value;',
      'workgroupBarrier();',
      'var total = vec4f();',
      `for (var r = 0u; r < ${down}u; r++) { total += a_tile[r * ${across}u + me % ${across}u]; }`,
      'workgroupBarrier();',
      'return total;',
    ]),
    '}',
  ]
}

function loop(product: Product, shape: TileShape): string[] {
  const [a, b] = [share(product, shape, 'a'), share(product, shape, 'b')]
  return [
    ...a.before,
    ...b.before,
    ...eachTerm(product, shape.depth, [
      ...a.inside,
      ...b.inside,
      'workgroupBarrier();',
      `for (var q = 0u; q < ${shape.depth / 4}u; q++) {`,
      indent([...operands(product, shape), ...multiplyAdds(product, shape)]),
      '}',
      'workgroupBarrier();',
    ]),
  ]
}

/** What one invocation brings of a side: where, worked out before the loop, and the fetches inside it. */
function share(product: Product, shape: TileShape, side: 'a' | 'b'): { before: string[]; inside: string[] } {
  const { along } = product[side]
  const [length, first] = side === 'a' ? [shape.m, 'm0'] : [shape.n, 'n0']
  const total = (length * shape.depth) / 4
  const [before, inside]: [string[], string[]] = [[], []]
  for (const i of range(Math.ceil(total / shape.threads))) {
    const [e, k, own] = [`${side}_e${i}`, `${side}_k${i}`, `${side}_own${i}`]
    const places =
      along === 'k'
        ? [`let ${k} = ${e} % ${shape.depth / 4}u;`, `let ${own} = ${side}_own(${first} + ${e} / ${shape.depth / 4}u);`]
        : [`let ${k} = ${e} / ${length / 4}u;`, `let ${own} = ${side}_own(${first} / 4u + ${e} % ${length / 4}u);`]
    before.push(`let ${e} = me + ${i * shape.threads}u;`, ...places)
    const fetched = `${side}_load(${own}, ${side}_k(${along === 'k' ? `k0 / 4u + ${k}` : `k0 + ${k}`}))`
    const value =
      side === 'b' && along === 'own' && product.k % shape.depth !== 0
        ? `select(vec4f(), ${fetched}, t * ${shape.depth}u + ${k} < ${product.k}u)`
        : fetched
    const line = `${side}_tile[${placeInTile(along, side, e, length, shape.depth)}] = ${value};`
    inside.push(total % shape.threads === 0 ? line : `if (${e} < ${total}u) { ${line} }`)
  }
  return { before, inside }
}

function placeInTile(along: 'k' | 'own', side: 'a' | 'b', e: string, length: number, depth: number): string {
  if (along === 'own') return e
  const [k, own] = [`(${e} % ${depth / 4}u)`, `(${e} / ${depth / 4}u)`]
  return side === 'a'
    ? `${k} * ${length}u + ${own}`
    : `${k} * ${length}u + (${own} % 4u) * ${length / 4}u + ${own} / 4u`
}

/** The vec4s an invocation needs for four terms. */
function operands(product: Product, { m, n, down, across, rows, quads }: TileShape): string[] {
  const { a, b } = product
  const aLines =
    a.along === 'k'
      ? range(rows).map(i => `let a0_${i} = a_tile[q * ${m}u + ${rowInTile(product, i, 'row', down)}];`)
      : range(4).flatMap(k =>
          range(rows / 4).map(i => `let a${k}_${i} = a_tile[(q * 4u + ${k}u) * ${m / 4}u + row + ${i * down}u];`),
        )
  const bLines = range(4).flatMap(k =>
    range(quads).map(
      j =>
        `let b${k}_${j} = b_tile[${b.along === 'k' ? `q * ${n}u + ${(k * n) / 4}u` : `(q * 4u + ${k}u) * ${n / 4}u`} + column + ${j * across}u];`,
    ),
  )
  return [...aLines, ...bLines]
}

function multiplyAdds({ a, b }: Product, { rows, quads }: TileShape): string[] {
  const left = (k: number, i: number) =>
    a.along === 'k' ? `a0_${i}.${component(k)}` : `a${k}_${Math.floor(i / 4)}.${component(i % 4)}`
  const right = (k: number, j: number) =>
    b.along === 'k'
      ? `vec4f(${range(4)
          .map(n => `b${n}_${j}.${component(k)}`)
          .join(', ')})`
      : `b${k}_${j}`
  return range(4).flatMap(k =>
    range(quads).flatMap(j => [
      `let w${k}_${j} = ${right(k, j)};`,
      ...range(rows).map(i => `c${i}_${j} = fma(vec4f(${left(k, i)}), w${k}_${j}, c${i}_${j});`),
    ]),
  )
}

function stores(product: Product, { down, across, rows, quads }: TileShape): string[] {
  if (product.windows) {
    return range(rows / 4).flatMap(g =>
      range(quads).map(
        j =>
          `store_window(m0 / 4u + row + ${g * down}u, n0 / 4u + column + ${j * across}u, ${range(4)
            .map(i => `c${4 * g + i}_${j}`)
            .join(', ')});`,
      ),
    )
  }
  return range(rows).flatMap(i =>
    range(quads).map(j => {
      const [m, n] = [
        storedRow(product, `m0 + ${rowInTile(product, i, 'row', down)}`),
        `n0 / 4u + column + ${j * across}u`,
      ]
      const store = `store(${m}, ${n}, slice, c${i}_${j})`
      return product.columnReduction ? `columns${j} = column_add(columns${j}, ${m}, ${n}, ${store});` : `${store};`
    }),
  )
}
