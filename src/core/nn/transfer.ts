// Weights of another net as a beginning: tensors that have the same name and shape are taken, the rest starts afresh, and the report says
// which is which. Names and layout are PyTorch's, so a torchvision backbone works like a checkpoint of Winnow.

import type { Store } from '../tensor/store.ts'
import { shapeText } from '../tensor/tensor.ts'
import type { ModelDescription, StateDict } from './description.ts'
import { readStateDict, writeStateDict } from './state-dict.ts'

export interface TransferReport {
  readonly matched: readonly string[]
  /** In both, but of another shape: "fc.weight is [1000, 512] in the file and [3, 512] here". */
  readonly different: readonly string[]
  /** In this net alone: these start afresh. */
  readonly missing: readonly string[]
  /** In the file alone. */
  readonly unused: readonly string[]
}

/** Writes into the store what fits of `source`. */
export async function transferWeights(store: Store, model: ModelDescription, source: StateDict): Promise<TransferReport> {
  const own = await readStateDict(store, model)
  const report = compare(own, source)
  const matched = new Set(report.matched)
  writeStateDict(store, model, new Map([...own].map(([name, entry]) => [name, matched.has(name) ? source.get(name)! : entry])))
  return report
}

function compare(own: StateDict, source: StateDict): TransferReport {
  const shared = [...own.keys()].filter(name => source.has(name))
  const fits = (name: string) => shapeText(own.get(name)!.shape) === shapeText(source.get(name)!.shape)
  return {
    matched: shared.filter(fits),
    different: shared.filter(name => !fits(name)).map(name => `${name} is ${shapeText(source.get(name)!.shape)} in the file and ${shapeText(own.get(name)!.shape)} here`),
    missing: [...own.keys()].filter(name => !source.has(name)),
    unused: [...source.keys()].filter(name => !own.has(name)),
  }
}

/** The report in a sentence or two, for the run log. */
export function transferText({ matched, different, missing, unused }: TransferReport): string {
  const all = matched.length + different.length + missing.length
  const rest = [
    ...(different.length > 0 ? [`${different.join('; ')}: these start afresh.`] : []),
    ...(missing.length > 0 ? [`Not in the file, so they start afresh: ${missing.join(', ')}.`] : []),
    ...(unused.length > 0 ? [`${unused.length} tensors of the file are not used.`] : []),
  ]
  return [`${matched.length} of ${all} tensors begin with the given weights.`, ...rest].join(' ')
}
