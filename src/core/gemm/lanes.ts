// Family "lanes": one subgroup makes one tile without workgroup memory and without barriers. Each lane owns `rows` rows
// of a and keeps their sums in registers; a quad of b is fetched by one lane and handed to all by subgroupBroadcast.
// Made for software GPUs (lavapipe, SwiftShader): there a fetch costs as much as ten multiply-adds and a barrier even
// more, but a broadcast is a single shuffle. The workgroup is exactly one subgroup, so `lanes` must be the adapter's
// subgroup size.

import {
  component,
  eachTerm,
  eachTile,
  groupBuiltins,
  inFours,
  indent,
  range,
  rowInTile,
  storedRow,
  workgroupsOf,
  type Emitted,
  type Product,
} from './product.ts'
import type { LanesConfig } from '../kernels/target.ts'

export function emitLanes(product: Product, config: LanesConfig): Emitted {
  const { lanes, rows, quads } = config
  const tile = { m: lanes * rows, n: 4 * quads }
  const step = stepOf(product, config)
  const body = [
    ...ownPlaces(product, config),
    ...range(rows).flatMap(i => range(quads).map(j => `var c${i}_${j} = vec4f();`)),
    ...eachTerm(product, step, [...loads(product, config, step), ...multiplyAdds(product, config, step)]),
    ...stores(product, config),
  ]
  const before = range(quads).map(j => `var columns${j} = ColumnPart();`)
  const after = range(quads).map(j => `column_end(columns${j}, split, n0 / 4u + ${j}u, lane, lane == 0u);`)
  const main = [
    `@compute @workgroup_size(${lanes})`,
    `fn main(${groupBuiltins}, @builtin(subgroup_invocation_id) lane: u32) {`,
    indent(eachTile(product, tile, { before, body, after })),
    '}',
  ]
  const total = product.columnReduction
    ? ['fn column_total(value: vec4f, me: u32) -> vec4f { return subgroupAdd(value); }']
    : []
  return {
    wgsl: ['enable subgroups;', product.code, product.a.code, product.b.code, ...total, ...main, ''].join('\n'),
    workgroups: workgroupsOf(product, tile),
  }
}

/** Terms a turn of the loop: a fetch along K brings four, so then it is four. */
function stepOf({ a, b }: Product, { step }: LanesConfig): number {
  return a.along === 'k' || b.along === 'k' ? 4 : step
}

/** Fetches of b a lane makes each turn. */
function shares({ b }: Product, { lanes, quads }: LanesConfig, step: number): number {
  return Math.ceil(((b.along === 'k' ? 4 : step) * quads) / lanes)
}

/** What the places on the own axes need is computed before the loop. */
function ownPlaces(product: Product, config: LanesConfig): string[] {
  const { lanes, rows, quads } = config
  const a =
    product.a.along === 'k'
      ? range(rows).map(i => `let a_own${i} = a_own(m0 + ${rowInTile(product, i, 'lane', lanes)});`)
      : range(rows / 4).map(i => `let a_own${i} = a_own(m0 / 4u + ${i * lanes}u + lane);`)
  const b = range(shares(product, config, stepOf(product, config))).map(i =>
    product.b.along === 'k'
      ? `let b_own${i} = b_own(n0 + ${i * lanes}u + lane);`
      : `let b_own${i} = b_own(n0 / 4u + (${i * lanes}u + lane) % ${quads}u);`,
  )
  return [...a, ...b]
}

function loads(product: Product, config: LanesConfig, step: number): string[] {
  const { lanes, rows, quads } = config
  const lines: string[] = []
  if (product.a.along === 'k') {
    lines.push('let a_at = a_k(k0 / 4u);', ...range(rows).map(i => `let a0_${i} = a_load(a_own${i}, a_at);`))
  } else {
    lines.push(
      ...range(step).flatMap(k => [
        `let a_at${k} = a_k(k0 + ${k}u);`,
        ...range(rows / 4).map(i => `let a${k}_${i} = a_load(a_own${i}, a_at${k});`),
      ]),
    )
  }
  for (const i of range(shares(product, config, step))) {
    const k = product.b.along === 'k' ? 'k0 / 4u' : `k0 + (${i * lanes}u + lane) / ${quads}u`
    const value = `b_load(b_own${i}, b_k(${k}))`
    lines.push(
      `let b${i} = ${product.k % step === 0 ? value : withinSlice(product, value, `${i * lanes}u + lane`, quads, step)};`,
    )
  }
  return lines
}

/** The last turn of a slice may reach into the next one: zeros of b keep its terms out. */
function withinSlice({ b, k }: Product, value: string, share: string, quads: number, step: number): string {
  return b.along === 'k' ? value : `select(vec4f(), ${value}, t * ${step}u + (${share}) / ${quads}u < ${k}u)`
}

function multiplyAdds(product: Product, config: LanesConfig, step: number): string[] {
  const { rows, quads } = config
  return range(step).flatMap(k =>
    range(quads).flatMap(j => [
      `let w${k}_${j} = ${broadcast(product, config, k, j)};`,
      ...range(rows).map(i => `c${i}_${j} = fma(vec4f(${rowValue(product, k, i)}), w${k}_${j}, c${i}_${j});`),
    ]),
  )
}

/** Row i of the lane at term k of this turn. */
function rowValue({ a }: Product, k: number, i: number): string {
  return a.along === 'k' ? `a0_${i}.${component(k)}` : `a${k}_${Math.floor(i / 4)}.${component(i % 4)}`
}

/** Quad j of b at term k of this turn, from the lanes that fetched it. */
function broadcast({ b }: Product, { lanes, quads }: LanesConfig, k: number, j: number): string {
  const from = (share: number, part: string) =>
    `subgroupBroadcast(b${Math.floor(share / lanes)}${part}, ${share % lanes}u)`
  if (b.along === 'own') return from(k * quads + j, '')
  return `vec4f(${range(4)
    .map(n => from(4 * j + n, `.${component(k)}`))
    .join(', ')})`
}

/** The sums go through an array and a loop whose end the driver cannot see (group.z is part): written out one by one,
 *  or unrolled, the stores would be most of the shader to compile. */
function stores(product: Product, { lanes, rows, quads }: LanesConfig): string[] {
  const row = inFours(product)
    ? `(i / ${4 * quads}u * ${lanes}u + lane) * 4u + i / ${quads}u % 4u`
    : `i / ${quads}u * ${lanes}u + lane`
  const sums = `var sums = array<vec4f, ${rows * quads}>(${range(rows)
    .flatMap(i => range(quads).map(j => `c${i}_${j}`))
    .join(', ')});`
  if (product.windows) {
    const values = range(4).map(i => `sums[i / ${quads}u * ${4 * quads}u + i % ${quads}u + ${i * quads}u]`)
    return [
      sums,
      `for (var i = 0u; i < ${(rows * quads) / 4}u + group.z - part; i++) { store_window(m0 / 4u + i / ${quads}u * ${lanes}u + lane, n0 / 4u + i % ${quads}u, ${values.join(', ')}); }`,
    ]
  }
  const m = storedRow(product, `m0 + ${row}`)
  if (product.columnReduction) {
    return [
      sums,
      ...range(quads).map(
        j =>
          `for (var i = ${j}u; i < ${rows * quads}u + group.z - part; i += ${quads}u) { let m = ${m}; columns${j} = column_add(columns${j}, m, n0 / 4u + ${j}u, store(m, n0 / 4u + ${j}u, slice, sums[i])); }`,
      ),
    ]
  }
  return [
    sums,
    `for (var i = 0u; i < ${rows * quads}u + group.z - part; i++) { store(${m}, n0 / 4u + i % ${quads}u, slice, sums[i]); }`,
  ]
}
