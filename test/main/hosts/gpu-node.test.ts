// The GPU as Node sees it. What is asserted holds with a card, with the software GPU and with neither.

import { describe, expect, it } from 'vitest'
import { describeAdapter, findGpu, kindOfDevice, openDevice } from '../../../src/main/hosts/gpu-node.ts'

const nothing = { vendor: '', architecture: '', device: '', description: '', isFallbackAdapter: false }

describe('describeAdapter', () => {
  it.each([
    [
      {
        ...nothing,
        vendor: 'mesa',
        architecture: 'software',
        device: 'llvmpipe-llvm-15',
        description: 'llvmpipe: Mesa 25.0.7',
        isFallbackAdapter: true,
      },
      { name: 'llvmpipe: Mesa 25.0.7', software: true },
    ],
    [
      { ...nothing, description: 'SwiftShader Device (Subzero)' },
      { name: 'SwiftShader Device (Subzero)', software: true },
    ],
    [
      {
        ...nothing,
        vendor: 'nvidia',
        architecture: 'ampere',
        device: 'nvidia-rtx-3060',
        description: 'NVIDIA: 570.86',
      },
      { name: 'nvidia-rtx-3060, NVIDIA: 570.86', software: false },
    ],
    [
      { ...nothing, vendor: 'apple', architecture: 'metal-3' },
      { name: 'apple metal-3', software: false },
    ],
    [nothing, { name: 'GPU', software: false }],
  ])('%j', (info, expected) => {
    expect(describeAdapter(info)).toEqual(expected)
  })
})

describe('openDevice', () => {
  it('gives the CPU when asked for it', async () => {
    const device = await openDevice('cpu')
    expect(device.info).toMatchObject({ kind: 'cpu', software: true })
    device.destroy()
  })

  it('gives what "auto" finds: a real GPU where there is one, else the CPU, which outruns a software adapter', async () => {
    const found = await findGpu()
    const isReal = found !== null && !found.software
    const device = await openDevice('auto')
    expect(device.info.kind).toBe(isReal ? 'gpu' : 'cpu')
    if (isReal) expect(device.info.name).toBe(found.name)
    else expect(device.info.name).toMatch(/^CPU, \d+ threads?$/)
    expect(await kindOfDevice('auto')).toBe(device.info.kind)
    device.destroy()
  })

  it('says in a sentence that a demanded GPU is not there', async () => {
    const outcome = await openDevice('gpu').then(
      device => (device.destroy(), 'opened'),
      (error: unknown) => error,
    )
    if (await findGpu()) expect(outcome).toBe('opened')
    else expect(outcome).toMatchObject({ code: 'no-gpu', fix: expect.stringContaining('software-gpu.sh') })
  })
})
