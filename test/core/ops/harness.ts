// One op, forward and backward, on any device: `runOp` gives its output and the gradients of its inputs and parameters
// for random values that are the same everywhere. `expectSameOnDevices` compares two devices, `expectTrueGradients` is
// the Jacobian checker.

import { afterAll, beforeAll, expect } from 'vitest'
import { createReferenceDevice } from '../../../src/core/cpu/reference-device.ts'
import { fuse } from '../../../src/core/tensor/fuse.ts'
import type { Device } from '../../../src/core/device.ts'
import { elementKernel } from '../../../src/core/kernels/kernel.ts'
import { zeroStep, type StepValues } from '../../../src/core/kernels/step.ts'
import { uniforms } from '../../../src/core/kernels/philox.ts'
import { compile } from '../../../src/core/tensor/plan.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { sizeOf, type Shape } from '../../../src/core/tensor/shape.ts'
import { type Tensor, Trace } from '../../../src/core/tensor/trace.ts'
import { availableDevices, openGpuDevice, openWasmDevice } from '../devices.ts'
import { createExactDevice } from './exact-device.ts'

export interface OpCase {
  /** Values that flow through the net; each gets a gradient. */
  readonly inputs: Readonly<Record<string, Shape>>
  /** Trainable tensors; each gets a gradient. */
  readonly parameters?: Readonly<Record<string, Shape>>
  readonly build: (tensors: Readonly<Record<string, Tensor>>) => Tensor
  readonly step?: StepValues
  /** The value of element i of a tensor from a uniform number u in 0..1; default 2 u - 1. */
  readonly value?: (name: string, u: number, i: number) => number
  /** Stored in half precision. */
  readonly half?: boolean
  /** Parameters that stay as they are: they get no gradient. */
  readonly frozen?: (name: string) => boolean
}

export type Results = ReadonlyMap<string, readonly number[]>

/** Opens the GPU, if there is one, for the tests of a file. `check` judges the reference by float64 and the shader by
 *  the reference, `compareHalf` the shader that stores f16 by the reference, which does not. */
export function judge(taken: { readonly software?: boolean } = {}): {
  readonly check: (test: OpCase, tolerance?: number) => Promise<void>
  readonly compare: (test: OpCase, tolerance?: number) => Promise<void>
  readonly compareHalf: (test: OpCase, tolerance: number) => Promise<void>
} {
  const cpu = createReferenceDevice()
  let gpu: Device | undefined
  let wasm: Device | undefined
  beforeAll(async () => {
    wasm = await openWasmDevice()
    if ((await availableDevices()).includes('gpu')) gpu = await openGpuDevice(taken)
  })
  afterAll(() => {
    gpu?.destroy()
    wasm?.destroy()
  })
  const compare = async (test: OpCase, tolerance?: number) => {
    await expectSameOnDevices(wasm!, cpu, test, tolerance)
    if (gpu) await expectSameOnDevices(gpu, cpu, test, tolerance)
  }
  const check = async (test: OpCase, tolerance?: number) => {
    await expectTrueGradients(test)
    await compare(test, tolerance)
  }
  const compareHalf = async (test: OpCase, tolerance: number) => {
    if (gpu?.info.halfPrecision)
      expectClose(await runOp(gpu, { ...test, half: true }), await runOp(cpu, test), tolerance, 'in half precision')
    else console.warn('NO shader-f16 FOUND: half precision is not run.')
  }
  return { check, compare, compareHalf }
}

/** `y` and `d.<name>` for every input and parameter. Takes 'dy' at random. */
export async function runOp(device: Device, test: OpCase): Promise<Results> {
  const traced = traceOp(test)
  const store = new Store(device, 1)
  const plan = await compile(device, traced.trace, store)
  try {
    fill(store, traced, test)
    plan.run(test.step ?? zeroStep)
    const entries = await Promise.all(
      [...traced.results].map(async ([name, { state, size }]) => [name, total(await store.read(state), size)] as const),
    )
    return new Map(entries)
  } finally {
    plan.dispose()
    store.dispose()
  }
}

interface TracedOp {
  readonly trace: Trace
  /** Calls of the plan up to the output. */
  readonly forward: number
  readonly values: ReadonlyMap<string, number>
  readonly results: ReadonlyMap<string, { readonly state: string; readonly size: number }>
}

export function traceOp({ inputs, parameters = {}, build, half = false, frozen = () => false }: OpCase): TracedOp {
  const trace = new Trace({ training: true, half, frozen })
  const results = new Map<string, { state: string; size: number }>()
  const keep = (name: string, tensor: Tensor, size: number) => {
    copy(tensor, trace.state(`result.${name}`, [tensor.size], 'f32'))
    results.set(name, { state: `result.${name}`, size })
  }
  const values = new Map<string, number>()
  const tensors: Record<string, Tensor> = {}
  for (const [name, shape] of Object.entries(inputs)) {
    values.set(name, sizeOf(shape))
    const x = (tensors[name] = trace.tensor(shape))
    // Before anything writes it: then the trace takes it as something that learns.
    trace.onBackward(x, dx => (keep(`d.${name}`, dx, x.size), []))
    copy(trace.state(name, shape, 'f32'), x)
  }
  for (const [name, shape] of Object.entries(parameters)) {
    values.set(name, sizeOf(shape))
    tensors[name] = trace.parameter(name, shape, () => {}, { decay: true })
  }
  const y = build(tensors)
  keep('y', y, y.size)
  const dy = trace.state('dy', y.shape, 'f32')
  values.set('dy', y.size)
  const loss = trace.tensor([1])
  trace.onBackward(loss, () => [[y, dy]])
  trace.backward(loss)
  for (const [name, gradient] of trace.gradients) keep(`d.${name}`, gradient, sizeOf(parameters[name]!))
  const forward = 1 + fuse(trace.calls).findIndex(({ tensors }) => tensors.copied?.name === 'result.y')
  return { trace, forward, values, results }
}

function fill(store: Store, { values }: TracedOp, test: OpCase): void {
  let stream = 0
  for (const [name, size] of values) {
    const next = uniforms(7, ++stream)
    const value = test.value ?? ((_: string, u: number) => 2 * u - 1)
    store.write(
      name,
      Float32Array.from({ length: size }, (_, i) => value(name, next(), i)),
    )
  }
}

/** Adds up the partial sums of a gradient: rows of a stride that is a multiple of 64, of which the first `size` values
 *  count. */
function total(values: Float32Array | Float64Array, size: number): number[] {
  const stride = values.length === size ? size : Math.ceil(size / 64) * 64
  return Array.from({ length: size }, (_, i) => {
    let sum = 0
    for (let at = i; at < values.length; at += stride) sum += values[at]!
    return sum
  })
}

const copyKernel = elementKernel({
  name: 'test-copy',
  source: `
    #include "lib/index.wgsl"
    @group(0) @binding(0) var<storage, read> source: array<f32>;
    @group(0) @binding(1) var<storage, read_write> copied: array<f32>;
    @compute @workgroup_size(256) fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
      let i = flat_index(id, groups);
      if (i < LENGTH) { copied[i] = source[i]; }
    }`.replaceAll('\n    ', '\n'),
  bindings: { source: 'read', copied: 'write' },
  constants: ['LENGTH'],
  half: ['source', 'copied'],
  elements: c => c.LENGTH,
  reference: ({ source, copied }) => copied.set(source),
})

export function copy(from: Tensor, to: Tensor): void {
  from.trace.call(copyKernel, { source: from, copied: to }, { LENGTH: from.size })
}

/** Every result of both devices differs by less than `tolerance` of the largest value of its tensor. */
export async function expectSameOnDevices(a: Device, b: Device, test: OpCase, tolerance = 1e-5): Promise<void> {
  expectClose(await runOp(a, test), await runOp(b, test), tolerance, `between ${a.info.name} and ${b.info.name}`)
}

function expectClose(ours: Results, theirs: Results, tolerance: number, where: string): void {
  expect([...ours.keys()]).toEqual([...theirs.keys()])
  for (const [name, values] of ours)
    expect(difference(values, theirs.get(name)!), `${name} differs ${where}`).toBeLessThan(tolerance)
}

/** The largest difference of two lists as a share of the largest value in either, or of `least`; infinite where a value
 *  is not a number. */
export function difference(a: ArrayLike<number>, b: ArrayLike<number>, least = 1e-6): number {
  if (a.length !== b.length) return Infinity
  let [largest, worst] = [least, 0]
  for (let i = 0; i < a.length; i++) {
    if (!Number.isFinite(a[i]) || !Number.isFinite(b[i])) return Infinity
    largest = Math.max(largest, Math.abs(a[i]!), Math.abs(b[i]!))
    worst = Math.max(worst, Math.abs(a[i]! - b[i]!))
  }
  return worst / largest
}

/** The gradients of the op in float64 equal central finite differences of its forward: d (y . dy) / d element.
 *  Gradients below `least` may be rounding; `step` is half of the distance, of which less hits fewer kinks and rounds
 *  more. */
export async function expectTrueGradients(
  test: OpCase,
  tolerance = 1e-6,
  { least = 1e-6, step = 1e-5 } = {},
): Promise<void> {
  const device = createExactDevice()
  const traced = traceOp(test)
  const store = new Store(device, 1)
  const plan = await compile(device, traced.trace, store)
  fill(store, traced, test)
  const values = (name: string) => device.values(store.range(store.names().get(name)!))
  const programCall = plan.call(test.step ?? zeroStep)
  device.run([programCall])
  const [y, dy] = [values('result.y'), values('dy')]
  const loss = () => (device.runFirst(traced.forward, programCall), dot(y, dy))
  for (const [result, { state, size }] of traced.results) {
    if (result === 'y') continue
    const analytic = total(values(state), size)
    const places = someOf(size)
    const numeric = places.map(place => slope(values(result.slice(2)), place, loss, step))
    expect(
      difference(
        places.map(place => analytic[place]!),
        numeric,
        least,
      ),
      `${result} against finite differences`,
    ).toBeLessThan(tolerance)
  }
}

/** All places of a small tensor, 48 spread over a large one. */
function someOf(size: number): number[] {
  return size <= 48
    ? [...Array(size).keys()]
    : Array.from({ length: 48 }, (_, i) => Math.floor(((i + ((i * 7) % 11) / 11) * size) / 48))
}

function slope(x: Float64Array, place: number, loss: () => number, h: number): number {
  const held = x[place]!
  x[place] = held + h
  const above = loss()
  x[place] = held - h
  const below = loss()
  x[place] = held
  return (above - below) / (2 * h)
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
