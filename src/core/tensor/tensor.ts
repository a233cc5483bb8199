// A tensor is a place in a trace: a shape, an element type and where its values will live. It holds no numbers.

import { CoreError } from '../error.ts'
import type { ElementType } from '../device.ts'
import type { Trace } from './trace.ts'

export type Shape = readonly number[]

/** temporary: planned memory, lives from first write to last read. parameter, gradient: slices of one flat buffer each.
 *  state: a named buffer that stays (running statistics, moments, the data set, results). */
export type Role = 'temporary' | 'parameter' | 'gradient' | 'state'

export interface Tensor {
  readonly id: number
  readonly trace: Trace
  readonly shape: Shape
  /** Number of elements. */
  readonly size: number
  readonly type: ElementType
  readonly role: Role
  /** Name of a parameter or state; a word for the plan listing otherwise. */
  readonly name: string
  /** First element within the flat buffer of its role (parameter, gradient), a multiple of 64. */
  readonly offset: number
  /** The tensor whose memory this one is another shape of. */
  readonly base?: Tensor
}

/** The tensor whose memory `x` is a view of; often `x` itself. */
export function rootOf(x: Tensor): Tensor {
  return x.base ?? x
}

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1)
}

export function bytesOf(tensor: Tensor): number {
  if (tensor.type === 'u8') return Math.ceil(tensor.size / 16) * 16
  return tensor.size * (tensor.type === 'f16' ? 2 : 4)
}

/** Throws CoreError 'shape-mismatch' with a whole sentence unless `x` has `rank` dimensions. */
export function expectRank(x: Tensor, rank: number, letters: string, where: string): void {
  if (x.shape.length === rank) return
  throw new CoreError(
    'shape-mismatch',
    `${where} takes a tensor of ${letters} but got ${shapeText(x.shape)}.`,
    'Change the layer before it.',
  )
}

export function shapeText(shape: Shape): string {
  return `[${shape.join(', ')}]`
}
