// Finds a batch that fits into memory, first by planning, then by trying: where it does not fit, the photos are
// streamed instead of resident, then the batch is halved. A batch that was halved is learnt in parts whose gradients
// are added up.

import { DataLoader } from '../../data/data-loader.ts'
import { holdsLayer } from '../../nn/feature-layers.ts'
import { CoreError } from '../../error.ts'
import { largestBinding } from '../../tensor/memory.ts'
import { Store } from '../../tensor/store.ts'
import type { NoteEvent } from '../events.ts'
import type { Settings } from '../settings.ts'
import { compileTrainingStep, traceTrainingStep, type TrainingStep } from './step.ts'

export interface FittedBatch {
  readonly store: Store
  readonly loader: DataLoader
  readonly step: TrainingStep
  /** Photos of one part; the batch is parts x part. */
  readonly part: number
  readonly parts: number
}

/** Throws CoreError 'out-of-memory' when not even a single photo fits, with batch norm two. */
export async function fitBatch(settings: Settings): Promise<FittedBatch> {
  for (let part = settings.batchSize; part >= smallestPart(settings); part = Math.floor(part / 2)) {
    for (const loader of loadersOf(settings, part)) {
      const fitted = await tryParts(settings, loader, part, Math.floor(settings.batchSize / part))
      if (fitted) return fitted
    }
  }
  throw tooLarge(settings)
}

/** A set that could lie on the device may be streamed as well, which costs less than a smaller batch. */
function loadersOf({ photos, device }: Settings, part: number): readonly DataLoader[] {
  const loader = new DataLoader(photos, part, device)
  return loader.resident ? [loader, new DataLoader(photos, part, device, true)] : [loader]
}

async function tryParts(
  settings: Settings,
  loader: DataLoader,
  part: number,
  parts: number,
): Promise<FittedBatch | undefined> {
  const { device, seed } = settings
  const atPart = { ...settings, batchSize: part }
  if (largestBinding(traceTrainingStep(atPart, loader, parts)) > device.info.maxBindingBytes) return undefined
  const store = new Store(device, seed)
  try {
    return { store, loader, part, parts, step: await compileTrainingStep(device, atPart, loader, store, parts) }
  } catch (error) {
    store.dispose()
    if (error instanceof CoreError && error.code === 'out-of-memory') return undefined
    throw error
  }
}

function smallestPart({ model }: Settings): number {
  return hasBatchNorm(model.layers) ? 2 : 1
}

/** What the run log says where the batch is learnt in parts. */
export function splitNote(
  { part, parts }: FittedBatch,
  { model, device, batchSize: batch, classWeights }: Settings,
): NoteEvent {
  const learnt = part * parts === batch ? 'it is' : `${part * parts} photos are`
  const notes = [
    ...(hasBatchNorm(model.layers)
      ? [`Batch norm sees ${part} photos at a time, so the result differs a little from a whole batch.`]
      : []),
    ...(classWeights ? ['Classes are weighed within each part, not within the whole batch.'] : []),
  ]
  const message = `A batch of ${batch} does not fit into the memory of ${device.info.kind === 'gpu' ? 'the GPU' : 'the processor'}: ${learnt} learnt in ${parts} parts of ${part} whose gradients are added up.`
  return { type: 'note', code: 'batch-split', step: 0, message: [message, ...notes].join(' ') }
}

/** Whether a layer learns from the spread within a batch. */
export function hasBatchNorm(layers: Settings['model']['layers']): boolean {
  return layers.some(layer => holdsLayer(layer, 'batch-norm'))
}

function tooLarge(settings: Settings): CoreError {
  const {
    model: {
      preset,
      input: { height, width },
    },
    device,
  } = settings
  const fewest = smallestPart(settings) === 1 ? 'one photo' : `${smallestPart(settings)} photos`
  return new CoreError(
    'out-of-memory',
    `${preset} at ${width} x ${height} does not fit on ${device.info.name}, not even ${fewest} at a time.`,
    'Choose a smaller photo size or a smaller preset.',
  )
}
