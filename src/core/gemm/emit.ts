// The shader of a product, cut as a variant says. To read one: test/core/gemm/weight-gradient.tiles.wgsl is the weight
// gradient of a convolution, convolution.ts says what its two sides are, tiles.ts why it is shaped so.

import { emitLanes } from './lanes.ts'
import type { Emitted, Product } from './product.ts'
import { emitTiles } from './tiles.ts'
import { variantName, type Variant } from './variants.ts'

export function emit(product: Product, variant: Variant): Emitted {
  const { m, n, k, slices } = product
  const { wgsl, workgroups } = variant.family === 'lanes' ? emitLanes(product, variant) : emitTiles(product, variant)
  const head = `// ${m} x ${n} results, ${slices > 1 ? `${slices} slices of ` : ''}${k} terms each. Cut: ${variantName(variant)}.`
  return { wgsl: `${head}\n${wgsl}`, workgroups }
}
