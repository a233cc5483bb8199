// A device whose promises reject on the platform's own account, as they do when the browser's GPU process has gone: everything it was asked for
// ends as 'device-lost', which a training replaces the device for.

import { describe, expect, it } from 'vitest'
import { createGpuDevice } from '../../../src/core/index.ts'

function goneGpu(): GPUDevice {
  const refused = () => Promise.reject(new Error('A valid external Instance reference no longer exists.'))
  const buffer = { destroy() {}, mapAsync: refused }
  return {
    limits: { maxStorageBufferBindingSize: 1024 }, features: new Set(), adapterInfo: {}, lost: new Promise(() => {}), addEventListener() {}, createBuffer: () => buffer,
    pushErrorScope() {}, popErrorScope: refused, destroy() {}, createCommandEncoder: () => ({ copyBufferToBuffer() {}, finish: () => ({}) }),
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
