// What a kernel declares and what its WGSL says are the same: names of constants, order, access and elements of the
// bindings. And the declaration types the calls and the reference.

import { join } from 'node:path'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { shaderText } from '../../../src/core/gpu/wgsl.ts'
import { epilogueFor } from '../../../src/core/gemm/epilogues.ts'
import { withEpilogue } from '../../../src/core/gemm/fused.ts'
import * as products from '../../../src/core/gemm/kernels.ts'
import { adamKernel } from '../../../src/core/kernels/optim/adam.ts'
import { dropoutKernel } from '../../../src/core/kernels/elementwise/dropout.ts'
import { reluForward } from '../../../src/core/kernels/elementwise/relu.ts'
import { scaleKernel } from '../../../src/core/kernels/elementwise/scale.ts'
import { accessOf, float, kernel, type Kernel, type ReadWords } from '../../../src/core/kernels/kernel.ts'
import { Trace } from '../../../src/core/tensor/trace.ts'
import { recordUpdate } from '../../../src/core/optim/update.ts'
import { root, sourcesIn } from '../../rules/sources.ts'

async function declaredKernels(): Promise<Kernel[]> {
  const files = sourcesIn('src/core/kernels', ['.ts'])
  const modules = await Promise.all(files.map(({ path }) => import(join(root, path)) as Promise<object>))
  const values = modules.flatMap(module => Object.values(module) as unknown[])
  return values.filter(
    (value): value is Kernel => typeof value === 'object' && value !== null && 'bindings' in value && 'source' in value,
  )
}

const kernels = await declaredKernels()

/** Constants that the reference alone reads, or nobody: a table of all kinds of change has room for a range of flips. */
const beyondWgsl: Readonly<Record<string, RegExp>> = {
  'draw-changes': /^(CHANCE_1[01]|(LOW|HIGH)_(0|1|10|11))$/,
  'batch-norm-backward-partial': /^M$/,
  'batch-norm-backward-apply': /^(PLACES|ROWS)$/,
}

/** Names in capitals that the shader uses and does not declare itself. */
function usedNames(declared: Kernel): string[] {
  const text = bodyOf(declared)
  const own = new Set([...text.matchAll(/\bconst (\w+)/g)].map(([, name]) => name!))
  const used = new Set([...text.matchAll(/\b[A-Z][A-Z0-9_]*\b/g)].map(([name]) => name))
  return [...used].filter(name => !own.has(name)).toSorted()
}

function bodyOf(declared: Kernel): string {
  return shaderText({ kernel: declared, constants: {} }).replace(/\/\/.*/g, '')
}

describe('every kernel', () => {
  it('is found', () => expect(kernels.length).toBeGreaterThan(40))

  it.each(kernels.map(found => [found.name, found] as const))(
    '%s declares the constants that its WGSL uses',
    (_, found) =>
      expect(usedNames(found)).toEqual(found.constants.filter(name => !beyondWgsl[found.name]?.test(name)).toSorted()),
  )

  it.each(kernels.map(found => [found.name, found] as const))('%s declares the bindings of its WGSL', (_, found) => {
    const lines = [...bodyOf(found).matchAll(/@binding\((\d+)\) var<storage, (\w+)> (\w+): array<(\w+)>/g)]
    expect(lines.map(([, number, access, name, type]) => [Number(number), name, access, type])).toEqual(
      Object.entries(found.bindings).map(([name, binding], i) => [
        i,
        name,
        accessOf(binding) === 'read' ? 'read' : 'read_write',
        expect.stringMatching(binding.includes(' u') ? /^u32$|^vec4u$/ : /^f32$|^vec4f$/),
      ]),
    )
  })
})

describe('a product with an epilogue', () => {
  it('declares the constants of both', () => {
    const fused = withEpilogue(products.product, epilogueFor(dropoutKernel)!, [])
    const own = ['LENGTH', 'LAYER', 'STREAM', 'RATE', 'SCALE'].map(name => `DROPOUT_${name}`)
    expect(fused.constants).toEqual(['M', 'N', 'K', 'TRANSPOSE_A', 'TRANSPOSE_B', ...own])
    const constants = Object.fromEntries(fused.constants.map(name => [name, 4]))
    const text = shaderText({ kernel: fused, constants }).replace(/\/\/.*|^const .*/gm, '')
    const used = new Set([...text.matchAll(/\b[A-Z][A-Z0-9_]+\b/g)].map(([name]) => name))
    expect([...used].filter(name => !fused.constants.includes(name))).toEqual([])
  })
})

describe('a call', () => {
  const trace = new Trace({ training: false })
  const [x, y] = [trace.tensor([4]), trace.tensor([4])]

  it('does not compile, and is refused with a sentence, where a constant is missing or misspelt', () => {
    const sentence = /The kernel scale was called without its constant FACTOR\./
    // @ts-expect-error: nothing given
    expect(() => trace.call(scaleKernel, { x, y }, {})).toThrow(/without its constant LENGTH/)
    // @ts-expect-error: FACTOR is missing
    expect(() => trace.call(scaleKernel, { x, y }, { LENGTH: 4 })).toThrow(sentence)
    // @ts-expect-error: FACTOR is misspelt
    expect(() => trace.call(scaleKernel, { x, y }, { LENGTH: 4, FACTR: float(2) })).toThrow(sentence)
    // @ts-expect-error: RATE is no constant of it
    expect(() => trace.call(reluForward, { x, y }, { LENGTH: 4, RATE: 1 })).toThrow(
      /relu-forward has no constant RATE\./,
    )
  })

  it('does not compile, and is refused with a sentence, where a binding is missing or misspelt', () => {
    // @ts-expect-error: y is missing
    expect(() => trace.call(reluForward, { x }, { LENGTH: 4 })).toThrow(/without its binding y\./)
    // @ts-expect-error: z is no binding of it
    expect(() => trace.call(reluForward, { x, y, z: y }, { LENGTH: 4 })).toThrow(/relu-forward has no binding z\./)
  })

  it('of an optimizer names its moments and constants too', () => {
    const constants = { BETA1: 0, REST1: 0, BETA2: 0, REST2: 0, EPSILON: 0, DECAY: 0 }
    const learning = new Trace({ training: true })
    learning.parameter('w', [4], () => {}, { decay: true })
    // @ts-expect-error: v is missing
    expect(() => recordUpdate(learning, adamKernel, { m: 'optimizer.m' }, constants, undefined)).toThrow(/binding v/)
    // @ts-expect-error: nothing given
    expect(() => recordUpdate(learning, adamKernel, { m: 'm', v: 'v' }, {}, undefined)).toThrow(/constant BETA1/)
    recordUpdate(learning, adamKernel, { m: 'optimizer.m', v: 'optimizer.v' }, constants, undefined)
    expect(learning.calls.at(-1)!.kernel.name).toBe('adam')
  })
})

describe('a reference', () => {
  it('gets arrays by access and element type, and constants by name', () => {
    kernel({
      name: 'typed',
      source: '',
      bindings: { labels: 'read u32', y: 'update', bytes: 'write u8' },
      constants: ['N'],
      grid: c => {
        expectTypeOf(c.N).toEqualTypeOf<number>()
        return [1, 1, 1]
      },
      reference: ({ labels, y, bytes }, { N, ...rest }) => {
        expectTypeOf(labels).toEqualTypeOf<ReadWords>()
        expectTypeOf(y).toEqualTypeOf<Float32Array>()
        expectTypeOf(bytes).toEqualTypeOf<Uint8Array>()
        expectTypeOf(N).toEqualTypeOf<number>()
        expectTypeOf(rest).toEqualTypeOf<{}>()
        // @ts-expect-error: what is read is not written
        labels[0] = 1
      },
    })
  })
})
