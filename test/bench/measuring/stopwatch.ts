// Times of passes on one GPUDevice, by timestamp queries where the adapter has them, else by the clock around a submit.

import { subgroupSize } from '../../../src/core/gpu/subgroups.ts'
import type { Target } from '../../../src/core/kernels/target.ts'

export interface Dispatch {
  readonly pipeline: GPUComputePipeline
  readonly bindGroup: GPUBindGroup
  /** Dynamic ones. */
  readonly offsets?: readonly number[] | undefined
  readonly grid: readonly [number, number, number]
}

export interface Call extends Dispatch {
  readonly buffers: readonly GPUBuffer[]
}

export interface Stopwatch {
  /** What kernels fit themselves to on this device. */
  target(software: boolean): Target
  /** A call of `wgsl` over new buffers of these sizes in bytes, bound in order, filled with small numbers. */
  prepare(wgsl: string, bytes: readonly number[], grid: readonly [number, number, number]): Promise<Call>
  /** Milliseconds of each list of calls run in one pass, `rounds` of them, the lists taking turns, after one that does
   *  not count. */
  times(lists: readonly (readonly Call[])[], rounds: number): Promise<number[][]>
  /** Milliseconds by the clock, the wait for the end included. */
  byClock(calls: readonly Call[]): Promise<number>
  /** Destroys the buffers of a call. */
  release(call: Call): void
  close(): void
}

export async function openStopwatch(adapter: GPUAdapter): Promise<Stopwatch> {
  const features = (['timestamp-query', 'subgroups'] as GPUFeatureName[]).filter(name => adapter.features.has(name))
  const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits
  const device = await adapter.requestDevice({
    requiredFeatures: features,
    requiredLimits: { maxStorageBufferBindingSize, maxBufferSize },
  })
  const timer = device.features.has('timestamp-query') ? timestamps(device) : undefined
  const once = (calls: readonly Call[]) => (timer ? timer(calls) : byClock(device, calls))
  return {
    prepare: (wgsl, bytes, grid) => prepare(device, wgsl, bytes, grid),
    target: software => ({ lanes: subgroupSize(device), software }),
    async times(lists, rounds) {
      for (const list of lists) await once(list)
      const times = lists.map((): number[] => [])
      for (let round = 0; round < rounds; round++)
        for (const [i, list] of lists.entries()) times[i]!.push(await once(list))
      return times
    },
    byClock: calls => byClock(device, calls),
    release: ({ buffers }) => buffers.forEach(buffer => buffer.destroy()),
    close: () => device.destroy(),
  }
}

async function prepare(device: GPUDevice, code: string, bytes: readonly number[], grid: Call['grid']): Promise<Call> {
  const module = device.createShaderModule({ code })
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: 'main' } })
  const buffers = bytes.map(size => {
    const buffer = device.createBuffer({
      size: Math.ceil(size / 16) * 16,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
    })
    const values = Float32Array.from(
      { length: Math.floor(Math.min(size, 2 ** 22) / 4) },
      (_, i) => ((i * 7919) % 2000) / 1000 - 1,
    )
    device.queue.writeBuffer(buffer, 0, values)
    return buffer
  })
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }))
  return {
    pipeline,
    grid,
    buffers,
    bindGroup: device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }),
  }
}

function encode(pass: GPUComputePassEncoder, calls: readonly Dispatch[]): void {
  for (const { pipeline, bindGroup, offsets, grid } of calls) {
    pass.setPipeline(pipeline)
    if (offsets) pass.setBindGroup(0, bindGroup, offsets)
    else pass.setBindGroup(0, bindGroup)
    pass.dispatchWorkgroups(...grid)
  }
  pass.end()
}

/** Milliseconds of calls in one pass. The device needs timestamp-query. */
export function timestamps(device: GPUDevice): (calls: readonly Dispatch[]) => Promise<number> {
  const querySet = device.createQuerySet({ type: 'timestamp', count: 2 })
  const resolved = device.createBuffer({ size: 16, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC })
  const readable = device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
  return async calls => {
    const encoder = device.createCommandEncoder()
    encode(
      encoder.beginComputePass({ timestampWrites: { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 } }),
      calls,
    )
    encoder.resolveQuerySet(querySet, 0, 2, resolved, 0)
    encoder.copyBufferToBuffer(resolved, 0, readable, 0, 16)
    device.queue.submit([encoder.finish()])
    await readable.mapAsync(GPUMapMode.READ)
    const [start, end] = new BigUint64Array(readable.getMappedRange())
    const milliseconds = Number(end! - start!) / 1e6
    readable.unmap()
    return milliseconds
  }
}

async function byClock(device: GPUDevice, calls: readonly Call[]): Promise<number> {
  const encoder = device.createCommandEncoder()
  encode(encoder.beginComputePass(), calls)
  const start = performance.now()
  device.queue.submit([encoder.finish()])
  await device.queue.onSubmittedWorkDone()
  return performance.now() - start
}
