// What a device is like, as far as the hot kernels (src/core/gemm) fit themselves to it, and the tile configs that its
// tuning found: how the work of a product is divided for the machine, as data.

/** One subgroup of `lanes`; a lane makes `rows` x 4 `quads` results, `step` terms a turn where both sides are fetched
 *  along their own axes (a fetch along K always brings four). */
export interface LanesConfig {
  readonly family: 'lanes'
  readonly lanes: number
  readonly rows: number
  readonly quads: number
  readonly step: number
}

/** A workgroup of `down` x `across` invocations, each making `rows` x 4 `quads` results; `depth` terms of a and b lie
 *  in workgroup memory at a time. */
export interface TilesConfig {
  readonly family: 'tiles'
  readonly down: number
  readonly across: number
  readonly rows: number
  readonly quads: number
  readonly depth: number
}

export type TileConfig = LanesConfig | TilesConfig

/** What a device is like, as far as the products fit themselves to it. */
export interface Target {
  /** The size of every subgroup where the adapter has one size only and the device may use them, else 0. */
  readonly lanes: number
  /** A CPU that pretends to be a GPU. */
  readonly software: boolean
  /** Tile configs found by measuring, by `tuningKey` (gemm/tile-configs.ts); without them a rule of thumb chooses. */
  readonly tuning?: ReadonlyMap<string, TileConfig>
}

/** No subgroups, a real GPU: what holds everywhere. */
export const plainTarget: Target = { lanes: 0, software: false }
