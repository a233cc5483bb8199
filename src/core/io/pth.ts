// PyTorch's own files (`torch.save`): a zip of stored entries, of which `data.pkl` is a pickle that says what the tensors are
// and `data/<key>` their values. A pickle is a program; this reads one that makes tensors and plain containers, and refuses
// every other by the name of what it asks for, so nothing in a file is ever run.

import { CoreError } from '../error.ts'
import { halfToNumber } from './half-numbers.ts'
import type { NamedTensor } from './safetensors.ts'
import { readStoredZip } from './stored-zip.ts'

/** Whether the bytes begin like such a file, or like one of before PyTorch 1.6, which is no zip. */
export function isPth(file: Uint8Array): boolean {
  return startsWith(file, [0x50, 0x4b, 3, 4]) || startsWith(file, oldMagic)
}

const oldMagic = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46]

function startsWith(file: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, i) => file[i] === byte)
}

/** The tensors of a state dict, or of the first one inside a checkpoint. Throws CoreError 'bad-checkpoint'. */
export function decodePth(file: Uint8Array): ReadonlyMap<string, NamedTensor> {
  if (startsWith(file, oldMagic))
    throw bad(
      'The file is in the form that PyTorch wrote before version 1.6, which is not read.',
      'Load it with PyTorch and save it again with torch.save.',
    )
  const entries = readStoredZip(file, bad)
  const pickle = [...entries.keys()].find(name => name.endsWith('data.pkl'))
  if (pickle === undefined) throw bad('The zip holds no data.pkl, so it is no file of torch.save.')
  const folder = pickle.slice(0, -'data.pkl'.length)
  const endian = entries.get(`${folder}byteorder`)
  if (endian && new TextDecoder().decode(endian) !== 'little') throw bad('Its numbers are big-endian.')
  const value = new Unpickler(entries.get(pickle)!, key => {
    const bytes = entries.get(`${folder}data/${key}`)
    if (bytes) return bytes
    throw bad(`The values data/${key} are missing.`)
  }).run()
  const tensors = stateDictIn(value)
  if (tensors) return tensors
  throw bad('The file holds no state dict: no table of tensors by name.', 'Save model.state_dict() and use that.')
}

type PickleValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | PickleTuple
  | PickleList
  | PickleTable
  | KnownGlobal
  | StorageKey
  | PickleTensor
  | PickleMark
interface PickleTuple {
  readonly kind: 'tuple'
  readonly items: readonly PickleValue[]
}
interface PickleList {
  readonly kind: 'list'
  readonly items: PickleValue[]
}
interface PickleTable {
  readonly kind: 'table'
  readonly entries: Map<string, PickleValue>
}
/** A global that is known. */
interface KnownGlobal {
  readonly kind: 'known'
  readonly name: string
}
interface StorageKey {
  readonly kind: 'storage'
  readonly type: keyof typeof storages
  readonly key: string
}
interface PickleTensor {
  readonly kind: 'tensor'
  readonly tensor: NamedTensor
}
interface PickleMark {
  readonly kind: 'mark'
}

const storages = {
  FloatStorage: { bytes: 4, read: (b: ArrayBuffer) => new Float32Array(b) },
  DoubleStorage: { bytes: 8, read: (b: ArrayBuffer) => Float32Array.from(new Float64Array(b)) },
  HalfStorage: { bytes: 2, read: (b: ArrayBuffer) => Float32Array.from(new Uint16Array(b), halfToNumber) },
  BFloat16Storage: {
    bytes: 2,
    read: (b: ArrayBuffer) => new Float32Array(Uint32Array.from(new Uint16Array(b), bits => bits << 16).buffer),
  },
  LongStorage: { bytes: 8, read: (b: ArrayBuffer) => Float32Array.from(new BigInt64Array(b), Number) },
  IntStorage: { bytes: 4, read: (b: ArrayBuffer) => Float32Array.from(new Int32Array(b)) },
  ByteStorage: { bytes: 1, read: (b: ArrayBuffer) => Float32Array.from(new Uint8Array(b)) },
} as const

const rebuildTensor = 'torch._utils _rebuild_tensor_v2'
const rebuildParameter = 'torch._utils _rebuild_parameter'
const orderedDict = 'collections OrderedDict'

/** The virtual machine of Python's pickle, protocols 2 to 4, without any way to call what it does not know. */
class Unpickler {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #values: (key: string) => Uint8Array
  readonly #stack: PickleValue[] = []
  readonly #memo = new Map<number, PickleValue>()
  #at = 0

  constructor(bytes: Uint8Array, values: (key: string) => Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#values = values
  }

  run(): PickleValue {
    try {
      for (;;) {
        const code = this.#view.getUint8(this.#at++)
        if (code === 0x2e) return this.#pop()
        this.#step(code)
      }
    } catch (error) {
      if (error instanceof RangeError) throw bad('Its data.pkl ends in the middle.')
      throw error
    }
  }

  #step(code: number): void {
    const known = this.#operations[String.fromCharCode(code)]
    if (!known) throw bad(`Its data.pkl has the operation 0x${code.toString(16)}, which is not read here.`)
    known()
  }

  readonly #operations: Readonly<Record<string, () => void>> = {
    '\x80': () => void this.#at++,
    '\x95': () => void (this.#at += 8),
    '(': () => this.#push({ kind: 'mark' }),
    '}': () => this.#push({ kind: 'table', entries: new Map() }),
    ']': () => this.#push({ kind: 'list', items: [] }),
    ')': () => this.#push({ kind: 'tuple', items: [] }),
    N: () => this.#push(null),
    '\x88': () => this.#push(true),
    '\x89': () => this.#push(false),
    K: () => this.#push(this.#number(1)),
    M: () => this.#push(this.#number(2)),
    J: () => this.#push(this.#view.getInt32(this.#skip(4), true)),
    G: () => this.#push(this.#view.getFloat64(this.#skip(8))),
    '\x8a': () => this.#push(this.#long(this.#number(1))),
    X: () => this.#push(this.#text(this.#number(4))),
    '\x8c': () => this.#push(this.#text(this.#number(1))),
    q: () => void this.#memo.set(this.#number(1), this.#top()),
    r: () => void this.#memo.set(this.#number(4), this.#top()),
    '\x94': () => void this.#memo.set(this.#memo.size, this.#top()),
    h: () => this.#push(this.#remembered(this.#number(1))),
    j: () => this.#push(this.#remembered(this.#number(4))),
    t: () => this.#push({ kind: 'tuple', items: this.#toMark() }),
    '\x85': () => this.#tuple(1),
    '\x86': () => this.#tuple(2),
    '\x87': () => this.#tuple(3),
    a: () => this.#append([this.#pop()]),
    e: () => this.#append(this.#toMark()),
    s: () => {
      const value = this.#pop()
      this.#setItems([this.#pop(), value])
    },
    u: () => this.#setItems(this.#toMark()),
    c: () => this.#push(knownGlobal(this.#line(), this.#line())),
    '\x93': () => {
      const name = this.#pop()
      this.#push(knownGlobal(String(this.#pop()), String(name)))
    },
    Q: () => this.#push(storageOf(this.#pop())),
    R: () => {
      const given = this.#pop()
      this.#push(this.#call(this.#pop(), given))
    },
    b: () => void this.#pop(), // the state of an object: attributes of an OrderedDict, of no use here
    '0': () => void this.#pop(),
  }

  #call(what: PickleValue, given: PickleValue): PickleValue {
    const items = isKind(given, 'tuple') ? given.items : []
    if (isKind(what, 'known') && what.name === orderedDict) return { kind: 'table', entries: new Map() }
    if (isKind(what, 'known') && what.name === rebuildTensor)
      return { kind: 'tensor', tensor: this.#tensor(items as PickleValue[]) }
    if (isKind(what, 'known') && what.name === rebuildParameter && items[0] !== undefined) return items[0]
    throw bad('Its data.pkl calls something that is no tensor.')
  }

  /** (storage, offset, shape, strides, ...) */
  #tensor([storage, offset, shape, strides]: PickleValue[]): NamedTensor {
    if (!isKind(storage, 'storage') || typeof offset !== 'number') throw bad('A tensor of it has no values.')
    const [lengths, steps] = [wholeNumbers(shape), wholeNumbers(strides)]
    const { bytes, read } = storages[storage.type]
    const raw = this.#values(storage.key)
    const all = read(raw.slice(0, raw.length - (raw.length % bytes)).buffer as ArrayBuffer)
    const size = lengths.reduce((product, length) => product * length, 1)
    const last = lengths.reduce((at, length, axis) => at + Math.max(0, length - 1) * steps[axis]!, offset)
    if (size > 0 && (steps.length !== lengths.length || last >= all.length))
      throw bad(`A tensor of the shape [${lengths.join(', ')}] reaches beyond its ${all.length} values.`)
    return { shape: lengths, data: strided(all, offset, lengths, steps, size) }
  }

  #push(value: PickleValue): void {
    this.#stack.push(value)
  }

  #pop(): PickleValue {
    const value = this.#stack.pop()
    if (value === undefined) throw bad('Its data.pkl is damaged.')
    return value
  }

  #top(): PickleValue {
    const value = this.#pop()
    this.#push(value)
    return value
  }

  #toMark(): PickleValue[] {
    const at = this.#stack.findLastIndex(value => isKind(value, 'mark'))
    if (at < 0) throw bad('Its data.pkl is damaged.')
    const items = this.#stack.splice(at)
    return items.slice(1)
  }

  #tuple(count: number): void {
    this.#push({ kind: 'tuple', items: this.#stack.splice(-count) })
  }

  #append(items: readonly PickleValue[]): void {
    const list = this.#top()
    if (!isKind(list, 'list')) throw bad('Its data.pkl is damaged.')
    list.items.push(...items)
  }

  #setItems(items: readonly PickleValue[]): void {
    const table = this.#top()
    if (!isKind(table, 'table')) throw bad('Its data.pkl is damaged.')
    for (let i = 0; i + 1 < items.length; i += 2) table.entries.set(String(items[i]), items[i + 1]!)
  }

  #remembered(key: number): PickleValue {
    const value = this.#memo.get(key)
    if (value === undefined) throw bad('Its data.pkl is damaged.')
    return value
  }

  #skip(bytes: number): number {
    this.#at += bytes
    return this.#at - bytes
  }

  #number(bytes: 1 | 2 | 4): number {
    const at = this.#skip(bytes)
    return bytes === 1
      ? this.#view.getUint8(at)
      : bytes === 2
        ? this.#view.getUint16(at, true)
        : this.#view.getUint32(at, true)
  }

  /** Little-endian two's complement. */
  #long(bytes: number): number {
    let value = 0n
    const at = this.#skip(bytes)
    for (let i = bytes - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.#view.getUint8(at + i))
    return Number(BigInt.asIntN(8 * bytes, value))
  }

  #text(bytes: number): string {
    const at = this.#skip(bytes)
    if (this.#at > this.#bytes.length) throw new RangeError('text')
    return new TextDecoder().decode(this.#bytes.subarray(at, at + bytes))
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at)
    if (end < 0) throw new RangeError('line')
    const text = new TextDecoder().decode(this.#bytes.subarray(this.#at, end))
    this.#at = end + 1
    return text
  }
}

function knownGlobal(module: string, name: string): KnownGlobal {
  const full = `${module} ${name}`
  const isStorage = module === 'torch' && Object.hasOwn(storages, name)
  if (isStorage || [orderedDict, rebuildTensor, rebuildParameter].includes(full)) return { kind: 'known', name: full }
  throw bad(
    `Its data.pkl asks for ${module}.${name}, which is not among what a state dict needs; nothing of it was run.`,
    'Save model.state_dict() alone and use that.',
  )
}

/** ('storage', class, key, location, size) */
function storageOf(value: PickleValue): StorageKey {
  const [, type, key] = isKind(value, 'tuple') ? value.items : []
  const name = isKind(type, 'known') ? type.name.replace('torch ', '') : ''
  if (Object.hasOwn(storages, name)) return { kind: 'storage', type: name as StorageKey['type'], key: String(key) }
  throw bad('A tensor of it has values of an unknown type.')
}

function strided(
  all: Float32Array,
  offset: number,
  shape: readonly number[],
  strides: readonly number[],
  size: number,
): Float32Array<ArrayBuffer> {
  const data = new Float32Array(size)
  for (let i = 0; i < size; i++) {
    let [at, rest] = [offset, i]
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += (rest % shape[axis]!) * strides[axis]!
      rest = Math.floor(rest / shape[axis]!)
    }
    data[i] = all[at]!
  }
  return data
}

function wholeNumbers(value: PickleValue | undefined): number[] {
  const items = isKind(value, 'tuple') ? value.items : []
  if (items.every(item => typeof item === 'number' && Number.isSafeInteger(item) && item >= 0)) return items as number[]
  throw bad('A tensor of it has no valid shape.')
}

/** A table of tensors, or the first one in a table of other things (`state_dict` beside an epoch). */
function stateDictIn(value: PickleValue): ReadonlyMap<string, NamedTensor> | undefined {
  if (!isKind(value, 'table')) return undefined
  const own = [...value.entries].flatMap(([name, item]) =>
    isKind(item, 'tensor') ? [[name, item.tensor] as const] : [],
  )
  if (own.length > 0) return new Map(own)
  for (const inner of value.entries.values()) {
    const found = stateDictIn(inner)
    if (found) return found
  }
  return undefined
}

function isKind<K extends Exclude<PickleValue, string | number | bigint | boolean | null>['kind']>(
  value: PickleValue | undefined,
  kind: K,
): value is Extract<PickleValue, { readonly kind: K }> {
  return typeof value === 'object' && value !== null && value.kind === kind
}

function bad(message: string, fix = 'The file is damaged or no file of weights. Use another one.'): CoreError {
  return new CoreError('bad-checkpoint', message, fix)
}
