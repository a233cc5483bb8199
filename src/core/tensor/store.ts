// What stays on a device between steps and plans: all parameters in one flat buffer, and the named states.
// The training plan and the evaluation plan of a model share one store, so evaluation sees the weights of this moment.

import { CoreError } from '../error.ts'
import type { BufferRange, Device, DeviceBuffer } from '../device.ts'
import { flatRange, wholeRange } from './memory.ts'
import { bytesOf, shapeText } from './shape.ts'
import type { Tensor, Initial, Trace } from './trace.ts'

type Values = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>

interface Held {
  readonly tensor: Tensor
  readonly buffer: DeviceBuffer
}

export class Store {
  readonly #device: Device
  readonly #seed: number
  readonly #states = new Map<string, Held>()
  readonly #parameters = new Map<string, Tensor>()
  #flat: DeviceBuffer | undefined

  constructor(device: Device, seed: number) {
    this.#device = device
    this.#seed = seed
  }

  /** Makes and fills what this trace needs and is not there yet. The first trace decides which parameters exist. */
  async allocate(trace: Trace): Promise<void> {
    if (!this.#flat) await this.#allocateParameters(trace)
    for (const [name, { tensor }] of trace.parameters) this.#expectSame(name, this.#parameters.get(name), tensor)
    for (const [name, { tensor, initial }] of trace.states) {
      const held = this.#states.get(name)
      if (held) this.#expectSame(name, held.tensor, tensor)
      else await this.#allocateState(tensor, initial)
    }
  }

  async #allocateParameters(trace: Trace): Promise<void> {
    const [flat] = await this.#device.createBuffers([
      { bytes: Math.max(16, trace.parameterElements * 4), label: 'parameters' },
    ])
    this.#flat = flat!
    for (const [name, { tensor, initial }] of trace.parameters) {
      this.#parameters.set(name, tensor)
      this.#fill(flat!, tensor.offset * 4, tensor, initial)
    }
  }

  async #allocateState(tensor: Tensor, initial: Initial): Promise<void> {
    const [buffer] = await this.#device.createBuffers([{ bytes: bytesOf(tensor), label: tensor.name }])
    this.#states.set(tensor.name, { tensor, buffer: buffer! })
    this.#fill(buffer!, 0, tensor, initial)
  }

  #fill(buffer: DeviceBuffer, offset: number, tensor: Tensor, initial: Initial): void {
    const values = emptyValues(tensor)
    initial(values, this.#seed, keyOf(tensor.name))
    this.#device.write(buffer, offset, values)
  }

  #expectSame(name: string, held: Tensor | undefined, tensor: Tensor): void {
    if (held && shapeText(held.shape) === shapeText(tensor.shape) && held.offset === tensor.offset) return
    const before = held ? shapeText(held.shape) : 'absent'
    throw new CoreError(
      'shape-mismatch',
      `${name} is ${before} in the model but ${shapeText(tensor.shape)} in this plan.`,
      'Build both plans from the same description.',
    )
  }

  range(tensor: Tensor): BufferRange {
    if (tensor.role === 'parameter') return flatRange(this.#flat!, tensor)
    return wholeRange(this.#states.get(tensor.name)!.buffer, tensor)
  }

  /** Names of all parameters and states, with their shapes. */
  names(): ReadonlyMap<string, Tensor> {
    return new Map([...this.#parameters, ...[...this.#states].map(([name, { tensor }]) => [name, tensor] as const)])
  }

  has(name: string): boolean {
    return this.#parameters.has(name) || this.#states.has(name)
  }

  write(name: string, values: Values, element = 0): void {
    const { buffer, offset } = this.#find(name)
    this.#device.write(buffer, offset + element * values.BYTES_PER_ELEMENT, values)
  }

  /** f32 values of a parameter or state, `count` of them from `element` on (default: all). */
  async read(name: string, element = 0, count?: number): Promise<Float32Array<ArrayBuffer>> {
    const { buffer, offset, tensor } = this.#find(name)
    return new Float32Array(await this.#device.read(buffer, offset + element * 4, (count ?? tensor.size) * 4))
  }

  /** All parameters with one readback, in their flat order with the padding between them. */
  async readParameters(): Promise<ReadonlyMap<string, Float32Array<ArrayBuffer>>> {
    const flat = await this.#device.read(this.#flat!, 0, this.#flat!.bytes)
    return new Map(
      [...this.#parameters].map(([name, { offset, size }]) => [
        name,
        new Float32Array(flat.slice(offset * 4, (offset + size) * 4)),
      ]),
    )
  }

  /** Destroys those of the named states that there are. No plan may use them any more. */
  release(names: readonly string[]): void {
    for (const name of names) {
      const held = this.#states.get(name)
      if (held) this.#device.destroyBuffers([held.buffer])
      this.#states.delete(name)
    }
  }

  dispose(): void {
    const buffers = [...this.#states.values()].map(({ buffer }) => buffer)
    this.#device.destroyBuffers(this.#flat ? [...buffers, this.#flat] : buffers)
    this.#states.clear()
    this.#parameters.clear()
    this.#flat = undefined
  }

  #find(name: string): { readonly buffer: DeviceBuffer; readonly offset: number; readonly tensor: Tensor } {
    const parameter = this.#parameters.get(name)
    if (parameter) return { buffer: this.#flat!, offset: parameter.offset * 4, tensor: parameter }
    const state = this.#states.get(name)
    if (state) return { buffer: state.buffer, offset: 0, tensor: state.tensor }
    throw new CoreError(
      'bad-argument',
      `There is no parameter or state named ${name}.`,
      `Known are: ${[...this.names().keys()].join(', ')}.`,
    )
  }
}

function emptyValues(tensor: Tensor): Values {
  if (tensor.type === 'u8') return new Uint8Array(bytesOf(tensor))
  return tensor.type === 'u32' ? new Uint32Array(tensor.size) : new Float32Array(tensor.size)
}

/** A number made from a name (FNV-1a), so that each parameter draws its own random numbers whatever the order. */
function keyOf(name: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
