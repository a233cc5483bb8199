// Evaluation beside training: 10,000 photos of 28 x 28 against 40 training steps of batch 100, in turns on one device.
// The arithmetic of the forward passes alone is that of 33 steps.

import { createGpuDevice, deviceDescriptor } from '../../../src/core/gpu/gpu-device.ts'
import { createEvaluator } from '../../../src/core/train/evaluation/evaluator.ts'
import { DataLoader } from '../../../src/core/data/data-loader.ts'
import { compile } from '../../../src/core/tensor/plan.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { traceTrainingStep } from '../../../src/core/train/steps/step.ts'
import { stepValues } from '../frameworks/winnow.ts'
import type { OpenGpu } from '../measuring/gpu.ts'
import { combined, timing, type Timing } from '../measuring/median.ts'
import { photos, stepSettings, workload } from './workload.ts'

export interface EvaluationTimes {
  /** Of 10,000 photos. */
  readonly evaluation: Timing
  /** One training step. */
  readonly step: Timing
}

/** `share` of the 10,000 photos is evaluated, and the time taken for all. */
export async function timeEvaluation(
  { adapter, gpu, name, software }: OpenGpu,
  rounds: number,
  share: number,
): Promise<EvaluationTimes> {
  const device = createGpuDevice(await adapter.requestDevice(deviceDescriptor(adapter)), { name, software, owner: gpu })
  const load = workload('deep-convnet')
  const set = photos(load, 10_000)
  const [feed, store] = [new DataLoader(set, load.batch, device), new Store(device, 1)]
  const plan = await compile(
    device,
    traceTrainingStep(
      { ...stepSettings(load), trainRows: Uint32Array.from({ length: 10_000 }, (_, row) => row) },
      feed,
    ),
    store,
  )
  const evaluator = await createEvaluator(device, store, load.model, set)
  const rows = Uint32Array.from({ length: 10_000 * share }, (_, row) => row)
  feed.setOrder(
    store,
    'train',
    Uint32Array.from({ length: 10_000 }, (_, row) => row),
  )
  const steps = 40 * share
  const train = async () => {
    for (let step = 0; step < steps; step++) plan.run(stepValues(load, step))
    await device.finished()
  }
  const [evaluations, trainings]: [number[], number[]] = [[], []]
  for (let round = -1; round < rounds; round++) {
    const [evaluationMs, trainingMs] = [await clocked(() => evaluator.probabilities(rows)), await clocked(train)]
    if (round < 0) continue // it compiles
    evaluations.push(evaluationMs / share)
    trainings.push(trainingMs / steps)
  }
  device.destroy()
  return { evaluation: timing(evaluations), step: timing(trainings) }
}

async function clocked(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** What the whole of the book's training would take: 12,000 steps of batch 100 over 60,000 photos are 20 epochs; after
 *  each the 10,000 test photos and as many training photos are evaluated. Reckoned from the times of a few. */
export function wholeTraining({ evaluation, step }: EvaluationTimes): Timing {
  return combined([
    [12_000, step],
    [20 * 2, evaluation],
  ])
}
