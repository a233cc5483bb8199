// The hot kernels one by one, as a share of the multiply-adds that the roofline of the same run allows.

import { weightGradientProduct } from '../../../src/core/gemm/convolution.ts'
import { emit } from '../../../src/core/gemm/emit.ts'
import { withEpilogue } from '../../../src/core/gemm/fused.ts'
import { convForward, convInputGradient } from '../../../src/core/gemm/kernels.ts'
import { matmulProduct } from '../../../src/core/gemm/matmul.ts'
import type { Product } from '../../../src/core/gemm/product.ts'
import { epilogueFor } from '../../../src/core/gemm/epilogues.ts'
import { pickTileConfig, tileConfigName } from '../../../src/core/gemm/tile-configs.ts'
import type { Dims } from '../../../src/core/kernels/kernel.ts'
import type { Target } from '../../../src/core/kernels/target.ts'
import { biasRelu } from '../../../src/core/kernels/products/bias.ts'
import { reluBackward } from '../../../src/core/kernels/elementwise/relu.ts'
import type { ConvShape, PeerKernel, TfjsKernels } from './peer-kernels.ts'
import type { Yardstick } from './roofline.ts'
import { median } from '../measuring/median.ts'
import type { Call, Stopwatch } from '../measuring/stopwatch.ts'

export interface KernelTrial {
  readonly name: string
  readonly product: Product
  /** Bytes of the bindings in order. */
  readonly bytes: readonly number[]
  readonly flop: number
  /** The same of a peer. */
  readonly peer: PeerKernel
}

export interface KernelTime {
  readonly name: string
  readonly variant: string
  /** Median, and fastest and slowest. */
  readonly ms: number
  readonly spread: readonly [number, number]
  readonly shareOfPeak: number
  /** TensorFlow.js's kernel by the clock, and ours by the same clock in turn with it; undefined where it was not asked
   *  for. */
  readonly peer?: {
    readonly ms: number
    readonly spread: readonly [number, number]
    readonly ourMs: number
    readonly shareOfPeak: number
  }
}

/** Photos, channels, filters, height and padding of the convolutions that count; all 3 x 3, stride 1. */
const shapes: readonly ConvShape[] = [
  [100, 1, 16, 28, 1],
  [100, 16, 16, 28, 1],
  [100, 16, 32, 14, 1],
  [100, 32, 32, 14, 2],
  [100, 32, 64, 8, 1],
  [100, 64, 64, 8, 1],
  [128, 64, 64, 32, 1],
]

/** As a training step has them: bias and ReLU on the way out, and a gradient that stops at the ReLU below. */
const rectified = withEpilogue(convForward, epilogueFor(biasRelu)!, ['b'])
const stopped = withEpilogue(convInputGradient, epilogueFor(reluBackward)!, ['y'])

export function kernelTrials(quick: boolean): readonly KernelTrial[] {
  const sizes = quick ? [256, 1024] : [256, 512, 1024, 2048, 4096]
  const chosen = quick ? shapes.filter((_, i) => i === 1 || i === 6) : shapes
  return [...sizes.map(matmulTrial), ...chosen.flatMap(convTrials)]
}

function matmulTrial(size: number): KernelTrial {
  const bytes = size * size * 4
  return {
    name: `matmul ${size}`,
    product: matmulProduct({ M: size, N: size, K: size }),
    bytes: [bytes, bytes, bytes],
    flop: 2 * size ** 3,
    peer: { kind: 'matmul', size },
  }
}

function convTrials(shape: ConvShape): KernelTrial[] {
  const [N, C, K, H, pad] = shape
  const P = H + 2 * pad - 2
  const c: Dims = {
    N,
    H,
    W: H,
    C,
    R: 3,
    S: 3,
    K,
    P,
    Q: P,
    STRIDE_Y: 1,
    STRIDE_X: 1,
    PAD_TOP: pad,
    PAD_LEFT: pad,
    DILATION_Y: 1,
    DILATION_X: 1,
  }
  const [x, w, y, bias] = [N * H * H * C * 4, 9 * C * K * 4, N * P * P * K * 4, K * 4]
  const photos = Math.ceil(N / Math.min(N, Math.ceil(262_144 / (9 * C * K))))
  const slices = Math.ceil(N / photos)
  const stride = Math.ceil((9 * C * K) / 64) * 64
  const base = { flop: 2 * N * P * P * K * C * 9 }
  const name = `${C} -> ${K} at ${H} x ${H}, batch ${N}`
  return [
    {
      ...base,
      name: `forward ${name}`,
      peer: { kind: 'forward', shape },
      product: rectified.product({ ...c, BIAS_K: K, BIAS_RELU: 1 }),
      bytes: [x, w, y, bias],
    },
    {
      ...base,
      name: `input gradient ${name}`,
      peer: { kind: 'input', shape },
      product: stopped.product(c),
      bytes: [y, w, x, x],
    },
    {
      ...base,
      name: `weight gradient ${name}`,
      peer: { kind: 'weight', shape },
      product: weightGradientProduct(c, { slices, photos, stride, biasStride: 64 }),
      bytes: [x, y, slices * stride * 4, slices * 256],
    },
  ]
}

/** Each trial with the variant that `pickTileConfig` takes, taking turns with the yardstick: on a busy machine only their
 *  ratio counts. Then `peerRounds` rounds in turn with the peer's kernel, both by the clock. */
export async function timeKernels(
  watch: Stopwatch,
  target: Target,
  yardstick: Yardstick,
  trials: readonly KernelTrial[],
  rounds: number,
  peer?: { readonly kernels: TfjsKernels; readonly rounds: number },
): Promise<KernelTime[]> {
  const times: KernelTime[] = []
  for (const { name, product, bytes, flop, peer: theirs } of trials) {
    const variant = pickTileConfig(product, target)
    const { wgsl, workgroups } = emit(product, variant)
    const call = await watch.prepare(wgsl, bytes, workgroups)
    const [peak, found] = await watch.times([[yardstick.call], [call]], rounds)
    const ms = median(found!)
    const peakRate = yardstick.flop / median(peak!)
    const side = peer && (await sideBySide(watch, call, theirs, peer))
    times.push({
      name,
      variant: tileConfigName(variant),
      ms,
      spread: [Math.min(...found!), Math.max(...found!)],
      shareOfPeak: flop / ms / peakRate,
      ...(side && { peer: { ...side, shareOfPeak: flop / side.ms / peakRate } }),
    })
    watch.release(call)
  }
  return times
}

async function sideBySide(
  watch: Stopwatch,
  call: Call,
  theirs: PeerKernel,
  { kernels, rounds }: { readonly kernels: TfjsKernels; readonly rounds: number },
) {
  const [ours, others]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    ours.push(await watch.byClock([call]))
    others.push(await kernels.time(theirs))
  }
  return { ms: median(others), spread: [Math.min(...others), Math.max(...others)] as const, ourMs: median(ours) }
}
