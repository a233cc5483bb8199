// Memory for the temporaries of a trace. A temporary lives from the call that first writes it to the call that last
// touches it; those whose lives do not overlap share a slot. A slot is a buffer of its own: WebGPU tracks hazards by
// buffer, not by range, so inputs and outputs of one call never share one.

import type { BufferRange, DeviceBuffer } from '../device.ts'
import { lower } from './lower.ts'
import { bytesOf } from './shape.ts'
import { rootOf, type Tensor, type Trace, type TracedCall } from './trace.ts'

export interface MemoryPlan {
  /** Bytes of each slot. */
  readonly slots: readonly number[]
  readonly slotOf: ReadonlyMap<Tensor, number>
}

/** Bytes of the largest buffer that a kernel of this trace would see; a device has a limit
 *  (DeviceInfo.maxBindingBytes). */
export function largestBinding(trace: Trace): number {
  return Math.max(trace.parameterElements * 4, trace.gradientElements * 4, ...planMemory(lower(trace)).slots)
}

interface Life {
  readonly tensor: Tensor
  readonly first: number
  last: number
}

export function planMemory(calls: readonly TracedCall[]): MemoryPlan {
  const lives = [...livesOf(calls).values()]
  const slots: number[] = []
  const busyUntil: number[] = []
  const slotOf = new Map<Tensor, number>()
  for (const { tensor, first, last } of lives) {
    const bytes = bytesOf(tensor)
    const slot = bestSlot(slots, busyUntil, bytes, first)
    slots[slot] = Math.max(slots[slot] ?? 0, bytes)
    busyUntil[slot] = last
    slotOf.set(tensor, slot)
  }
  return { slots, slotOf }
}

function livesOf(calls: readonly TracedCall[]): Map<Tensor, Life> {
  const lives = new Map<Tensor, Life>()
  calls.forEach((call, at) => {
    for (const view of Object.values(call.tensors)) {
      if (view.role !== 'temporary') continue
      const tensor = rootOf(view)
      const known = lives.get(tensor)
      if (known) known.last = at
      else lives.set(tensor, { tensor, first: at, last: at })
    }
  })
  return lives
}

/** The free slot that wastes least: the smallest that holds the bytes, else the largest, which grows; else a new one.
 */
function bestSlot(slots: readonly number[], busyUntil: readonly number[], bytes: number, first: number): number {
  const free = [...slots.keys()].filter(slot => busyUntil[slot]! < first)
  const large = free.filter(slot => slots[slot]! >= bytes)
  if (large.length > 0) return large.reduce((best, slot) => (slots[slot]! < slots[best]! ? slot : best))
  return free.length > 0 ? free.reduce((best, slot) => (slots[slot]! > slots[best]! ? slot : best)) : slots.length
}

/** A tensor that has a buffer of its own. */
export function wholeRange(buffer: DeviceBuffer, tensor: Tensor): BufferRange {
  return { buffer, offset: 0, bytes: bytesOf(tensor), type: tensor.type }
}

/** A tensor that is a slice of the flat buffer of its role. */
export function flatRange(buffer: DeviceBuffer, tensor: Tensor): BufferRange {
  return { buffer, offset: tensor.offset * 4, bytes: bytesOf(tensor), type: tensor.type }
}
