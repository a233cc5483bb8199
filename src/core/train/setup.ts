// Sets a run up on its device: a compiled step for a batch that fits, and the weights to begin with.

import { transferText, transferWeights } from '../nn/transfer.ts'
import type { NoteEvent } from './events.ts'
import { fitBatch, splitNote, type FittedBatch } from './steps/batch-fitting.ts'
import type { Settings } from './settings.ts'
import { createWeights, type RunWeights } from './weights.ts'

export interface Setup {
  readonly fitted: FittedBatch
  readonly weights: RunWeights
  /** What the run log should say of the batch and of the first weights. */
  readonly notes: readonly NoteEvent[]
  dispose(): void
}

/** Throws CoreError 'out-of-memory' when nothing fits. */
export async function setUp(settings: Settings): Promise<Setup> {
  const fitted = await fitBatch(settings)
  let weights: RunWeights | undefined
  const dispose = () => {
    fitted.step.dispose()
    weights?.dispose()
    fitted.store.dispose()
  }
  try {
    weights = await createWeights(settings.device, fitted.store, settings)
    return { fitted, weights, notes: await begin(settings, fitted, weights), dispose }
  } catch (error) {
    dispose()
    throw error
  }
}

/** Puts the first weights where they belong; answers what the run log should say of it. */
async function begin(settings: Settings, fitted: FittedBatch, weights: RunWeights): Promise<NoteEvent[]> {
  const { model, initial, from } = settings
  const notes = fitted.parts > 1 ? [splitNote(fitted, settings)] : []
  if (from) weights.restore(from)
  else if (initial)
    notes.push({
      type: 'note',
      code: 'weights-taken',
      step: 0,
      message: transferText(await transferWeights(fitted.store, model, initial)),
    })
  return notes
}
