// What the margin trace costs: the loss kernel with it and without it, and the readback at the end of an epoch, as a
// share of the training of the fastest net there is (simple-conv, 28 x 28), where it weighs most: npm run bench --
// margins. Ends the process.

import { createGpuDevice, deviceDescriptor } from '../../../src/core/gpu/gpu-device.ts'
import type { Device } from '../../../src/core/device.ts'
import { zeroStep } from '../../../src/core/kernels/step.ts'
import { DataLoader } from '../../../src/core/data/data-loader.ts'
import { describePreset } from '../../../src/core/nn/presets.ts'
import { crossEntropy } from '../../../src/core/ops/losses/cross-entropy.ts'
import { crossEntropyKernel } from '../../../src/core/kernels/losses/cross-entropy.ts'
import { adam } from '../../../src/core/optim/adam.ts'
import { compile, type Plan } from '../../../src/core/tensor/plan.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { Trace } from '../../../src/core/tensor/trace.ts'
import { traceTrainingStep } from '../../../src/core/train/steps/step.ts'
import { openGpu } from '../measuring/gpu.ts'
import { median } from '../measuring/median.ts'
import { photos, rowsOf, workload } from './workload.ts'

const load = workload('deep-convnet') // for its photos
const [rows, classes, size] = [rowsOf(load), load.model.classes.length, load.model.input.height]
const batch = 50
const blocks = 15

const { adapter, gpu, name, software } = await openGpu()
const device = createGpuDevice(await adapter.requestDevice(deviceDescriptor(adapter)), { name, software, owner: gpu })
const store = new Store(device, 1)
const step = await trainingStep(device, store)
const [withTrace, without] = [await lossAlone(device, true), await lossAlone(device, false)]
const times = { step: [] as number[], difference: [] as number[], readback: [] as number[] }
for (let block = 0; block <= blocks; block++) {
  const [whole, more, less, readback] = [
    await timeOf(step, 20),
    await timeOf(withTrace, 200),
    await timeOf(without, 200),
    await readbackTime(),
  ]
  if (block === 0) continue // compiles
  times.step.push(whole)
  times.difference.push(more - less)
  times.readback.push(readback)
}
const steps = 10_000 / batch
const [stepMs, kernelMs, readMs] = [median(times.step), Math.max(0, median(times.difference)), median(times.readback)]
const share = kernelMs / stepMs + readMs / (steps * stepMs)
console.log(
  `${name}: a step of ${batch} photos ${stepMs.toFixed(2)} ms, the margins in it ${(1000 * kernelMs).toFixed(1)} us, their readback ${readMs.toFixed(2)} ms an epoch of ${steps} steps.`,
)
console.log(`The margin trace takes ${(100 * share).toFixed(2)} % of the training (must: <= 2 %).`)
process.exit(share <= 0.02 ? 0 : 1)

async function trainingStep(on: Device, kept: Store): Promise<Plan> {
  const names = Array.from({ length: classes }, (_, k) => `class ${k}`)
  const model = describePreset('simple-conv', { height: size, width: size, channels: 1, classes: names })
  const feed = new DataLoader(photos(load), batch, on)
  const plan = await compile(
    on,
    traceTrainingStep({ model, batchSize: batch, labelSmoothing: 0, trainRows: rows, optimizer: adam() }, feed),
    kept,
  )
  feed.setOrder(kept, 'train', rows)
  return plan
}

/** The loss of a batch and nothing else; without the trace its kernel neither looks for the best other class nor writes
 *  margins. */
async function lossAlone(on: Device, traced: boolean): Promise<Plan> {
  const trace = new Trace({ training: true })
  crossEntropy(trace.state('logits', [batch, classes], 'f32'), trace.state('labels', [batch], 'u32'))
  if (!traced)
    trace.calls[0] = {
      ...trace.calls[0]!,
      kernel: { ...crossEntropyKernel, name: 'loss-without-margins', source: sourceWithout() } as never,
    }
  return compile(on, trace, new Store(on, 1))
}

function sourceWithout(): string {
  const lines = (crossEntropyKernel.source as string).split('\n')
  const kept = lines.filter(line => !/rival/.test(line))
  if (kept.length !== lines.length - 3)
    throw new Error('The loss kernel has changed: say anew which of its lines make the margins.')
  // Bound still, so that both have the same bindings.
  return kept
    .map(line => line.replace('var best = 0u;', 'var best = 0u;\n    if (label >= K) { margins[0] = 0.0; }'))
    .join('\n')
}

/** Milliseconds of one run. */
async function timeOf(plan: Plan, runs: number): Promise<number> {
  await device.finished()
  const began = performance.now()
  for (let done = 0; done < runs; done += 20)
    plan.run(...Array.from({ length: Math.min(20, runs - done) }, () => ({ ...zeroStep, batchCount: batch })))
  await device.finished()
  return (performance.now() - began) / runs
}

async function readbackTime(): Promise<number> {
  const began = performance.now()
  await store.read('margins')
  return performance.now() - began
}
