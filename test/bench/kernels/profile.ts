// `npm run bench -- profile`: where the time of a training step goes on this GPU, each dispatch by itself, by its
// timestamps. On a real GPU the cuts are measured first, as a training does.

import { DataLoader } from '../../../src/core/data/data-loader.ts'
import type { Device } from '../../../src/core/device.ts'
import { createGpuDevice, deviceDescriptor } from '../../../src/core/gpu/gpu-device.ts'
import type { Tuning } from '../../../src/core/gpu/tuner.ts'
import { describePreset } from '../../../src/core/nn/presets.ts'
import { adam } from '../../../src/core/optim/adam.ts'
import { lower } from '../../../src/core/tensor/lower.ts'
import { compile, type Plan } from '../../../src/core/tensor/plan.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { traceTrainingStep } from '../../../src/core/train/steps/step.ts'
import { dispatchesOf } from '../measuring/dispatches.ts'
import { stepValues } from '../frameworks/winnow.ts'
import { openGpu } from '../measuring/gpu.ts'
import { table } from '../measuring/results.ts'
import { timestamps } from '../measuring/stopwatch.ts'

export interface ProfileOptions {
  readonly preset: string
  readonly size: number
  readonly channels: number
  readonly batch: number
  readonly precision: 'f32' | 'f16'
}

/** Steps that do not count, and steps that do. */
const [warmUp, steps] = [20, 100]
/** Runs of a dispatch between two timestamps, and how often; the fastest counts. */
const [repeats, rounds] = [20, 3]

export async function profileStep(options: ProfileOptions): Promise<void> {
  const { preset, size, channels, batch, precision } = options
  const open = await openGpu()
  const gpu = await open.adapter.requestDevice(deviceDescriptor(open.adapter))
  const device = createGpuDevice(gpu, {
    name: open.name,
    software: open.software,
    owner: open.gpu,
    tuning: tuningOf(open.software),
  })
  const { plan, calls } = await openStep(device, options)
  const load = { batch, batches: 1, rate: 1e-4 }
  const stepMs = await timeSteps(device, plan, load)
  const dispatches = dispatchesOf(() => plan.run(stepValues(load, 0)))
  const clock = timestamps(gpu)
  const rows: { readonly ms: number; readonly cells: readonly string[] }[] = []
  for (const [i, dispatch] of dispatches.entries()) {
    const times: number[] = []
    for (let round = 0; round < rounds; round++)
      times.push(await clock(Array.from({ length: repeats }, () => dispatch)))
    const ms = Math.min(...times) / repeats
    rows.push({ ms, cells: [dispatch.pipeline.label, ms.toFixed(4), dispatch.grid.join(' x '), calls[i]!] })
  }
  const sum = rows.reduce((total, { ms }) => total + ms, 0)
  console.log(
    `${preset}, ${size} x ${size} x ${channels}, batch ${batch}, ${precision}, on ${open.name}: ${stepMs.toFixed(3)} ms a step; its ${rows.length} dispatches one by one ${sum.toFixed(3)} ms\n`,
  )
  console.log(
    table(
      ['dispatch', 'ms', 'workgroups', 'tensors'],
      rows.toSorted((a, b) => b.ms - a.ms).map(({ cells }) => cells),
    ),
  )
  device.destroy()
}

/** Nothing is remembered from one profile to the next. */
function tuningOf(software: boolean): Tuning {
  return {
    measures: !software,
    budgetMs: 20_000,
    memory: { adapter: 'profile', load: () => Promise.resolve(undefined), save: () => Promise.resolve() },
  }
}

/** The plan of a step over made-up photos, and the tensors of its calls for people. */
async function openStep(
  device: Device,
  { preset, size, channels, batch, precision }: ProfileOptions,
): Promise<{ readonly plan: Plan; readonly calls: readonly string[] }> {
  const classes = Array.from({ length: 10 }, (_, k) => `class ${k}`)
  const rows = Uint32Array.from({ length: batch }, (_, row) => row)
  const images = Uint8Array.from({ length: batch * size * size * channels }, (_, i) => (i * 7919) % 251)
  const [feed, store] = [
    new DataLoader(
      { images, labels: rows.map(row => row % classes.length), height: size, width: size, channels },
      batch,
      device,
    ),
    new Store(device, 1),
  ]
  const model = describePreset(preset, { height: size, width: size, channels, classes })
  const trace = traceTrainingStep(
    {
      model,
      batchSize: batch,
      optimizer: adam({ weightDecay: 0.05 }),
      labelSmoothing: 0.1,
      trainRows: rows,
      precision,
    },
    feed,
  )
  const calls = lower(trace).map(({ tensors }) =>
    Object.entries(tensors)
      .map(([name, { shape }]) => `${name} ${shape.join(' x ')}`)
      .join(', '),
  )
  const plan = await compile(device, trace, store)
  feed.setOrder(store, 'train', rows)
  return { plan, calls }
}

/** Milliseconds of one. */
async function timeSteps(device: Device, plan: Plan, load: Parameters<typeof stepValues>[0]): Promise<number> {
  for (let step = 0; step < warmUp; step++) plan.run(stepValues(load, step))
  await device.finished()
  const began = performance.now()
  for (let step = 0; step < steps; step++) plan.run(stepValues(load, warmUp + step))
  await device.finished()
  return (performance.now() - began) / steps
}
