// The nodes, constants and signatures of an ONNX graph as it is being built, and their protobuf messages. Field numbers
// are those of onnx.proto; the words (node, initializer, value info) too. Knows nothing of layers.

import { halves, quantise, storageOf, type OnnxWeights } from './onnx-weights.ts'
import { MessageWriter } from './protobuf.ts'

export type Attribute = number | readonly number[] | { readonly float: number }
export type Attributes = Readonly<Record<string, Attribute>>

export const elementType = { float: 1, uint8: 2, int8: 3, int64: 7, half: 10 } as const
export type OnnxElementType = (typeof elementType)[keyof typeof elementType]

/** A graph input or output; a text dimension is a free one under that name. */
export interface ValueInfo {
  readonly name: string
  readonly type: OnnxElementType
  readonly shape: readonly (number | string)[]
}

/** Collects nodes and constants; every node has one output whose name is the node's name. */
export class GraphBuilder {
  readonly #nodes: MessageWriter[] = []
  readonly #constants = new Map<string, MessageWriter>()
  readonly #names: Set<string>
  readonly #weights: OnnxWeights
  #place = ''

  /** `reserved` are the names of the graph's inputs and outputs; `weights` says how large constants are stored. */
  constructor(reserved: readonly string[], weights: OnnxWeights = 'f32') {
    this.#names = new Set(reserved)
    this.#weights = weights
  }

  /** Constants from here on have this before their names, so that several nets with the same names lie in one graph. */
  within(place: string): void {
    this.#place = place
  }

  /** Adds a node and answers its output's name; `name` is kept when it is free and numbered when it is not. */
  node(operator: string, inputs: readonly string[], attributes: Attributes = {}, name = operator): string {
    return this.output(operator, inputs, attributes, this.#freeName(name))
  }

  /** The same with exactly this name for the output, which is one of the reserved ones. */
  output(operator: string, inputs: readonly string[], attributes: Attributes, output: string): string {
    const node = new MessageWriter()
    for (const input of inputs) node.text(1, input)
    node.text(2, output).text(3, output).text(4, operator)
    for (const [key, value] of Object.entries(attributes)) node.message(5, attributeMessage(key, value))
    this.#nodes.push(node)
    return output
  }

  /** Float values that the file carries; a name used twice in one place must be the same tensor (shared weights). */
  constant(own: string, shape: readonly number[], data: Float32Array<ArrayBuffer>): string {
    const name = this.#place + own
    const how = storageOf(shape, this.#weights)
    if (how !== 'f32') return this.#smaller(name, shape, data, how)
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    return this.#stored(name, shape, elementType.float, bytes)
  }

  #smaller(name: string, shape: readonly number[], data: Float32Array<ArrayBuffer>, how: 'f16' | 'int8'): string {
    if (this.#names.has(name)) return name
    if (how === 'f16') {
      const stored = this.#stored(`${name}.f16`, shape, elementType.half, halves(data))
      return this.node('Cast', [stored], { to: elementType.float }, name)
    }
    const { steps, scales } = quantise(data, shape[0]!)
    const stored = this.#stored(`${name}.int8`, shape, elementType.int8, steps)
    const worth = this.#stored(`${name}.scale`, [shape[0]!], elementType.float, new Uint8Array(scales.buffer))
    return this.node('DequantizeLinear', [stored, worth], { axis: 0 }, name)
  }

  #stored(name: string, shape: readonly number[], type: OnnxElementType, bytes: Uint8Array): string {
    this.#names.add(name)
    const tensor = new MessageWriter()
    for (const length of shape) tensor.integer(1, length)
    this.#constants.set(name, tensor.integer(2, type).text(8, name).bytes(9, bytes))
    return name
  }

  /** Whole numbers that some operators take as an input (shapes). */
  integers(own: string, values: readonly number[]): string {
    const name = this.#place + own
    this.#names.add(name)
    const data = BigInt64Array.from(values, BigInt)
    this.#constants.set(
      name,
      new MessageWriter()
        .integer(1, values.length)
        .integer(2, elementType.int64)
        .text(8, name)
        .bytes(9, new Uint8Array(data.buffer)),
    )
    return name
  }

  /** A number every node may share, kept under a readable name. */
  scalar(value: number): string {
    return this.constant(`number_${value}`, [], Float32Array.of(value))
  }

  /** The GraphProto. */
  finish(name: string, inputs: readonly ValueInfo[], outputs: readonly ValueInfo[]): MessageWriter {
    const graph = new MessageWriter()
    for (const node of this.#nodes) graph.message(1, node)
    graph.text(2, name)
    for (const constant of this.#constants.values()) graph.message(5, constant)
    for (const input of inputs) graph.message(11, valueInfoMessage(input))
    for (const output of outputs) graph.message(12, valueInfoMessage(output))
    return graph
  }

  #freeName(wanted: string): string {
    let name = wanted
    for (let n = 2; this.#names.has(name); n++) name = `${wanted}_${n}`
    this.#names.add(name)
    return name
  }
}

/** The ModelProto around a graph: ONNX IR 8, the default operator set of the given version, a text for people, string
 *  metadata. */
export function modelMessage(
  graph: MessageWriter,
  operatorSet: number,
  producer: { name: string; version: string; about: string },
  metadata: ReadonlyMap<string, string>,
): MessageWriter {
  const model = new MessageWriter()
    .integer(1, 8)
    .text(2, producer.name)
    .text(3, producer.version)
    .text(6, producer.about)
    .message(7, graph)
    .message(8, new MessageWriter().text(1, '').integer(2, operatorSet))
  for (const [key, value] of metadata) model.message(14, new MessageWriter().text(1, key).text(2, value))
  return model
}

const attributeKind = { float: 1, int: 2, ints: 7 } as const

function attributeMessage(name: string, value: Attribute): MessageWriter {
  const attribute = new MessageWriter().text(1, name)
  if (typeof value === 'number') return attribute.signed(3, value).integer(20, attributeKind.int)
  if ('float' in value) return attribute.float(2, value.float).integer(20, attributeKind.float)
  for (const item of value) attribute.signed(8, item)
  return attribute.integer(20, attributeKind.ints)
}

function valueInfoMessage({ name, type, shape }: ValueInfo): MessageWriter {
  const dimensions = new MessageWriter()
  for (const length of shape) {
    dimensions.message(
      1,
      typeof length === 'number' ? new MessageWriter().integer(1, length) : new MessageWriter().text(2, length),
    )
  }
  const tensorType = new MessageWriter().integer(1, type).message(2, dimensions)
  return new MessageWriter().text(1, name).message(2, new MessageWriter().message(1, tensorType))
}
