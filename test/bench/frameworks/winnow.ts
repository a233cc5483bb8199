// Winnow's own training step: traced, planned and replayed; nothing is read back unless losses are wanted.

import { createGpuDevice, deviceDescriptor } from '../../../src/core/gpu/gpu-device.ts'
import { Feed } from '../../../src/core/data/feed.ts'
import { adam } from '../../../src/core/optim/adam.ts'
import { metricsRing } from '../../../src/core/ops/cross-entropy.ts'
import type { StepValues } from '../../../src/core/gpu/step.ts'
import { compile } from '../../../src/core/tensor/plan.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { traceTrainingStep } from '../../../src/core/train/step.ts'
import type { Contender } from '../contender.ts'
import type { OpenGpu } from '../gpu.ts'
import { batch, batches, model, photos, rate, rows, stepSettings } from '../workload.ts'

export async function openWinnow({ adapter, gpu, name, software }: OpenGpu, stepsPerSubmit: number): Promise<Contender> {
  const device = createGpuDevice(await adapter.requestDevice(deviceDescriptor(adapter)), { name, software, owner: gpu })
  const feed = new Feed(photos(), batch, device)
  const store = new Store(device, 1)
  const plan = await compile(device, traceTrainingStep({ ...stepSettings, model: model(), optimizer: adam() }, feed), store)
  feed.setOrder(store, 'train', rows)
  let next = 0
  return {
    async run(steps, losses) {
      const found: number[] = []
      for (let done = 0; done < steps; done += stepsPerSubmit) {
        const count = Math.min(stepsPerSubmit, steps - done)
        plan.run(...Array.from({ length: count }, (_, i) => stepValues(next + i)))
        if (losses) found.push(...(await lossesOf(store, next, count)))
        next += count
      }
      await device.finished()
      return found
    },
    close() {
      plan.dispose()
      store.dispose()
      device.destroy()
    },
  }
}

function stepValues(step: number): StepValues {
  return {
    seed: 1, step, epoch: 0, batchStart: (step % batches) * batch, batchCount: batch, rate,
    correction1: 1 - 0.9 ** (step + 1), correction2: 1 - 0.999 ** (step + 1),
  }
}

async function lossesOf(store: Store, first: number, count: number): Promise<number[]> {
  const ring = await store.read('metrics')
  return Array.from({ length: count }, (_, i) => ring[((first + i) % metricsRing) * 4]!)
}
