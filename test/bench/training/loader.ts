// Does the data keep up? Steps of the same net over photos that lie on the GPU with nothing else going on, beside the
// real training loop (order of an epoch, metrics read behind, margins), and beside it with a device that cannot hold
// the set, so that batches stream.

import { createGpuDevice, deviceDescriptor } from '../../../src/core/gpu/gpu-device.ts'
import type { Device } from '../../../src/core/device.ts'
import { train } from '../../../src/core/train/train.ts'
import { openGpuDevice, openWinnow } from '../frameworks/winnow.ts'
import type { OpenGpu } from '../measuring/gpu.ts'
import { timing, type Timing } from '../measuring/median.ts'
import { photos, workload } from './workload.ts'

/** Of a step. */
export interface LoaderTimes {
  readonly bare: Timing
  readonly loop: Timing
  readonly streamed: Timing
}

/** Blocks of the three take turns. */
export async function timeLoader(open: () => Promise<OpenGpu>, rounds: number, steps: number): Promise<LoaderTimes> {
  const times = { bare: [] as number[], loop: [] as number[], streamed: [] as number[] }
  const bare = await openWinnow(await openGpuDevice(await open()), workload('deep-convnet'))
  await bare.run(2, false)
  for (let round = 0; round < rounds; round++) {
    const began = performance.now()
    await bare.run(steps, false)
    times.bare.push((performance.now() - began) / steps)
    times.loop.push(await timeLoop(await open(), steps, undefined))
    times.streamed.push(await timeLoop(await open(), steps, 2 ** 20))
  }
  bare.close()
  return { bare: timing(times.bare), loop: timing(times.loop), streamed: timing(times.streamed) }
}

/** Milliseconds a step of the training loop, without its first report, which has compiling in it. */
async function timeLoop(
  { adapter, gpu, name, software }: OpenGpu,
  steps: number,
  setLimit: number | undefined,
): Promise<number> {
  const device = createGpuDevice(await adapter.requestDevice(deviceDescriptor(adapter)), { name, software, owner: gpu })
  const load = workload('deep-convnet')
  const rows = Uint32Array.from({ length: load.batch * (steps + 4) }, (_, row) => row)
  const options = {
    device: setLimit === undefined ? device : withoutRoom(device, setLimit),
    model: load.model,
    photos: photos(load, rows.length),
    trainRows: rows,
    validationRows: rows.subarray(0, 1),
    batchSize: load.batch,
    epochs: 1,
  }
  let first: { readonly at: number; readonly step: number } | undefined
  let last = { at: 0, step: 0 }
  for await (const event of train(options)) {
    if (event.type !== 'step') continue
    last = { at: performance.now(), step: event.step }
    if (event.step >= 3) first ??= last
  }
  device.destroy()
  return (last.at - first!.at) / (last.step - first!.step)
}

/** The same device, but a data set may not be larger than this on it. */
function withoutRoom(device: Device, bytes: number): Device {
  return new Proxy(device, {
    get(target, name) {
      if (name === 'info') return { ...target.info, maxResidentBytes: bytes }
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
