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
  /** y is zero where mask [M N] is not positive. */
  readonly mask?: boolean
  /** Also sums [N], the columns of b added up, made by a last row of ones in a. Only with transposeA. */
  readonly sums?: boolean
}

/** Bindings in order: a, b, then bias or mask if any, y, sums if any. */
export function matmulProduct({ M, N, K, transposeA = false, transposeB = false, bias, relu = false, mask, sums = false }: MatmulSpec): Product {
  const a = matrixOperand({ side: 'a', name: 'a', binding: 0, along: transposeA ? 'own' : 'k', own: M, k: K, onesRow: sums })
  const b = matrixOperand({ side: 'b', name: 'b', binding: 1, along: transposeB ? 'k' : 'own', own: N, k: K })
  const code = storeCode({
    name: 'y', binding: bias || mask ? 3 : 2, m: M, n: N, relu,
    ...(bias && { bias: { name: 'bias', binding: 2 } }),
    ...(mask && { mask: { name: 'mask', binding: 2 } }),
    ...(sums && { lastRow: { name: 'sums', binding: 3, stride: 0 } }),
  })
  return { m: M + (sums ? 1 : 0), n: N, k: K, slices: 1, a, b, code }
}
