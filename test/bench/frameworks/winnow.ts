// Winnow's own training step: traced, planned and replayed; nothing is read back unless losses are wanted.

import { createGpuDevice, deviceDescriptor } from '../../../src/core/gpu/gpu-device.ts'
import { DataLoader } from '../../../src/core/data/data-loader.ts'
import { metricsRing } from '../../../src/core/ops/losses/loss.ts'
import type { Device } from '../../../src/core/device.ts'
import type { StepValues } from '../../../src/core/kernels/step.ts'
import { compile } from '../../../src/core/tensor/plan.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { traceTrainingStep } from '../../../src/core/train/steps/step.ts'
import { callTimer, type Contender } from '../training/contender.ts'
import type { OpenGpu } from '../measuring/gpu.ts'
import { photos, rowsOf, stepSettings, type Workload } from '../training/workload.ts'

export async function openGpuDevice({ adapter, gpu, name, software }: OpenGpu): Promise<Device> {
  return createGpuDevice(await adapter.requestDevice(deviceDescriptor(adapter)), { name, software, owner: gpu })
}

export async function openWinnow(device: Device, load: Workload, precision: 'f32' | 'f16' = 'f32'): Promise<Contender> {
  const feed = new DataLoader(photos(load), load.batch, device)
  const store = new Store(device, 1)
  const plan = await compile(device, traceTrainingStep({ ...stepSettings(load), precision }, feed), store)
  feed.setOrder(store, 'train', rowsOf(load))
  const calls = callTimer()
  let next = 0
  return {
    async run(steps, losses) {
      const found: number[] = []
      for (let done = 0; done < steps; done++, next++) {
        calls.time(() => plan.run(stepValues(load, next)))
        if (losses) found.push((await store.read('metrics'))[(next % metricsRing) * 4]!)
      }
      await device.finished()
      return found
    },
    callMs: calls.take,
    close() {
      plan.dispose()
      store.dispose()
      device.destroy()
    },
  }
}

export function stepValues(
  { batch, batches, rate }: Pick<Workload, 'batch' | 'batches' | 'rate'>,
  step: number,
): StepValues {
  return {
    seed: 1,
    step,
    epoch: 0,
    batchStart: (step % batches) * batch,
    batchCount: batch,
    rate,
    correction1: 1 - 0.9 ** (step + 1),
    correction2: 1 - 0.999 ** (step + 1),
  }
}
