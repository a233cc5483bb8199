// Fuses calls: a call that only changes what a product has made becomes an epilogue of that product, so its results are
// finished before they are stored. That saves a dispatch and a pass over memory. It is a peephole optimisation over the
// list of calls; the ops do not take part in it.

import { type TracedCall, rootOf, type Tensor } from './trace.ts'
import { accessOf, plainConstants, type Access } from '../kernels/kernel.ts'
import { isFusable, withEpilogue, type FusableKernel } from '../gemm/fused.ts'
import { prefixed, withPrefix, type Epilogue } from '../gemm/epilogue.ts'
import { epilogueFor } from '../gemm/epilogues.ts'

/** WebGPU's default limit of storage buffers a kernel may see. */
const mostBindings = 8

/** The same work in as many calls or fewer, in an order that gives the same results. */
export function fuse(calls: readonly TracedCall[]): TracedCall[] {
  const ends = endsOf(calls)
  const fused: TracedCall[] = []
  for (const [index, call] of calls.entries()) {
    const epilogue = epilogueFor(call.kernel)
    const at = epilogue ? placeFor(call, epilogue, fused, tensor => ends.lastTouch.get(tensor) === index) : -1
    const joined = at >= 0 ? join(fused[at]!, call, epilogue!, ends.read) : undefined
    if (joined) fused[at] = joined
    else fused.push(call)
  }
  return fused
}

/** The last call that has anything to do with each tensor, and all tensors that are read. */
function endsOf(calls: readonly TracedCall[]): {
  readonly lastTouch: ReadonlyMap<Tensor, number>
  readonly read: ReadonlySet<Tensor>
} {
  const lastTouch = new Map(
    calls.flatMap((call, index) => [...touched(call, () => true)].map(tensor => [tensor, index] as const)),
  )
  return { lastTouch, read: new Set(calls.flatMap(call => [...touched(call, access => access === 'read')])) }
}

function touched({ kernel, tensors }: TracedCall, which: (access: Access) => boolean): Set<Tensor> {
  return new Set(
    Object.entries(kernel.bindings)
      .filter(([, binding]) => which(accessOf(binding)))
      .map(([name]) => rootOf(tensors[name]!)),
  )
}

/** The call that made what `call` goes on with, if `call` may move up to it; else -1. */
function placeFor(
  call: TracedCall,
  epilogue: Epilogue,
  fused: readonly TracedCall[],
  isLast: (tensor: Tensor) => boolean,
): number {
  const source = rootOf(call.tensors[epilogue.from]!)
  const at = fused.findLastIndex(earlier => touched(earlier, access => access !== 'read').has(source))
  if (at < 0 || !isFusable(fused[at]!.kernel) || rootOf(fused[at]!.tensors[resultOf(fused[at]!)]!) !== source) return -1
  const between = fused.slice(at + 1)
  const gone = epilogue.to !== undefined && epilogue.to !== epilogue.from
  if (gone && (source.role !== 'temporary' || !isLast(source))) return -1
  if (epilogue.to && between.some(other => touched(other, () => true).has(source))) return -1
  const [read, written] = [touched(call, access => access !== 'write'), touched(call, access => access !== 'read')]
  const clash = between.some(other => {
    const [theirs, made] = [touched(other, () => true), touched(other, access => access !== 'read')]
    return (
      [...read].some(tensor => tensor !== source && made.has(tensor)) ||
      [...written].some(tensor => tensor !== source && theirs.has(tensor))
    )
  })
  return clash ? -1 : at
}

function resultOf({ kernel }: TracedCall): string {
  return (kernel as FusableKernel).base.result
}

/** `maker` with `call` as its last epilogue, or undefined where that does not fit. */
function join(
  maker: TracedCall,
  call: TracedCall,
  epilogue: Epilogue,
  read: ReadonlySet<Tensor>,
): TracedCall | undefined {
  const kernel = maker.kernel as FusableKernel
  const [all, own] = [plainConstants(maker.constants), plainConstants(call.constants)]
  if (!epilogue.fits(own, { ...kernel.base.size(all), base: all }) || !mayFollow(kernel, epilogue)) return undefined
  const kept = Object.keys(call.kernel.bindings).filter(
    name =>
      name !== epilogue.from &&
      name !== epilogue.to &&
      !(epilogue.optional?.includes(name) && !read.has(rootOf(call.tensors[name]!))),
  )
  const joined = withEpilogue(kernel, epilogue, kept)
  if (Object.keys(joined.bindings).length > mostBindings) return undefined
  return {
    kernel: joined,
    constants: {
      ...maker.constants,
      ...Object.fromEntries(Object.entries(call.constants).map(([name, value]) => [withPrefix(epilogue, name), value])),
    },
    tensors: {
      ...maker.tensors,
      ...(epilogue.to && { [kernel.base.result]: call.tensors[epilogue.to]! }),
      ...Object.fromEntries(kept.map(name => [prefixed(epilogue, name), call.tensors[name]!])),
    },
  }
}

/** Nothing comes after windows or sums, windows only after what each column does alone, and no epilogue twice. */
function mayFollow({ epilogues }: FusableKernel, epilogue: Epilogue): boolean {
  if (epilogues.some(before => before.epilogue === epilogue || before.epilogue.kind !== 'element')) return false
  return epilogue.kind !== 'window' || epilogues.every(before => before.epilogue.byColumn)
}
