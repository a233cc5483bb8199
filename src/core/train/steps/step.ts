// One training step as traces: gather, forward, loss, backward, update. Where the batch does not fit into memory it is
// learnt in parts: the first trace then ends in adding gradients up, and a second one updates.

import type { DataLoader } from '../../data/data-loader.ts'
import type { Device, ProgramCall } from '../../device.ts'
import type { StepValues } from '../../kernels/step.ts'
import { CoreError } from '../../error.ts'
import { forward } from '../../nn/build.ts'
import type { ModelDescription } from '../../nn/description.ts'
import { softmaxCrossEntropy } from '../../ops/losses/cross-entropy.ts'
import { gatherBatch } from '../../ops/batch/gather-batch.ts'
import { accumulateGradients, traceOfTotals } from '../../optim/accumulate.ts'
import { compile, type Plan } from '../../tensor/plan.ts'
import type { Store } from '../../tensor/store.ts'
import { Trace } from '../../tensor/trace.ts'
import type { Settings } from '../settings.ts'

type StepSettings = Pick<
  Settings,
  'model' | 'batchSize' | 'optimizer' | 'augmentation' | 'labelSmoothing' | 'trainRows'
> &
  Partial<Pick<Settings, 'frozen' | 'rates' | 'classWeights' | 'precision' | 'loss'>>

/** Forward and backward of one batch; ends in the update, or with `parts` > 1 in adding up a part's gradients. */
export function traceTrainingStep(settings: StepSettings, loader: DataLoader, parts = 1): Trace {
  const {
    model,
    batchSize: batch,
    optimizer,
    augmentation,
    loss = softmaxCrossEntropy,
    labelSmoothing,
    classWeights,
    trainRows,
    frozen,
    rates,
    precision,
  } = settings
  const trace = new Trace({
    training: true,
    half: precision === 'f16',
    ...(frozen && { frozen }),
    ...(rates && { rates }),
  })
  const { images, order, classes } = loader.tensors(trace, 'train')
  const { x, labels, mixed } = gatherBatch(images, order, classes, {
    batch,
    ...model.normalise,
    ...(augmentation && { augmentation: { changes: augmentation, numbers: loader.numbers(trace) } }),
  })
  const scalar = loss.record(forward(model, x), labels, {
    smoothing: labelSmoothing,
    positions: trainRows.length,
    mixed,
    ...(classWeights && { classWeights }),
  })
  expectLearning(trace, model)
  trace.backward(scalar)
  if (parts === 1) optimizer.update(trace)
  else accumulateGradients(trace, parts)
  return trace
}

function expectLearning(trace: Trace, { preset }: ModelDescription): void {
  const names = [...trace.parameters.values()].map(({ tensor }) => tensor)
  if (names.some(parameter => !trace.isFrozen(parameter))) return
  throw new CoreError(
    'bad-argument',
    names.length === 0
      ? `${preset} has no parameters, so there is nothing to learn.`
      : `frozen holds for all ${names.length} parameters of ${preset}, so nothing would be left to learn.`,
    'Let it be false for some of them: frozenTo(model, depth) leaves at least the head.',
  )
}

/** A compiled step of `parts` parts. */
export interface TrainingStep {
  readonly calls: number
  readonly bytes: number
  /** The program calls of one step; part p sees the values of `part(p)`. */
  programCalls(step: StepValues, part: (p: number) => StepValues): readonly ProgramCall[]
  dispose(): void
}

export async function compileTrainingStep(
  device: Device,
  settings: StepSettings,
  loader: DataLoader,
  store: Store,
  parts: number,
): Promise<TrainingStep> {
  const trace = traceTrainingStep(settings, loader, parts)
  const learn = await compile(device, trace, store)
  const update = parts === 1 ? undefined : await compileUpdate(device, settings, trace, store, learn)
  return {
    calls: learn.calls * parts + (update?.calls ?? 0),
    bytes: learn.bytes + (update?.bytes ?? 0),
    programCalls: (step, part) => [
      ...Array.from({ length: parts }, (_, p) => learn.call(part(p))),
      ...(update ? [update.call(step)] : []),
    ],
    dispose: () => {
      learn.dispose()
      update?.dispose()
    },
  }
}

async function compileUpdate(
  device: Device,
  { optimizer }: StepSettings,
  trace: Trace,
  store: Store,
  learn: Plan,
): Promise<Plan> {
  const totals = traceOfTotals(trace)
  optimizer.update(totals)
  try {
    return await compile(device, totals, store)
  } catch (error) {
    learn.dispose()
    throw error
  }
}
