// The CPU device in WebAssembly beyond what every op's test asks of it: the same bits for any number of threads and
// without a shared memory, memory that runs out and is given back, threads that fail, machines without SIMD.

import { describe, expect, it } from 'vitest'
import { createCpuDevice } from '../../../src/core/cpu/cpu-device.ts'
import { heapStart, words } from '../../../src/core/cpu/layout.ts'
import type { CoreError } from '../../../src/core/error.ts'
import { product } from '../../../src/core/gemm/kernels.ts'
import { createReferenceDevice } from '../../../src/core/cpu/reference-device.ts'
import { createWasmDevice, type WasmDevice } from '../../../src/core/cpu/wasm-device.ts'
import { loadKernels } from '../../../src/core/cpu/wasm-module.ts'
import type { Device } from '../../../src/core/device.ts'
import { describePreset } from '../../../src/core/nn/presets.ts'
import { adam } from '../../../src/core/optim/adam.ts'
import { DataLoader } from '../../../src/core/data/data-loader.ts'
import { zeroStep } from '../../../src/core/kernels/step.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { compileTrainingStep } from '../../../src/core/train/steps/step.ts'
import { openWasmDevice } from '../devices.ts'

const model = describePreset('resnet9', {
  height: 16,
  width: 16,
  channels: 3,
  classes: ['a', 'b', 'c'],
  normalise: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
})
const batchSize = 6
const trainRows = Uint32Array.from({ length: batchSize }, (_, i) => i)
const photos = {
  images: Uint8Array.from({ length: batchSize * 16 * 16 * 3 }, (_, i) => (i * 7919) % 251),
  labels: Uint32Array.from({ length: batchSize }, (_, i) => i % 3),
  height: 16,
  width: 16,
  channels: 3,
}

/** All parameters after three steps of a small net, and what else is asked of the device before it is destroyed. */
async function learn(device: Device, more: () => void = () => {}): Promise<Float32Array> {
  const store = new Store(device, 1)
  const loader = new DataLoader(photos, batchSize, device)
  const settings = { model, batchSize, labelSmoothing: 0, trainRows, optimizer: adam() }
  const step = await compileTrainingStep(device, settings, loader, store, 1)
  loader.setOrder(store, 'train', trainRows)
  for (let i = 0; i < 3; i++) {
    const values = {
      ...zeroStep,
      step: i,
      batchCount: batchSize,
      rate: 1e-3,
      correction1: 1 - 0.9 ** (i + 1),
      correction2: 1 - 0.999 ** (i + 1),
    }
    device.run(step.programCalls(values, () => values))
  }
  const parameters = await store.readParameters()
  more()
  step.dispose()
  store.dispose()
  return Float32Array.from([...parameters.values()].flatMap(values => [...values]))
}

async function learnOn(device: WasmDevice): Promise<Float32Array> {
  try {
    return await learn(device)
  } finally {
    device.destroy()
  }
}

describe('the CPU device', () => {
  it('gives the same bits on one, two and three threads, on fewer than it has, and without a shared memory', async () => {
    const one = await learnOn(await openWasmDevice({ threads: 1 }))
    for (const threads of [2, 3]) expect(await learnOn(await openWasmDevice({ threads }))).toEqual(one)
    const held = await openWasmDevice({ threads: 3 })
    held.useThreads(2)
    expect(held.threads).toBe(2)
    expect(await learnOn(held)).toEqual(one)
  })

  it('learns the same with plain SIMD and by the references, but for rounding', async () => {
    const relaxed = await learnOn(await openWasmDevice({ threads: 1 }))
    const plain = await learnOn(await openWasmDevice({ threads: 1, simd: 'plain' }))
    const reference = await learn(createReferenceDevice())
    for (const other of [plain, reference]) {
      const worst = other.reduce((most, value, i) => Math.max(most, Math.abs(value - relaxed[i]!)), 0)
      expect(worst).toBeLessThan(4e-3) // three steps of Adam at 1e-3, whose first ones hang on signs of tiny gradients
      const mean = other.reduce((sum, value, i) => sum + Math.abs(value - relaxed[i]!), 0) / other.length
      expect(mean).toBeLessThan(2e-5)
    }
  })

  it('says what it computes with', async () => {
    const names = []
    for (const options of [{ threads: 1 }, { threads: 2 }, { threads: 1, simd: 'plain' as const }]) {
      const device = await openWasmDevice(options)
      names.push(device.info.name)
      device.destroy()
    }
    expect(names).toEqual(['CPU, 1 thread', 'CPU, 2 threads', 'CPU, 1 thread, plain SIMD'])
    expect((await createCpuDevice({ simd: 'none' })).info.name).toBe('CPU (no GPU)')
  })

  it('gives back all memory, and what programs and buffers took before is taken again', async () => {
    const device = await openWasmDevice({ threads: 1 })
    await learn(device)
    const after = device.memoryUsed
    await learn(device)
    expect(device.memoryUsed).toBe(after)
    expect(device.counters.buffers).toBe(0)
    expect(device.counters.bufferBytes).toBe(0)
    device.destroy()
  })

  it('refuses what does not fit in a sentence, and keeps nothing of it', async () => {
    const kernels = (await loadKernels(false))!
    const device = await createWasmDevice({ kernels, mostBytes: 4 * 2 ** 20 })
    const before = device.memoryUsed
    await expect(
      device.createBuffers([
        { bytes: 2 ** 20, label: 'small' },
        { bytes: 8 * 2 ** 20, label: 'slot 3' },
      ]),
    ).rejects.toMatchObject({ code: 'out-of-memory', message: expect.stringMatching(/slot 3 \(8 MiB\)/) })
    expect(device.memoryUsed).toBe(before)
    expect(device.counters.buffers).toBe(0)
  })

  it('keeps nothing of a program that does not fit, wherever the room ends', async () => {
    const kernels = (await loadKernels(false))!
    const [M, K, N] = [64, 512, 512] // the packed right side takes a mebibyte
    const elements = { a: M * K, b: K * N, y: M * N }
    const prepared = async (room: number) => {
      const device = await createWasmDevice({ kernels, mostBytes: heapStart + room })
      const buffers = await device.createBuffers(
        Object.entries(elements).map(([label, size]) => ({ bytes: size * 4, label })),
      )
      const names = Object.keys(elements)
      const ranges = Object.fromEntries(
        buffers.map((buffer, i) => [names[i]!, { buffer, offset: 0, bytes: buffer.bytes, type: 'f32' as const }]),
      )
      const before = device.memoryUsed
      const constants = { M, N, K, TRANSPOSE_A: 0, TRANSPOSE_B: 0 }
      const outcome = await device.prepare([{ kernel: product, constants, ranges }]).then(
        () => 'fits',
        (error: CoreError) => error.code,
      )
      return { outcome, before, after: device.memoryUsed }
    }
    const whole = await prepared(2 ** 24)
    expect(whole.outcome).toBe('fits')
    let refused = 0
    for (let room = whole.before; room < whole.after; room += 256) {
      const { outcome, before, after } = await prepared(room)
      if (outcome === 'fits') continue
      expect([outcome, after]).toEqual(['out-of-memory', before])
      refused++
      if (room === whole.before) room = whole.after - 4096 // then the last pages, place by place
    }
    expect(refused).toBeGreaterThan(3)
  })

  it('stops a thread that began behind one that could not be started, and does without both', async () => {
    const stopped: number[] = []
    const device = await createWasmDevice({
      kernels: (await loadKernels(true))!,
      threads: 3,
      startThread: setup =>
        setup.thread === 1
          ? Promise.reject(new Error('no room for it'))
          : Promise.resolve({ stop: () => void stopped.push(setup.thread) }),
    })
    expect(device.info.name).toBe('CPU, 1 thread')
    expect(stopped).toEqual([2])
  })

  it('is lost in a sentence where a thread dies, and stays lost', async () => {
    const device = await openWasmDevice({ threads: 2 })
    const lose = () => {
      Atomics.store(new Int32Array(device.setupOf(0).memory.buffer), words.failed, 1)
    }
    await expect(
      (async () => {
        lose()
        await learn(device)
      })(),
    ).rejects.toMatchObject({
      code: 'device-lost',
      message: expect.stringMatching(/Thread 1 of the CPU device stopped/),
    })
    await expect(device.finished()).rejects.toMatchObject({ code: 'device-lost' })
    device.destroy()
  })

  it('is lost where a thread is gone and never answers, and does without threads that cannot be started', async () => {
    const kernels = (await loadKernels(true))!
    const gone = await createWasmDevice({
      kernels,
      threads: 2,
      answerMs: 300,
      startThread: async () => ({ stop: () => {} }),
    })
    await expect(learn(gone)).rejects.toMatchObject({
      code: 'device-lost',
      message: expect.stringMatching(/does not answer/),
    })
    const alone = await createWasmDevice({
      kernels,
      threads: 4,
      startThread: () => Promise.reject(new Error('no more threads')),
    })
    expect(alone.info.name).toBe('CPU, 1 thread')
    expect(await learnOn(alone)).toEqual(await learnOn(await openWasmDevice({ threads: 1 })))
  })

  it('runs on more threads than the machine has cores', async () => {
    expect(await learnOn(await openWasmDevice({ threads: 9 }))).toEqual(
      await learnOn(await openWasmDevice({ threads: 1 })),
    )
  })
})

describe('the memory of the CPU device', () => {
  it('uses again what was freed, in one piece with its neighbours', async () => {
    const { WasmMemory } = await import('../../../src/core/cpu/wasm-memory.ts')
    const memory = new WasmMemory(false, 2 ** 22)
    const [a, b, c] = [1000, 2000, 3000].map(bytes => memory.allocate(bytes)!)
    memory.allocate(10)
    memory.bytes(a!, 1000).fill(7)
    memory.free(a!)
    memory.free(c!)
    memory.free(b!)
    expect(memory.allocate(6000)).toBe(a)
    expect(memory.bytes(a!, 1000).every(byte => byte === 0)).toBe(true)
    expect(memory.allocate(2 ** 22)).toBeUndefined()
  })
})
