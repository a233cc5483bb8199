// What the adapter can do at most, measured in WGSL in the same run as the kernels: multiply-adds, memory, the cost of
// a dispatch.

import { median } from '../measuring/median.ts'
import type { Call, Stopwatch } from '../measuring/stopwatch.ts'

export interface Roofline {
  /** 10^9 floating point operations a second, a multiply-add counting two. */
  readonly gflops: number
  /** 10^9 bytes a second, read and written, of a copy of 64 MiB. */
  readonly gigabytes: number
  /** Microseconds a dispatch that waits for the one before it. */
  readonly dispatchMicroseconds: number
}

const chains = Array.from({ length: 8 }, (_, i) => `a${i}`)

/** Eight independent chains of vec4 multiply-adds: nothing but arithmetic. */
const multiplyAdds = `
@group(0) @binding(0) var<storage, read_write> result: array<vec4f>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let x = f32(id.x);
  let factor = vec4f(0.999, 0.998, 0.997, 0.996) + x * 1e-9;
  let term = vec4f(x * 1e-3);
  ${chains.map((name, i) => `var ${name} = vec4f(${i}.5) + x;`).join(' ')}
  for (var i = 0u; i < 512u; i++) {
    ${Array.from({ length: 4 }, () => chains.map(name => `${name} = fma(${name}, factor, term);`).join(' ')).join('\n    ')}
  }
  result[id.x] = ${chains.join(' + ')};
}`

const copy = `
@group(0) @binding(0) var<storage, read_write> copied: array<vec4f>;
@group(0) @binding(1) var<storage, read> source: array<vec4f>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) { copied[id.x] = source[id.x]; }`

const increment = `
@group(0) @binding(0) var<storage, read_write> value: array<u32>;
@compute @workgroup_size(1) fn main() { value[0] += 1u; }`

/** A call of nothing but multiply-adds, and how many operations it makes. */
export interface Yardstick {
  readonly call: Call
  readonly flop: number
}

export async function prepareYardstick(watch: Stopwatch, scale: number): Promise<Yardstick> {
  const groups = 256 * scale
  return {
    call: await watch.prepare(multiplyAdds, [groups * 64 * 16], [groups, 1, 1]),
    flop: groups * 64 * 512 * 4 * 8 * 8,
  }
}

/** `scale` multiplies the work: 1 keeps a software GPU busy for some 100 ms, a real GPU wants 100. */
export async function measureRoofline(watch: Stopwatch, scale: number): Promise<Roofline> {
  const [vectors, dispatches] = [2 ** 21, 200]
  const { call: arithmetic, flop } = await prepareYardstick(watch, scale)
  const copying = await watch.prepare(copy, [vectors * 16, vectors * 16], [vectors / 64, 1, 1])
  const chain = await watch.prepare(increment, [16], [1, 1, 1])
  const times = await watch.times([[arithmetic], [copying], Array.from({ length: dispatches }, () => chain)], 7)
  const [fma, memory, empty] = times.map(median)
  return {
    gflops: flop / fma! / 1e6,
    gigabytes: (vectors * 32) / memory! / 1e6,
    dispatchMicroseconds: (empty! * 1000) / dispatches,
  }
}
