// All that is needed to go on: weights in PyTorch's layout, the optimizer's moments, and how many steps are done.
// Randomness and order follow from the seed and the step, so nothing else has to be kept.

import type { ModelDescription, StateDict } from '../nn/description.ts'
import { readStateDict, writeStateDict } from '../nn/state-dict.ts'
import { CoreError } from '../error.ts'
import type { Store } from '../tensor/store.ts'

export interface Snapshot {
  readonly model: ModelDescription
  readonly state: StateDict
  /** By state name, each as long as the flat parameters. */
  readonly moments: ReadonlyMap<string, Float32Array<ArrayBuffer>>
  /** Updates done since the run began. */
  readonly step: number
}

export async function takeSnapshot(store: Store, model: ModelDescription, moments: readonly string[], step: number): Promise<Snapshot> {
  const state = await readStateDict(store, model)
  const held = await Promise.all(moments.map(async name => [name, await store.read(name)] as const))
  return { model, state, moments: new Map(held), step }
}

/** Throws CoreError 'bad-checkpoint' where the snapshot is of another model. Without moments the optimizer starts afresh. */
export function restoreSnapshot(store: Store, model: ModelDescription, snapshot: Snapshot): void {
  writeStateDict(store, model, snapshot.state)
  for (const [name, values] of snapshot.moments) {
    const size = store.names().get(name)?.size
    if (size !== values.length) {
      throw new CoreError('bad-checkpoint', `The checkpoint's ${name} has ${values.length} values but the model needs ${size ?? 'none'}.`, 'Go on with the optimizer the checkpoint was made with.')
    }
    store.write(name, values)
  }
}
