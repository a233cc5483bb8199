// Single kernels of the CPU device on one thread, each as a share of what was measured of the thread beside it.

import { createCpuDevice } from '../../../src/core/cpu/cpu-device.ts'
import type { BoundCall, Device } from '../../../src/core/device.ts'
import { convForward, convInputGradient, convWeightGradient, product } from '../../../src/core/gemm/kernels.ts'
import type { Kernel } from '../../../src/core/kernels/kernel.ts'
import { conv2dForward, conv2dInputGradient, conv2dWeightGradient } from '../../../src/core/kernels/products/conv2d.ts'
import { zeroStep } from '../../../src/core/kernels/step.ts'
import { median } from '../measuring/median.ts'
import type { CpuYardstick } from './roofline.ts'

export interface CpuKernelTime {
  readonly name: string
  readonly ms: number
  readonly spread: readonly [number, number]
  /** Of the multiply-adds, or of the copies where `bound` is memory. */
  readonly share: number
  readonly bound: 'multiply-adds' | 'memory'
}

interface Trial {
  readonly name: string
  readonly kernel: Kernel
  readonly constants: Readonly<Record<string, number>>
  /** Elements of each binding, in the kernel's order. */
  readonly sizes: readonly number[]
  readonly flop?: number
}

/** A 3 x 3 convolution with a border of one. */
function convTrials(N: number, H: number, C: number, K: number, GROUPS: number, kernels: readonly Kernel[]): Trial[] {
  const border = { PAD_TOP: 1, PAD_LEFT: 1, STRIDE_Y: 1, STRIDE_X: 1, DILATION_Y: 1, DILATION_X: 1 }
  const c = { N, H, W: H, C, R: 3, S: 3, K, P: H, Q: H, ...border, GROUPS }
  const [x, w, y] = [N * H * H * C, (9 * C * K) / GROUPS, N * H * H * K]
  const images = Math.ceil(N / Math.min(N, Math.ceil(262_144 / w)))
  const slices = { SPLITS: Math.ceil(N / images), IMAGES: images, STRIDE: Math.ceil(w / 64) * 64 }
  const flop = GROUPS === 1 ? { flop: 2 * y * 9 * C } : {}
  const title = `${GROUPS === 1 ? `conv ${C} -> ${K}` : `depthwise ${C}`} at ${H} x ${H}, batch ${N}`
  return [
    { name: `${title}, forward`, kernel: kernels[0]!, constants: c, sizes: [x, w, y], ...flop },
    { name: `${title}, input gradient`, kernel: kernels[1]!, constants: c, sizes: [y, w, x], ...flop },
    {
      name: `${title}, weight gradient`,
      kernel: kernels[2]!,
      constants: { ...c, ...slices },
      sizes: [x, y, slices.SPLITS * slices.STRIDE],
      ...flop,
    },
  ]
}

function trials(): Trial[] {
  const size = 1024
  const matmul = { M: size, N: size, K: size, TRANSPOSE_A: 0, TRANSPOSE_B: 0 }
  const square = size * size
  return [
    {
      name: `matmul ${size}`,
      kernel: product,
      constants: matmul,
      sizes: [square, square, square],
      flop: 2 * size ** 3,
    },
    ...convTrials(16, 32, 64, 64, 1, [convForward, convInputGradient, convWeightGradient] as unknown as Kernel[]),
    ...convTrials(8, 64, 128, 128, 128, [
      conv2dForward,
      conv2dInputGradient,
      conv2dWeightGradient,
    ] as unknown as Kernel[]),
  ]
}

export async function timeCpuKernels(yardstick: CpuYardstick, rounds: number): Promise<CpuKernelTime[]> {
  const times: CpuKernelTime[] = []
  for (const trial of trials()) {
    const device = await createCpuDevice()
    times.push(await timeTrial(device, trial, yardstick, rounds))
    device.destroy()
  }
  return times
}

async function timeTrial(
  device: Device,
  { name, kernel, constants, sizes, flop }: Trial,
  yardstick: CpuYardstick,
  rounds: number,
): Promise<CpuKernelTime> {
  const names = Object.keys(kernel.bindings)
  const buffers = await device.createBuffers(names.map((label, i) => ({ bytes: sizes[i]! * 4, label })))
  buffers.forEach((buffer, i) =>
    device.write(
      buffer,
      0,
      Float32Array.from({ length: sizes[i]! }, (_, j) => ((j * 7919) % 1000) / 1000 - 0.5),
    ),
  )
  const ranges = Object.fromEntries(
    names.map((label, i) => [label, { buffer: buffers[i]!, offset: 0, bytes: sizes[i]! * 4, type: 'f32' as const }]),
  )
  const program = await device.prepare([{ kernel, constants, ranges } as BoundCall])
  const shares: number[] = []
  const found: number[] = []
  for (let round = -1; round < rounds; round++) {
    const peak = yardstick.measure()
    const began = performance.now()
    device.run([{ program, step: zeroStep }])
    const ms = performance.now() - began
    if (round < 0) continue
    found.push(ms)
    const bytes = sizes.reduce((sum, size) => sum + size * 4, 0)
    shares.push(flop ? flop / ms / 1e6 / peak.gflops : bytes / ms / 1e6 / peak.gigabytes)
  }
  return {
    name,
    ms: median(found),
    spread: [Math.min(...found), Math.max(...found)],
    share: median(shares),
    bound: flop ? 'multiply-adds' : 'memory',
  }
}
