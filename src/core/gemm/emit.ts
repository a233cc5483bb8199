// The shader of a product, cut as a variant says.

import { emitLanes } from './lanes.ts'
import type { Emitted, Product } from './product.ts'
import { emitTiles } from './tiles.ts'
import type { Variant } from './variants.ts'

export function emit(product: Product, variant: Variant): Emitted {
  return variant.family === 'lanes' ? emitLanes(product, variant) : emitTiles(product, variant)
}
