// Tile configs: how the work of a product is divided for the machine, as data. `tileConfigsFor` are the rows of the
// table that suit an adapter and a product: what tuning measures. `pickTileConfig` is the choice without measuring, by
// a rough count of what each row would cost.

import type { Dims } from '../kernels/kernel.ts'
import type { LanesConfig, Target, TileConfig, TilesConfig } from '../kernels/target.ts'
import type { Product } from './product.ts'

/** Rows, quads and step of family "lanes": about 32 sums a lane; more do not fit the instruction cache of a CPU. Rows
 *  are fours, as side a fetched along its own axis brings them. */
const lanesConfigs: readonly (readonly [rows: number, quads: number, step: number])[] = [
  [4, 8, 4],
  [8, 4, 4],
  [4, 4, 4],
  [8, 2, 4],
  [4, 2, 4],
  [8, 1, 4],
  [4, 1, 4],
]

/** Within WebGPU's default limits: 256 invocations, 16 KiB of workgroup memory. Wide tiles want large products; N of 16
 *  or 32 wants tiles of that width. */
const tilesConfigs: readonly (readonly [down: number, across: number, rows: number, quads: number, depth: number])[] = [
  [16, 16, 8, 2, 8],
  [16, 8, 8, 2, 8],
  [8, 8, 8, 2, 16],
  [16, 16, 4, 1, 16],
  [8, 8, 4, 1, 16],
  [16, 8, 4, 1, 16],
  [16, 8, 8, 1, 16],
  [32, 4, 4, 1, 16],
  [16, 4, 8, 1, 16],
  [16, 4, 4, 1, 16],
  [16, 2, 4, 1, 16],
  [32, 1, 4, 1, 16],
]

/** The rows of the table for this adapter. A software GPU without subgroups gets the workgroup-memory family: right,
 *  but slow. */
export function tileConfigsFor({ lanes, software }: Target): readonly TileConfig[] {
  if (software && lanes >= 4 && lanes <= 16) {
    return lanesConfigs
      .filter(([rows]) => rows <= mostRows(lanes))
      .map(([rows, quads, step]) => ({ family: 'lanes', lanes, rows, quads, step }))
  }
  return tilesConfigs.map(([down, across, rows, quads, depth]) => ({
    family: 'tiles',
    down,
    across,
    rows,
    quads,
    depth,
  }))
}

/** SwiftShader, whose subgroups are of four, compiles a convolution over three channels in 0.3 s with four rows a lane
 *  and not within a minute with eight (32 places fetched one by one a turn); Chromium then ends the process of the GPU.
 */
function mostRows(lanes: number): number {
  return lanes === 4 ? 4 : 8
}

/** The cheapest row by `roughCost`; the first of equals, so the choice is the same everywhere. */
export function pickTileConfig(product: Product, target: Target): TileConfig {
  const costs = tileConfigsFor(target).map(config => ({ config, cost: roughCost(product, config) }))
  return costs.reduce((best, next) => (next.cost < best.cost ? next : best)).config
}

/** Work in multiply-adds of one invocation: results with the padding of the last tiles, dearer for every fetch, and
 *  dearer where there are too few workgroups to fill the machine. The costs are measured on lavapipe (lanes) or rules of
 *  thumb (tiles). */
export function roughCost(product: Product, config: TileConfig): number {
  return config.family === 'lanes' ? lanesCost(product, config) : tilesCost(product, config)
}

/** A fetch of a vec4 costs as much as 32 multiply-adds of a subgroup, a broadcast of one half of one. The last term is
 *  the time to compile, spread over a thousand runs: a large tile pays only for large products. */
function lanesCost({ m, n, k, slices }: Product, { lanes, rows, quads }: LanesConfig): number {
  const tiles = Math.ceil(m / (lanes * rows)) * Math.ceil(n / (4 * quads)) * slices
  const term = 4 * rows * quads + 8 * (rows + (4 * quads) / lanes) + 2 * quads
  return (tiles * term * k) / Math.min(1, tiles / 8) + 40_000 * rows * quads
}

/** Fetches from memory cost 8, from workgroup memory 1; 256 workgroups fill a machine. */
function tilesCost({ m, n, slices }: Product, { down, across, rows, quads }: TilesConfig): number {
  const [height, width] = [down * rows, across * quads * 4]
  const tiles = Math.ceil(m / height) * Math.ceil(n / width) * slices
  const term = height * width + 8 * (height + width) + down * across * (rows / 4 + quads) * 4
  return (tiles * term) / Math.min(1, tiles / 256)
}

/** For people: results.jsonl and the log of a tuning. */
export function tileConfigName(config: TileConfig): string {
  return config.family === 'lanes'
    ? `lanes ${config.lanes} x ${config.rows} x ${config.quads} step ${config.step}`
    : `tiles ${config.down} x ${config.across}, ${config.rows} x ${config.quads}, depth ${config.depth}`
}

/** What a measured choice is remembered by: the kernel and every constant of the call. */
export function tuningKey(kernel: string, constants: Dims): string {
  return `${kernel} ${Object.entries(constants)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')}`
}
