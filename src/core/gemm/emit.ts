// The shader of a product, as a tile config says. To read one: test/core/gemm/weight-gradient.tiles.wgsl is the weight
// gradient of a convolution, convolution.ts says what its two sides are, tiles.ts why it is shaped so.

import type { TileConfig } from '../kernels/target.ts'
import { emitLanes } from './lanes.ts'
import type { Emitted, Product } from './product.ts'
import { emitTiles } from './tiles.ts'
import { tileConfigName } from './tile-configs.ts'

export function emit(product: Product, config: TileConfig): Emitted {
  const { m, n, k, slices } = product
  const { wgsl, workgroups } = config.family === 'lanes' ? emitLanes(product, config) : emitTiles(product, config)
  const head = `// ${m} x ${n} results, ${slices > 1 ? `${slices} slices of ` : ''}${k} terms each. Tile config: ${tileConfigName(config)}.`
  return { wgsl: `${head}\n${wgsl}`, workgroups }
}
