// The part of the protobuf wire format that ONNX needs: varints, little-endian floats and length-prefixed bytes,
// written into nested messages and read back field by field. Reading checks every length against what is left; damage
// ends as CoreError 'bad-model'.

import { CoreError } from '../error.ts'

/** A message being written: fields in the order of the calls. Field numbers are the schema's. */
export class MessageWriter {
  readonly #parts: Uint8Array[] = []
  #length = 0

  /** A whole number >= 0 up to 2^53, as varint. */
  integer(field: number, value: number): this {
    return this.#push(varint(field * 8)).#push(varint(value))
  }

  /** A signed 64-bit number as varint (two's complement). */
  signed(field: number, value: number): this {
    if (value >= 0) return this.integer(field, value)
    return this.#push(varint(field * 8)).#push(negativeVarint(value))
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setFloat32(0, value, true)
    return this.#push(varint(field * 8 + 5)).#push(bytes)
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#push(varint(field * 8 + 2))
      .#push(varint(value.length))
      .#push(value)
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value))
  }

  message(field: number, message: MessageWriter): this {
    this.#push(varint(field * 8 + 2)).#push(varint(message.#length))
    for (const part of message.#parts) this.#push(part)
    return this
  }

  finish(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.#length)
    let at = 0
    for (const part of this.#parts) {
      whole.set(part, at)
      at += part.length
    }
    return whole
  }

  #push(part: Uint8Array): this {
    this.#parts.push(part)
    this.#length += part.length
    return this
  }
}

export interface Field {
  readonly number: number
  /** A varint's value, or the bytes of a length-prefixed field; null for fixed-size numbers, which ONNX metadata does
   *  not use. */
  readonly value: number | Uint8Array | null
}

/** The fields of a message in order, without copying. Throws CoreError 'bad-model' where the bytes are no message. */
export function* readFields(message: Uint8Array): Generator<Field> {
  let at = 0
  while (at < message.length) {
    const key = readVarint(message, at)
    const kind = key.value % 8
    const number = Math.floor(key.value / 8)
    at = key.next
    if (kind === 0) {
      const { value, next } = readVarint(message, at)
      at = next
      yield { number, value }
    } else if (kind === 2) {
      const { value: length, next } = readVarint(message, at)
      at = skip(message, next, length)
      yield { number, value: message.subarray(next, at) }
    } else if (kind === 1 || kind === 5) {
      at = skip(message, at, kind === 1 ? 8 : 4)
      yield { number, value: null }
    } else {
      throw notAMessage(`field ${number} has the wire type ${kind}`)
    }
  }
}

/** Groups of seven bits, least first; arithmetic instead of shifts, because lengths may pass 2^31. */
function varint(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new CoreError('bad-argument', `${value} cannot be written as a count.`, 'Pass a whole number of at least 0.')
  const bytes: number[] = []
  let rest = value
  while (rest >= 128) {
    bytes.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
  return Uint8Array.from(bytes)
}

function negativeVarint(value: number): Uint8Array {
  const bits = BigInt.asUintN(64, BigInt(value))
  return Uint8Array.from({ length: 10 }, (_, i) => Number((bits >> BigInt(7 * i)) & 127n) | (i < 9 ? 128 : 0))
}

/** Values past 2^53 lose their low bits, which no field read here has. */
function readVarint(bytes: Uint8Array, from: number): { value: number; next: number } {
  let value = 0
  let scale = 1
  for (let at = from; at < bytes.length && at < from + 10; at++) {
    const byte = bytes[at]!
    value += (byte % 128) * scale
    scale *= 128
    if (byte < 128) return { value, next: at + 1 }
  }
  throw notAMessage('a number is cut off')
}

function skip(bytes: Uint8Array, from: number, length: number): number {
  if (length > bytes.length - from)
    throw notAMessage(`a field says ${length} bytes, but ${bytes.length - from} are left`)
  return from + length
}

function notAMessage(detail: string): CoreError {
  return new CoreError(
    'bad-model',
    `The file is not an ONNX model, or it is damaged: ${detail}.`,
    'Choose a model that Winnow exported.',
  )
}
