// The forward pass of an exported net: the CPU device beside ONNX Runtime's WebAssembly on the file that Winnow writes, in
// turns, on as many threads. What both say must agree before a time counts.

import * as ort from 'onnxruntime-web'
import type { PhotoSet } from '../../../src/core/data/photo-set.ts'
import type { Device } from '../../../src/core/device.ts'
import { encodeOnnx } from '../../../src/core/io/onnx.ts'
import type { ModelDescription, StateDict } from '../../../src/core/nn/description.ts'
import { describePreset } from '../../../src/core/nn/presets.ts'
import { readStateDict } from '../../../src/core/nn/state-dict.ts'
import { createEvaluator } from '../../../src/core/train/evaluation/evaluator.ts'
import { Store } from '../../../src/core/tensor/store.ts'
import { openCpuDevice } from '../../../src/main/hosts/cpu-threads.ts'
import { timing, type Timing } from '../measuring/median.ts'

export interface ForwardTime {
  readonly name: string
  readonly threads: number
  readonly winnow: Timing
  readonly onnxruntime: Timing
}

interface Net {
  readonly preset: string
  readonly size: number
  readonly channels: number
  readonly batch: number
}

const nets: readonly Net[] = [
  { preset: 'deep-convnet', size: 28, channels: 1, batch: 100 },
  { preset: 'photo-convnet', size: 64, channels: 3, batch: 32 },
  { preset: 'resnet18', size: 64, channels: 3, batch: 32 },
  { preset: 'mobilenet-v2', size: 128, channels: 3, batch: 16 },
]

/** All nets with so many threads. ONNX Runtime's number of threads holds for a process: one number a run. */
export async function timeForward(threads: number, rounds: number): Promise<ForwardTime[]> {
  ort.env.wasm.numThreads = threads
  const times: ForwardTime[] = []
  for (const net of nets) times.push(await timeNet(net, threads, rounds))
  return times
}

async function timeNet(net: Net, threads: number, rounds: number): Promise<ForwardTime> {
  const { preset, size, channels, batch } = net
  const classes = Array.from({ length: 10 }, (_, i) => `class ${i}`)
  const model = describePreset(preset, { height: size, width: size, channels, classes })
  const photos = madeUp(net)
  const device = await openCpuDevice(threads)
  const store = new Store(device, 1)
  const evaluator = await createEvaluator(device, store, model, photos)
  const state = await readStateDict(store, model)
  const session = await sessionOf(model, state)
  const rows = Uint32Array.from({ length: batch }, (_, row) => row)
  const feeds = { image: new ort.Tensor('uint8', photos.images, [batch, size, size, channels]) }
  const ours = () => evaluator.probabilities(rows)
  const theirs = async () => (await session.run(feeds))['probabilities']!.data as Float32Array
  expectEqual(preset, (await ours())!, await theirs())
  const [winnow, onnxruntime]: [number[], number[]] = [[], []]
  for (let round = -2; round < rounds; round++) {
    const [own, other] = [await clocked(ours), await clocked(theirs)]
    if (round < 0) continue
    winnow.push(own)
    onnxruntime.push(other)
  }
  await close(device, evaluator, store, session)
  const name = `${preset} ${size} x ${size}, batch ${batch}, forward`
  return { name, threads, winnow: timing(winnow), onnxruntime: timing(onnxruntime) }
}

function sessionOf(model: ModelDescription, state: StateDict): Promise<ort.InferenceSession> {
  const file = encodeOnnx(model, state, { run: 'bench', appVersion: '0' })
  return ort.InferenceSession.create(file, { executionProviders: ['wasm'], logSeverityLevel: 3 })
}

function madeUp({ size, channels, batch }: Net): PhotoSet & { readonly images: Uint8Array<ArrayBuffer> } {
  const images = Uint8Array.from({ length: batch * size * size * channels }, (_, i) => (i * 7919 + (i >> 7) * 31) % 256)
  return { images, labels: new Uint32Array(batch), height: size, width: size, channels }
}

function expectEqual(preset: string, ours: Float32Array, theirs: Float32Array): void {
  const largest = ours.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i]!)), 0)
  if (!(largest < 1e-4)) throw new Error(`${preset}: ONNX Runtime answers differently, by ${largest}.`)
}

async function clocked(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

async function close(
  device: Device,
  evaluator: { dispose(): void },
  store: Store,
  session: ort.InferenceSession,
): Promise<void> {
  evaluator.dispose()
  store.dispose()
  device.destroy()
  await session.release()
}
