// The GPU for a run where the browser's GPU process has just gone: what it refuses is asked for again, and the
// processor computes where nothing comes.

import { describe, expect, it } from 'vitest'
import { findAdapter, openDevice } from '../../../src/renderer/training/adapter.ts'

const refused = () => Promise.reject(new Error('A valid external Instance reference no longer exists.'))
const adapter = {
  info: { vendor: 'some', architecture: 'card' },
  features: new Set(),
  limits: {},
  requestDevice: refused,
}
const soon = { tries: 4, pauseMs: 0 }
const gpuOf = (answers: (() => Promise<unknown>)[]) => {
  let asked = 0
  return {
    gpu: { requestAdapter: () => answers[Math.min(asked++, answers.length - 1)]!() } as unknown as GPU,
    asked: () => asked,
  }
}
const open = (gpu: GPU) =>
  openDevice(
    gpu,
    'auto',
    () => {
      throw new Error('not in this test')
    },
    soon,
  )

const swiftShader = { ...adapter, info: { vendor: 'google', architecture: 'swiftshader' } }
const llvmpipe = { ...adapter, info: { vendor: 'mesa', architecture: '', description: 'llvmpipe (LLVM 15)' } }

describe('what computes', () => {
  it('is a GPU, but not one that is only imitated, unless it is asked for', async () => {
    const offers = (offered: unknown) => gpuOf([async () => offered]).gpu
    expect((await findAdapter(offers(adapter), 'auto')).info).toEqual({
      kind: 'gpu',
      adapter: 'some card',
      software: false,
    })
    expect((await findAdapter(offers(swiftShader), 'auto')).info).toEqual({
      kind: 'cpu',
      reason: 'imitated',
      detail: 'google swiftshader',
      processor: { name: 'CPU, 1 thread', threads: 1, simd: 'relaxed' },
    })
    expect((await findAdapter(offers(llvmpipe), 'auto')).info).toMatchObject({ kind: 'cpu', reason: 'imitated' })
    expect((await findAdapter(offers(swiftShader), 'gpu')).info).toEqual({
      kind: 'gpu',
      adapter: 'google swiftshader',
      software: true,
    })
  })

  it('is the processor where a person chose it, without a look at the GPU', async () => {
    const { gpu, asked } = gpuOf([async () => adapter])
    expect((await findAdapter(gpu, 'processor')).info).toEqual({
      kind: 'cpu',
      reason: 'chosen',
      detail: '',
      processor: { name: 'CPU, 1 thread', threads: 1, simd: 'relaxed' },
    })
    expect(asked()).toBe(0)
  })
})

describe('a device for a run', () => {
  it('is asked for again while the GPU process is starting', async () => {
    const { gpu, asked } = gpuOf([refused, async () => adapter, async () => null])
    expect((await open(gpu)).info.kind).toBe('cpu')
    expect(asked()).toBe(3)
  })

  it('is the processor at once where there is no adapter', async () => {
    const { gpu, asked } = gpuOf([async () => null])
    expect((await open(gpu)).info.kind).toBe('cpu')
    expect(asked()).toBe(1)
  })

  it('is the processor where adapters are refused again and again, and an error where devices are', async () => {
    expect((await open(gpuOf([refused]).gpu)).info.kind).toBe('cpu')
    await expect(open(gpuOf([async () => adapter]).gpu)).rejects.toThrow('Instance reference')
  })
})
