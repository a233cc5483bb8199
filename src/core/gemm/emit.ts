// Writes the shader of a product for a tile config. To read one, begin with test/core/gemm/weight-gradient.tiles.wgsl,
// the weight gradient of a convolution: convolution.ts explains its two sides, tiles.ts its loops.

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
