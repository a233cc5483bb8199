// How the weights of an ONNX file are stored: as they are, or smaller with the node that makes float32 of them again, so that
// every engine computes in float32 and the file alone is smaller.
//   f32    4 bytes a weight
//   f16    2 bytes: the nearest half, an error of 1 in 2,000, and a Cast
//   int8   1 byte: whole steps of a scale per output channel (symmetric, largest weight / 127), and a DequantizeLinear. As f16 are
//          dense layers, whose weights differ by orders of magnitude where features do, and the narrow kernels of the first and
//          of depthwise layers, which are few: of a quick model 3 of 341 answers flip so, and 18 with int8 everywhere

import { numberToHalf } from './half-numbers.ts'

export const onnxWeights = ['f32', 'f16', 'int8'] as const
export type OnnxWeights = (typeof onnxWeights)[number]

/** Biases, norms and small kernels are kept whole: they are few, and their errors are everywhere. */
const fewest = 256
/** Weights an output channel of a kernel that is stored as int8. */
const fewestOfChannel = 64

/** How a tensor of this shape, its output channels first, is stored. */
export function storageOf(shape: readonly number[], how: OnnxWeights): OnnxWeights {
  const each = shape.slice(1).reduce((product, length) => product * length, 1)
  if (how === 'f32' || shape.length < 2 || shape[0]! * each < fewest) return 'f32'
  if (how === 'f16') return 'f16'
  if (shape.length === 2) return 'f16'
  return each < fewestOfChannel ? 'f16' : 'int8'
}

export function halves(data: Float32Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint16Array.from(data, numberToHalf).buffer)
}

export interface QuantisedWeights {
  /** i8, in the order of the weights. */
  readonly steps: Uint8Array<ArrayBuffer>
  /** [channels]: what a step of each output channel is worth. */
  readonly scales: Float32Array<ArrayBuffer>
}

/** `channels` output channels lie one after the other. A channel of zeros has the scale 1. (Scales that cut the largest weights
 *  short, for a smaller squared error, flipped no fewer answers.) */
export function quantise(data: Float32Array, channels: number): QuantisedWeights {
  const each = data.length / channels
  const steps = new Int8Array(data.length)
  const scales = Float32Array.from({ length: channels }, (_, c) => {
    const own = data.subarray(c * each, (c + 1) * each)
    const scale = Math.fround(own.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127) || 1
    for (let i = 0; i < each; i++) steps[c * each + i] = stepsOf(own[i]!, scale)
    return scale
  })
  return { steps: new Uint8Array(steps.buffer), scales }
}

function stepsOf(value: number, scale: number): number {
  return Math.max(-127, Math.min(127, Math.round(value / scale)))
}
