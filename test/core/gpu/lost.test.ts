// A device whose promises reject on the platform's own account, as they do when the browser's GPU process has gone:
// everything it was asked for ends as 'device-lost', which a training replaces the device for.

import { describe, expect, it } from 'vitest'
import { product } from '../../../src/core/gemm/kernels.ts'
import type { Kernel } from '../../../src/core/kernels/kernel.ts'
import { createGpuDevice } from '../../../src/core/index.ts'

function goneGpu(): GPUDevice {
  const refused = () => Promise.reject(new Error('A valid external Instance reference no longer exists.'))
  const buffer = { destroy() {}, mapAsync: refused }
  return {
    limits: { maxStorageBufferBindingSize: 1024 },
    features: new Set(),
    adapterInfo: {},
    lost: new Promise(() => {}),
    addEventListener() {},
    createBuffer: () => buffer,
    pushErrorScope() {},
    popErrorScope: refused,
    destroy() {},
    createCommandEncoder: () => ({ copyBufferToBuffer() {}, finish: () => ({}) }),
    queue: { onSubmittedWorkDone: refused, submit() {}, writeBuffer() {} },
  } as unknown as GPUDevice
}

describe('a GPU whose process has gone', () => {
  const device = createGpuDevice(goneGpu(), { name: 'gone', software: false })
  it('says that it is lost, whatever it is asked for', async () => {
    const lost = { code: 'device-lost', message: expect.stringContaining('Instance reference') }
    await expect(device.finished()).rejects.toMatchObject(lost)
    await expect(device.createBuffers([{ bytes: 4, label: 'a' }])).rejects.toMatchObject(lost)
    await expect(device.read({ bytes: 4, label: 'a', gpu: {} } as never, 0, 4)).rejects.toMatchObject(lost)
  })
})

it('a GPU that is lost while it is being tuned leaves no times behind', async () => {
  let lose: (info: { message: string }) => void = () => {}
  const pass = { setPipeline() {}, setBindGroup() {}, dispatchWorkgroups() {}, end() {} }
  const gpu = {
    ...goneGpu(),
    lost: new Promise(resolve => (lose = resolve)),
    popErrorScope: async () => null,
    createBindGroupLayout: () => ({}),
    createPipelineLayout: () => ({}),
    createShaderModule: () => ({}),
    createComputePipelineAsync: async () => ({}),
    createBindGroup: () => ({}),
    createCommandEncoder: () => ({ beginComputePass: () => pass, finish: () => ({}) }),
    queue: {
      submit: () => lose({ message: 'pulled by the test' }),
      writeBuffer() {},
      onSubmittedWorkDone: async () => {},
    },
  } as unknown as GPUDevice
  const kept: string[] = []
  const tuning = {
    measures: true,
    memory: { adapter: 'gpu', load: async () => undefined, save: async (text: string) => void kept.push(text) },
  }
  const device = createGpuDevice(gpu, { name: 'going', software: false, tuning })
  const range = { buffer: { bytes: 4096, label: 'a', gpu: {} } as never, offset: 0, bytes: 4096, type: 'f32' as const }
  await device.prepare([
    {
      kernel: product as unknown as Kernel,
      constants: { M: 32, N: 32, K: 32, TRANSPOSE_A: 0, TRANSPOSE_B: 0 },
      ranges: { a: range, b: range, y: range },
    },
  ])
  expect(kept).toEqual([])
  await expect(device.finished()).rejects.toMatchObject({ code: 'device-lost' })
})
