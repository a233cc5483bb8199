// The safetensors file layout: 8 bytes of header length, a JSON header, then the tensors' bytes side by side, all
// little-endian (as is every host that has WebGPU). Decoding trusts nothing: every size is checked against the file
// before anything is allocated, and whatever is wrong ends as CoreError 'bad-checkpoint' with the actual values.

import { CoreError } from '../error.ts'
import { halfToNumber } from './half-numbers.ts'
import { isRecord } from '../json.ts'

export interface NamedTensor {
  readonly shape: readonly number[]
  readonly data: Float32Array<ArrayBuffer>
}

export interface TensorFile {
  readonly tensors: ReadonlyMap<string, NamedTensor>
  readonly metadata: ReadonlyMap<string, string>
}

interface HeaderEntry {
  readonly name: string
  readonly type: SafetensorsType
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

interface SafetensorsType {
  readonly bytes: number
  /** `bytes` is a copy that starts at offset 0, so it is aligned for every view. */
  readonly read: (bytes: ArrayBuffer) => Float32Array<ArrayBuffer>
}

const maxHeaderBytes = 100_000_000
const maxRank = 16

const elementTypes: Readonly<Record<string, SafetensorsType>> = {
  F32: { bytes: 4, read: buffer => new Float32Array(buffer) },
  F64: { bytes: 8, read: buffer => Float32Array.from(new Float64Array(buffer)) },
  F16: { bytes: 2, read: buffer => Float32Array.from(new Uint16Array(buffer), halfToNumber) },
  BF16: {
    bytes: 2,
    read: buffer => new Float32Array(Uint32Array.from(new Uint16Array(buffer), bits => bits << 16).buffer),
  },
  U8: { bytes: 1, read: buffer => Float32Array.from(new Uint8Array(buffer)) },
  I32: { bytes: 4, read: buffer => Float32Array.from(new Int32Array(buffer)) },
  I64: { bytes: 8, read: buffer => Float32Array.from(new BigInt64Array(buffer), Number) },
}

/** Tensors (as F32, in the map's order) and string metadata as one safetensors file. Throws 'bad-argument' on a shape
 *  that does not fit. */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, NamedTensor>,
  metadata: ReadonlyMap<string, string>,
): Uint8Array<ArrayBuffer> {
  const entries = [...tensors].map(([name, { shape, data }]): StoredTensor => {
    checkWritable(name, shape, data)
    return { name, type: 'F32', shape, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) }
  })
  return encodeTensorFile(entries, metadata)
}

/** A tensor as its bytes lie in a file, little-endian. */
export interface StoredTensor {
  readonly name: string
  readonly type: 'F32' | 'F16'
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

/** The same of tensors whose bytes are known; nothing is converted. */
export function encodeTensorFile(
  tensors: readonly StoredTensor[],
  metadata: ReadonlyMap<string, string>,
): Uint8Array<ArrayBuffer> {
  const header: [string, unknown][] = metadata.size > 0 ? [['__metadata__', objectOf([...metadata])]] : []
  let offset = 0
  for (const { name, type, shape, bytes } of tensors) {
    header.push([name, { dtype: type, shape, data_offsets: [offset, offset + bytes.length] }])
    offset += bytes.length
  }
  const json = paddedTo8(new TextEncoder().encode(JSON.stringify(objectOf(header))))
  const file = new Uint8Array(8 + json.length + offset)
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true)
  file.set(json, 8)
  let at = 8 + json.length
  for (const { bytes } of tensors) {
    file.set(bytes, at)
    at += bytes.length
  }
  return file
}

/** The file's tensors as float32 (F32, F64, F16, BF16, U8, I32, I64 are read) and its metadata. Throws
 *  'bad-checkpoint'. */
export function decodeSafetensors(file: Uint8Array): TensorFile {
  const { header, body } = splitFile(file)
  const metadata = readMetadata(header['__metadata__'])
  const entries = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => readEntry(name, value))
  checkCoverage(entries, body.length)
  const tensors = new Map<string, NamedTensor>()
  for (const { name, type, shape, begin, end } of entries) {
    tensors.set(name, { shape, data: type.read(new Uint8Array(body.subarray(begin, end)).buffer) }) // a copy even of Node's Buffer, whose slice is none
  }
  return { tensors, metadata }
}

/** Own properties only, whatever the names are: `__proto__` is a name like any other. */
function objectOf(entries: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(entries)
}

function paddedTo8(json: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(0x20)
  padded.set(json)
  return padded
}

function checkWritable(name: string, shape: readonly number[], data: Float32Array): void {
  if (name === '__metadata__')
    throw new CoreError('bad-argument', 'A tensor cannot be named __metadata__.', 'Give it another name.')
  const size = shape.reduce((product, length) => product * length, 1)
  if (size !== data.length) {
    throw new CoreError(
      'bad-argument',
      `Tensor ${name} of shape [${shape}] needs ${size} values but holds ${data.length}.`,
      'Pass the shape that fits the values.',
    )
  }
}

function splitFile(file: Uint8Array): { header: Record<string, unknown>; body: Uint8Array } {
  if (file.length < 8) throw bad(`The file holds ${file.length} bytes, which is too short for a checkpoint.`)
  const declared = new DataView(file.buffer, file.byteOffset, 8).getBigUint64(0, true)
  if (declared > BigInt(maxHeaderBytes) || declared > BigInt(file.length - 8)) {
    throw bad(`The file says its header is ${declared} bytes long, but only ${file.length - 8} bytes follow.`)
  }
  const length = Number(declared)
  const header = parseHeader(new TextDecoder().decode(file.subarray(8, 8 + length)))
  return { header, body: file.subarray(8 + length) }
}

function parseHeader(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw bad('The header of the file is not JSON.')
  }
  if (!isRecord(value)) throw bad('The header of the file is not a JSON object.')
  return value
}

function readMetadata(value: unknown): Map<string, string> {
  if (value === undefined) return new Map()
  if (!isRecord(value)) throw bad('The metadata of the file is not a JSON object.')
  return new Map(
    Object.entries(value).map(([key, text]) => {
      if (typeof text !== 'string') throw bad(`The metadata entry ${key} is not text.`)
      return [key, text]
    }),
  )
}

function readEntry(name: string, value: unknown): HeaderEntry {
  if (!isRecord(value)) throw bad(`The header entry of tensor ${name} is not an object.`)
  const { dtype, shape, data_offsets: offsets } = value
  if (typeof dtype !== 'string' || !Object.hasOwn(elementTypes, dtype))
    throw bad(`Tensor ${name} has the type ${String(dtype)}, which is not read here.`)
  if (!isSizes(shape) || shape.length > maxRank) throw bad(`Tensor ${name} has no valid shape.`)
  if (!isSizes(offsets) || offsets.length !== 2) throw bad(`Tensor ${name} has no valid place in the file.`)
  const [begin, end] = offsets as [number, number]
  const type = elementTypes[dtype]!
  const bytes = shape.reduce((product, length) => product * length, 1) * type.bytes
  if (!Number.isSafeInteger(bytes) || end - begin !== bytes) {
    throw bad(
      `Tensor ${name} of shape [${shape}] needs ${bytes} bytes, but its place in the file holds ${end - begin}.`,
    )
  }
  return { name, type, shape, begin, end }
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(item => Number.isSafeInteger(item) && item >= 0)
}

/** The tensors lie side by side and fill the body: no holes, no overlaps, nothing past the end (so no name stands twice
 *  either). */
function checkCoverage(entries: readonly HeaderEntry[], length: number): void {
  let at = 0
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) throw bad(`Tensor ${name} begins at byte ${begin} of the data, but byte ${at} was expected.`)
    at = end
  }
  if (at !== length) throw bad(`The tensors take ${at} bytes, but the file holds ${length} bytes of data.`)
}

function bad(message: string): CoreError {
  return new CoreError('bad-checkpoint', message, 'The file is damaged or not a checkpoint. Use another one.')
}
