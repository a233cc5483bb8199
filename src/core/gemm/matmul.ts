// The matrix product as a Product: y [M N] = a b, each side as it lies in memory or transposed, so the gradients of a dense
// layer need no transposed copies.

import { matrixOperand } from './matrix.ts'
import type { Product } from './product.ts'
import { storeCode } from './store.ts'

export interface MatmulSpec {
  readonly M: number
  readonly N: number
  readonly K: number
  /** a lies as [K M]. */
  readonly transposeA?: boolean
  /** b lies as [N K]. */
  readonly transposeB?: boolean
  /** y = max(y + bias, 0): bias [N]. */
  readonly bias?: boolean
  readonly relu?: boolean
}

/** Bindings in order: a, b, bias if any, y. */
export function matmulProduct({ M, N, K, transposeA = false, transposeB = false, bias = false, relu = false }: MatmulSpec): Product {
  const a = matrixOperand({ side: 'a', name: 'a', binding: 0, along: transposeA ? 'own' : 'k', own: M, k: K })
  const b = matrixOperand({ side: 'b', name: 'b', binding: 1, along: transposeB ? 'k' : 'own', own: N, k: K })
  const code = storeCode({ name: 'y', binding: bias ? 3 : 2, m: M, n: N, relu, ...(bias ? { bias: { name: 'bias', binding: 2 } } : {}) })
  return { m: M, n: N, k: K, slices: 1, a, b, code }
}
