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
import type { TilesVariant } from './variants.ts'

interface Cut extends TilesVariant {
  readonly threads: number
  /** Rows and columns of the tile. */
  readonly m: number
  readonly n: number
}

export function emitTiles(product: Product, variant: TilesVariant): Emitted {
  const { down, across, rows, quads, depth } = variant
  const cut: Cut = { ...variant, threads: down * across, m: down * rows, n: across * quads * 4 }
  const place = [`let row = me / ${across}u;`, `let column = me % ${across}u;`]
  const main = [
    `var<workgroup> a_tile: array<vec4f, ${(cut.m * depth) / 4}>;`,
    `var<workgroup> b_tile: array<vec4f, ${(cut.n * depth) / 4}>;`,
    `@compute @workgroup_size(${cut.threads})`,
    `fn main(${groupBuiltins}, @builtin(local_invocation_index) me: u32) {`,
    indent(
      eachTile(product, cut, {
        before: [...place, ...range(quads).map(j => `var tally${j} = Tally();`)],
        body: [
          ...(product.tally ? [] : place),
          ...range(rows).flatMap(i => range(quads).map(j => `var c${i}_${j} = vec4f();`)),
          ...loop(product, cut),
          ...stores(product, cut),
        ],
        after: range(quads).map(j => `tally_end(tally${j}, split, n0 / 4u + column + ${j * across}u, me, row == 0u);`),
      }),
    ),
    '}',
  ]
  const total = product.tally ? columnTotal(cut) : []
  return {
    wgsl: [product.code, product.a.code, product.b.code, ...total, ...main, ''].join('\n'),
    workgroups: workgroupsOf(product, cut),
  }
}

/** Adds up what the invocations of a column have, in order, by way of the memory that held a. */
function columnTotal({ down, across }: Cut): string[] {
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

function loop(product: Product, cut: Cut): string[] {
  const [a, b] = [share(product, cut, 'a'), share(product, cut, 'b')]
  return [
    ...a.before,
    ...b.before,
    ...eachTerm(product, cut.depth, [
      ...a.inside,
      ...b.inside,
      'workgroupBarrier();',
      `for (var q = 0u; q < ${cut.depth / 4}u; q++) {`,
      indent([...operands(product, cut), ...multiplyAdds(product, cut)]),
      '}',
      'workgroupBarrier();',
    ]),
  ]
}

/** What one invocation brings of a side: where, worked out before the loop, and the fetches inside it. */
function share(product: Product, cut: Cut, side: 'a' | 'b'): { before: string[]; inside: string[] } {
  const { along } = product[side]
  const [length, first] = side === 'a' ? [cut.m, 'm0'] : [cut.n, 'n0']
  const total = (length * cut.depth) / 4
  const [before, inside]: [string[], string[]] = [[], []]
  for (const i of range(Math.ceil(total / cut.threads))) {
    const [e, k, own] = [`${side}_e${i}`, `${side}_k${i}`, `${side}_own${i}`]
    const places =
      along === 'k'
        ? [`let ${k} = ${e} % ${cut.depth / 4}u;`, `let ${own} = ${side}_own(${first} + ${e} / ${cut.depth / 4}u);`]
        : [`let ${k} = ${e} / ${length / 4}u;`, `let ${own} = ${side}_own(${first} / 4u + ${e} % ${length / 4}u);`]
    before.push(`let ${e} = me + ${i * cut.threads}u;`, ...places)
    const fetched = `${side}_load(${own}, ${side}_k(${along === 'k' ? `k0 / 4u + ${k}` : `k0 + ${k}`}))`
    const value =
      side === 'b' && along === 'own' && product.k % cut.depth !== 0
        ? `select(vec4f(), ${fetched}, t * ${cut.depth}u + ${k} < ${product.k}u)`
        : fetched
    const line = `${side}_tile[${placeInTile(along, side, e, length, cut.depth)}] = ${value};`
    inside.push(total % cut.threads === 0 ? line : `if (${e} < ${total}u) { ${line} }`)
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
function operands(product: Product, { m, n, down, across, rows, quads }: Cut): string[] {
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

function multiplyAdds({ a, b }: Product, { rows, quads }: Cut): string[] {
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

function stores(product: Product, { down, across, rows, quads }: Cut): string[] {
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
      return product.tally ? `tally${j} = tally_add(tally${j}, ${m}, ${n}, ${store});` : `${store};`
    }),
  )
}
