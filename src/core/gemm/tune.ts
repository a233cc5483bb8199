// Chooses tile configs by measuring, and writes the choices as text. The device measures (gpu/tuner.ts) and the host
// keeps the text. An entry for another adapter, or one that is no row of the table, is ignored.

import type { Target, TileConfig } from '../kernels/target.ts'
import type { Product } from './product.ts'
import { pickTileConfig, roughCost, tileConfigsFor } from './tile-configs.ts'

/** Where tile configs are remembered. Whatever `load` answers is checked; where it or `save` fails, training goes on
 *  without. */
export interface TuningMemory {
  /** Adapter, driver and all else that the speed of a tile config hangs on: what is remembered holds for this text
   *  alone. */
  readonly adapter: string
  load(): Promise<string | undefined>
  save(text: string): Promise<void>
}

/** Milliseconds of one run of the product with this tile config; rejects where its shader does not compile. */
export type MeasureTime = (config: TileConfig) => Promise<number>

/** Candidates that are timed: the cheapest rows by the rule of thumb. */
const candidates = 6

/** The likeliest tile configs, at most six, cheapest first. */
export function candidatesFor(product: Product, target: Target): readonly TileConfig[] {
  return tileConfigsFor(target)
    .toSorted((a, b) => roughCost(product, a) - roughCost(product, b))
    .slice(0, candidates)
}

/** The fastest of the candidates; one that fails or gives no time is passed over. */
export async function tuneProduct(
  product: Product,
  target: Target,
  measure: MeasureTime,
): Promise<{ readonly config: TileConfig; readonly milliseconds: number }> {
  let best = { config: pickTileConfig(product, target), milliseconds: Infinity }
  for (const config of candidatesFor(product, target)) {
    const milliseconds = await measure(config).catch(() => Infinity)
    if (milliseconds < best.milliseconds) best = { config, milliseconds }
  }
  return best
}

/** Tile configs, and what else was found by measuring, as text for the host to keep. `adapter` names the adapter and
 *  its driver. */
export function writeTuning(
  adapter: string,
  configs: ReadonlyMap<string, TileConfig>,
  findings: ReadonlyMap<string, string> = new Map(),
): string {
  return JSON.stringify({
    format: 'winnow-cuts',
    version: 1,
    adapter,
    cuts: Object.fromEntries(configs),
    findings: Object.fromEntries(findings),
  })
}

/** What `writeTuning` wrote, as far as it holds here: empty for another adapter or broken text, without rows the table
 *  does not have. */
export function readTuning(text: string, adapter: string, target: Target): Map<string, TileConfig> {
  const known = new Map(tileConfigsFor(target).map(config => [textOf(config), config]))
  const entries = Object.entries(parsed(text, adapter, 'cuts')).flatMap(([key, value]) => {
    const config = known.get(textOf(value))
    return config ? [[key, config] as const] : []
  })
  return new Map(entries)
}

/** The findings of `writeTuning`, under the same conditions. */
export function readFindings(text: string, adapter: string): Map<string, string> {
  return new Map(
    Object.entries(parsed(text, adapter, 'findings')).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  )
}

function parsed(text: string, adapter: string, part: 'cuts' | 'findings'): Readonly<Record<string, unknown>> {
  try {
    const value = JSON.parse(text) as {
      format?: unknown
      version?: unknown
      adapter?: unknown
      cuts?: unknown
      findings?: unknown
    } | null
    const ours = value?.format === 'winnow-cuts' && value.version === 1 && value.adapter === adapter
    return ours && typeof value[part] === 'object' && value[part] !== null
      ? (value[part] as Record<string, unknown>)
      : {}
  } catch {
    return {}
  }
}

/** The same text for the same config, whatever the order of its fields. */
function textOf(config: unknown): string {
  return typeof config === 'object' && config !== null
    ? JSON.stringify(Object.entries(config).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : ''
}
