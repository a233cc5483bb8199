// How the work of a product is cut for the machine, as data. The table is what autotuning tries (tune.ts); `pickVariant` is the
// choice without measuring. Which rules made the numbers: docs/benchmarks.md.



/** One subgroup of `lanes`; a lane makes `rows` x 4 `quads` results, `step` terms a turn where both sides are fetched along
 *  their own axes (a fetch along K always brings four). */
export interface LanesVariant {
  readonly family: 'lanes'
  readonly lanes: number
  readonly rows: number
  readonly quads: number
  readonly step: number
}

/** A workgroup of `down` x `across` invocations, each making `rows` x 4 `quads` results; `depth` terms of a and b lie in
 *  workgroup memory at a time. */
export interface TilesVariant {
  readonly family: 'tiles'
  readonly down: number
  readonly across: number
  readonly rows: number
  readonly quads: number
  readonly depth: number
}

export type Variant = LanesVariant | TilesVariant
