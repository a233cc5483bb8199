// Shapes of tensors, their sizes in elements and bytes, and the error for a shape that does not fit.

import { CoreError } from '../error.ts'
import type { ElementType } from '../kernels/kernel.ts'

/** Lengths of the dimensions, outermost first: [N, H, W, C] of a batch of photos. */
export type Shape = readonly number[]

/** Number of elements. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1)
}

/** Bytes in memory; bytes of pixels are filled up to whole 16. */
export function bytesOf({ size, type }: { readonly size: number; readonly type: ElementType }): number {
  if (type === 'u8') return Math.ceil(size / 16) * 16
  return size * (type === 'f16' ? 2 : 4)
}

/** Throws CoreError 'shape-mismatch' with a whole sentence unless `x` has `rank` dimensions. */
export function expectRank({ shape }: { readonly shape: Shape }, rank: number, dims: string, where: string): void {
  if (shape.length === rank) return
  throw new CoreError(
    'shape-mismatch',
    `${where} takes a tensor of ${dims} but got ${shapeText(shape)}.`,
    'Change the layer before it.',
  )
}

export function shapeText(shape: Shape): string {
  return `[${shape.join(', ')}]`
}
