// The matrix product as a Product: y [M N] = a b, each side as it lies in memory or transposed, so the gradients of a
// dense layer need no transposed copies.

import { matrixOperand } from './matrix.ts'
import type { Product } from './product.ts'
import { storeCode, type EpilogueChain } from './store.ts'

export interface MatmulSpec {
  readonly M: number
  readonly N: number
  readonly K: number
  /** a lies as [K M]. */
  readonly transposeA?: boolean
  /** b lies as [N K]. */
  readonly transposeB?: boolean
  /** Also sums [N], the columns of b added up, made by a last row of ones in a. Only with transposeA, and without
   *  epilogues. */
  readonly sums?: boolean
  readonly chain?: EpilogueChain
}

/** Bindings in order: a, b, y, then sums or those of the epilogues. */
export function matmulProduct({
  M,
  N,
  K,
  transposeA = false,
  transposeB = false,
  sums = false,
  chain,
}: MatmulSpec): Product {
  const a = matrixOperand({
    side: 'a',
    name: 'a',
    binding: 0,
    along: transposeA ? 'own' : 'k',
    own: M,
    k: K,
    onesRow: sums,
  })
  const b = matrixOperand({ side: 'b', name: 'b', binding: 1, along: transposeB ? 'k' : 'own', own: N, k: K })
  const store = storeCode({
    name: 'y',
    binding: 2,
    m: M,
    n: N,
    ...(sums && { lastRow: { name: 'sums', binding: 3, stride: 0 } }),
    ...(chain && { chain }),
  })
  return { m: M + (sums ? 1 : 0), n: N, k: K, slices: 1, a, b, ...store }
}
