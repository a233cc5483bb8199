// A fused kernel on the CPU device: the passes of its product, the last of which takes the epilogues as stages, done to
// the rows of a task while they lie in the cache.

import type { Bindings, Dims, KernelParts } from '../kernels/kernel.ts'
import type { RowWindows, WasmPass, WasmStage } from '../kernels/wasm-form.ts'
import { ownConstants, prefixed, type EpilogueUse } from './epilogue.ts'

interface FusedBase extends Pick<KernelParts<Bindings, string>, 'wasm'> {
  readonly result: string
  size(c: Dims): { readonly n: number }
}

/** Undefined where the product or an epilogue has no passes for these constants. */
export function fusedPasses(base: FusedBase, epilogues: readonly EpilogueUse[], c: Dims): WasmPass[] | undefined {
  const passes = base.wasm?.(c)
  const stages = epilogues.map(use => stageOf(use, c, base.size(c).n)).filter(stage => stage !== undefined)
  if (!passes || stages.length < epilogues.length) return undefined
  const last = passes.at(-1)!
  return [...passes.slice(0, -1), withStages(last, stages, epilogues, base.result)]
}

function stageOf({ epilogue, bindings }: EpilogueUse, c: Dims, columns: number): WasmStage | undefined {
  const constants = ownConstants(epilogue, c)
  const passes = epilogue.wasm ? [epilogue.wasm(constants)] : epilogue.kernel.wasm?.(constants)
  if (passes?.length !== 1) return undefined
  const pass = passes[0]!
  const left = (epilogue.optional ?? []).filter(name => !bindings.includes(name))
  return {
    pass: { ...pass, at: { ...pass.at, ...Object.fromEntries(left.map(name => [name, null])) } },
    itemsPerRow: (pass.to ?? pass.from)!.bytes === 4 ? columns : 1,
    constants,
    bindings: Object.fromEntries(bindings.map(name => [name, prefixed(epilogue, name)])),
  }
}

/** Sums of columns ask for whole slices of rows a task, windows for two rows of pixels at a time. */
function withStages(
  product: WasmPass,
  stages: readonly WasmStage[],
  epilogues: readonly EpilogueUse[],
  result: string,
): WasmPass {
  const of = (kind: string) => stages[epilogues.findIndex(({ epilogue }) => epilogue.kind === kind)]
  const [sums, window] = [of('column-reduction'), of('window')]
  if (!window) return { ...product, stages, grain: sums?.pass.grain ?? product.grain }
  const windows = windowsOf(window.constants)
  const { items, to } = window.pass
  const grain = Math.max(1, Math.floor(rowsOfTask / (2 * windows.width)))
  return { ...product, items, grain, to: { binding: result, bytes: to!.bytes }, stages, windows }
}

/** Rows of a product that are worth a task. */
const rowsOfTask = 64

function windowsOf({ H, W, P, C }: Dims): RowWindows {
  return { pairs: P!, width: W!, photo: H! * W!, bytes: C! * 4 }
}
