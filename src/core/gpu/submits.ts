// Divides the calls of a step into submits where one submit would hold up the screen: in order, in portions of about
// equal work. A call of more than half a portion is run in parts where its kernel allows that. A part is some of its
// workgroups, so the results are the same.

import type { BoundCall } from '../device.ts'
import { plainConstants, type Grid } from '../kernels/kernel.ts'

/** What decides where a call goes. */
export interface Weighed {
  readonly grid: Grid
  /** In multiply-adds, roughly. */
  readonly work: number
  /** It may be run in parts. */
  readonly divisible: boolean
}

/** Moving an element to or from memory takes about as long as so many multiply-adds. */
const elementWork = 32
const mostGroups = 65_535

export function workOf({ kernel, constants, ranges }: BoundCall): number {
  const bytes = Object.values(ranges).reduce((sum, range) => sum + range.bytes, 0)
  return (kernel.work?.(plainConstants(constants)) ?? 0) + (elementWork * bytes) / 4
}

/** `calls` in about `submits` portions, those that are too long in parts. Part p of a call has a grid that is p + 1
 *  deep (Kernel.divisible). */
export function portions<C extends Weighed>(calls: readonly C[], submits: number): C[][] {
  const share = totalWork(calls) / submits
  const made: C[][] = []
  let before = 0
  for (const piece of calls.flatMap(call => inParts(call, share / 2))) {
    const at = Math.floor((before + piece.work / 2) / share)
    if (at >= made.length || made.length === 0) made.push([])
    made.at(-1)!.push(piece)
    before += piece.work
  }
  return made
}

function inParts<C extends Weighed>(call: C, mostWork: number): C[] {
  const {
    grid: [x, y],
    work,
    divisible,
  } = call
  const groups = x * y
  const parts = divisible ? Math.ceil(work / mostWork) : 1
  if (parts <= 1) return [call]
  const each = Math.min(mostGroups, Math.max(1, Math.floor(groups / parts)))
  const count = Math.ceil(groups / each)
  return Array.from({ length: count }, (_, part) => ({
    ...call,
    grid: [each, 1, part + 1] as const,
    work: work / count,
  }))
}

function totalWork(calls: readonly Weighed[]): number {
  return calls.reduce((sum, { work }) => sum + work, 0)
}
