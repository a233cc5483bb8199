// Reads what a TFLite file says of its net: tensors with their weights, operators in order. Only the fields that a trunk
// of convolutions needs; the layout is that of TensorFlow's schema.fbs (fields by their number in each table).

import { ByteBuffer } from 'flatbuffers'

/** The codes of schema.fbs that are met here; any other stays a number. */
export const operators = { add: 0, conv2d: 3, depthwiseConv2d: 4, dequantize: 6 } as const
export const tensorTypes = { float32: 0, float16: 1 } as const
export const activations = { none: 0, relu6: 3 } as const
export const paddings = { same: 0, valid: 1 } as const

export interface TfliteTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly type: number
  /** Little-endian as in the file; empty for what is computed. */
  readonly bytes: Uint8Array
}

export interface TfliteOperator {
  readonly code: number
  /** Numbers of tensors. */
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  /** Of a convolution; undefined elsewhere. */
  readonly window: ConvolutionOptions | undefined
}

interface ConvolutionOptions {
  readonly padding: number
  readonly strideX: number
  readonly strideY: number
  readonly activation: number
}

export interface TfliteModel {
  readonly tensors: readonly TfliteTensor[]
  readonly operators: readonly TfliteOperator[]
}

/** The first graph of the file. Throws an Error where the bytes are no TFLite file. */
export function readTflite(bytes: Uint8Array): TfliteModel {
  const buffer = new ByteBuffer(bytes)
  if (bytes.length < 8 || new TextDecoder().decode(bytes.subarray(4, 8)) !== 'TFL3')
    throw new Error('The bytes are no TFLite file: their identifier is not TFL3.')
  const model = new Table(buffer, buffer.readInt32(0))
  const codes = model.tables(1).map(code => Math.max(code.byte(0), code.int(3)))
  const buffers = model.tables(4).map(table => table.bytes(0))
  const graph = model.tables(2)[0]!
  return {
    tensors: graph.tables(0).map(tensor => ({
      shape: tensor.ints(0),
      type: tensor.byte(1),
      bytes: buffers[tensor.int(2)]!,
      name: tensor.text(3),
    })),
    operators: graph.tables(3).map(operator => {
      const code = codes[operator.int(0)]!
      return { code, inputs: operator.ints(1), outputs: operator.ints(2), window: windowOf(code, operator) }
    }),
  }
}

function windowOf(code: number, operator: Table): ConvolutionOptions | undefined {
  if (code !== operators.conv2d && code !== operators.depthwiseConv2d) return undefined
  const options = operator.table(4)
  return {
    padding: options.byte(0),
    strideX: options.int(1),
    strideY: options.int(2),
    activation: options.byte(code === operators.conv2d ? 3 : 4),
  }
}

/** A table of a flatbuffer, its fields by number; what is left out is 0, '' or empty. */
class Table {
  readonly #buffer: ByteBuffer
  readonly #at: number

  constructor(buffer: ByteBuffer, at: number) {
    this.#buffer = buffer
    this.#at = at
  }

  #place(field: number): number {
    const offset = this.#buffer.__offset(this.#at, 4 + 2 * field)
    return offset === 0 ? 0 : this.#at + offset
  }

  byte(field: number): number {
    const place = this.#place(field)
    return place === 0 ? 0 : this.#buffer.readInt8(place)
  }

  int(field: number): number {
    const place = this.#place(field)
    return place === 0 ? 0 : this.#buffer.readInt32(place)
  }

  text(field: number): string {
    const place = this.#place(field)
    return place === 0 ? '' : String(this.#buffer.__string(place))
  }

  table(field: number): Table {
    return new Table(this.#buffer, this.#buffer.__indirect(this.#place(field)))
  }

  tables(field: number): Table[] {
    return this.#items(field, 4, at => new Table(this.#buffer, this.#buffer.__indirect(at)))
  }

  ints(field: number): number[] {
    return this.#items(field, 4, at => this.#buffer.readInt32(at))
  }

  bytes(field: number): Uint8Array {
    const place = this.#place(field)
    if (place === 0) return new Uint8Array()
    const start = this.#buffer.__vector(place)
    return this.#buffer.bytes().subarray(start, start + this.#buffer.__vector_len(place))
  }

  #items<T>(field: number, size: number, read: (at: number) => T): T[] {
    const place = this.#place(field)
    if (place === 0) return []
    const start = this.#buffer.__vector(place)
    return Array.from({ length: this.#buffer.__vector_len(place) }, (_, i) => read(start + i * size))
  }
}
