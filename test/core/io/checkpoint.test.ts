// Safetensors and checkpoints: what is written comes back, other tools' types are read, and hostile files end as one
// sentence without allocating what they claim.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from '../../../src/core/io/checkpoint.ts'
import { decodeSafetensors, encodeSafetensors } from '../../../src/core/io/safetensors.ts'
import type { LayerDescription } from '../../../src/core/nn/description.ts'
import { describeModel, makeWeights } from './models.ts'

/** A file with any header and body, for what the encoder would not write. */
function file(header: unknown, body: Uint8Array = new Uint8Array(0), length?: bigint): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const whole = new Uint8Array(8 + json.length + body.length)
  new DataView(whole.buffer).setBigUint64(0, length ?? BigInt(json.length), true)
  whole.set(json, 8)
  whole.set(body, 8 + json.length)
  return whole
}

describe('safetensors', () => {
  it('gives back names, shapes, bits and metadata', () => {
    const tensor = fc
      .array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 })
      .chain(shape =>
        fc
          .float32Array({ minLength: product(shape), maxLength: product(shape) })
          .map(data => ({ shape, data: data as Float32Array<ArrayBuffer> })),
      )
    const name = fc.string({ unit: 'grapheme' }).filter(text => text !== '__metadata__')
    const tensors = fc.array(fc.tuple(name, tensor), { maxLength: 6 }).map(list => new Map(list))
    const metadata = fc
      .array(fc.tuple(fc.string(), fc.string({ unit: 'grapheme' })), { maxLength: 4 })
      .map(list => new Map(list))
    fc.assert(
      fc.property(tensors, metadata, (before, notes) => {
        const after = decodeSafetensors(encodeSafetensors(before, notes))
        expect(new Map(after.metadata)).toEqual(notes)
        expect(sorted(after.tensors)).toEqual(sorted(before))
      }),
    )
  })

  it('aligns the data to eight bytes and ends the header with spaces, as other readers expect', () => {
    const bytes = encodeSafetensors(new Map([['a', { shape: [1], data: Float32Array.of(1.5) }]]), new Map())
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true))
    expect(length % 8).toBe(0)
    expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))).toEqual({
      a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
    })
  })

  it.each([
    ['F16', [0x3c00, 0xc000, 0x0001, 0x7c00], Uint16Array, [1, -2, 2 ** -24, Infinity]],
    ['BF16', [0x3f80, 0xc000, 0x3eaa], Uint16Array, [1, -2, 0.33203125]],
    ['U8', [0, 200, 255], Uint8Array, [0, 200, 255]],
    ['I32', [-5, 70000], Int32Array, [-5, 70000]],
    ['F64', [0.5, -3], Float64Array, [0.5, -3]],
  ] as const)('reads %s', (dtype, values, Type, expected) => {
    const body = new Uint8Array(Type.from(values as readonly number[]).buffer as ArrayBuffer)
    const { tensors } = decodeSafetensors(
      file({ t: { dtype, shape: [values.length], data_offsets: [0, body.length] } }, body),
    )
    expect([...tensors.get('t')!.data]).toEqual(expected)
  })

  it.each<[string, Uint8Array, RegExp]>([
    ['an empty file', new Uint8Array(0), /0 bytes/],
    ['a header longer than the file', file('{}', new Uint8Array(4), 2n ** 63n), /9223372036854775808 bytes/],
    ['a header that is not JSON', file('{"a":'), /not JSON/],
    ['a header that is a list', file([]), /not a JSON object/],
    ['an unknown type', file({ t: { dtype: 'Q4', shape: [1], data_offsets: [0, 4] } }, new Uint8Array(4)), /type Q4/],
    [
      'a type that every object has',
      file({ t: { dtype: 'constructor', shape: [1], data_offsets: [0, 4] } }, new Uint8Array(4)),
      /type constructor/,
    ],
    [
      'a negative length',
      file({ t: { dtype: 'F32', shape: [-1], data_offsets: [0, 4] } }, new Uint8Array(4)),
      /valid shape/,
    ],
    [
      'a shape that overflows',
      file({ t: { dtype: 'F32', shape: [2 ** 40, 2 ** 40], data_offsets: [0, 4] } }, new Uint8Array(4)),
      /needs .* bytes/,
    ],
    [
      'a claim of terabytes',
      file({ t: { dtype: 'F32', shape: [2 ** 40], data_offsets: [0, 2 ** 42] } }, new Uint8Array(4)),
      /take 4398046511104 bytes, but the file holds 4/,
    ],
    ['overlapping tensors', file({ a: f32(0, 4), b: f32(0, 4) }, new Uint8Array(4)), /begins at byte 0 .* byte 4/],
    ['a hole', file({ a: f32(0, 4), b: f32(8, 12) }, new Uint8Array(12)), /begins at byte 8 .* byte 4/],
    ['bytes past the end', file({ a: f32(0, 4) }, new Uint8Array(8)), /take 4 bytes, but the file holds 8/],
    ['metadata that is not text', file({ __metadata__: { epoch: 3 } }), /epoch is not text/],
  ])('refuses %s', (_name, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(
      expect.objectContaining({ code: 'bad-checkpoint', message: expect.stringMatching(message) }),
    )
  })
})

const layers: LayerDescription[] = [
  {
    type: 'residual',
    body: [
      {
        type: 'conv2d',
        name: 'a',
        filters: 3,
        kernel: [3, 3],
        stride: [1, 1],
        padding: [1, 1, 1, 1],
        dilation: [1, 1],
        groups: 3,
        bias: false,
      },
      { type: 'batch-norm', name: 'b', epsilon: 1e-5, momentum: 0.1 },
      { type: 'gelu' },
    ],
    shortcut: [],
  },
  {
    type: 'concat',
    branches: [
      [{ type: 'max-pool', size: [2, 2], stride: [2, 2], padding: [0, 0, 0, 0] }],
      [{ type: 'average-pool', size: [2, 2], stride: [2, 2], padding: [0, 0, 0, 0] }],
    ],
  },
  { type: 'group-norm', name: 'g', groups: 3, epsilon: 1e-5 },
  { type: 'layer-norm', name: 'l', epsilon: 1e-6 },
  { type: 'dropout', rate: 0.25 },
  { type: 'flatten' },
  { type: 'dense', name: 'fc', units: 2, bias: true },
]
const weights = makeWeights({ 'a.weight': [3, 1, 3, 3], 'fc.weight': [2, 96], 'fc.bias': [2] })
const checkpoint: Checkpoint = {
  model: describeModel(layers, 2),
  weights,
  epoch: 4,
  step: 1234,
  settings: { preset: 'made-up', rate: 0.001, augment: true },
  optimizer: { name: 'adam', state: makeWeights({ 'm/fc.bias': [2], 'v/fc.bias': [2] }) },
  average: makeWeights({ 'fc.bias': [2] }),
  progress: { rateFactor: 0.25, momentsFrom: 1000, best: { epoch: 3, loss: 0.5, accuracy: 0.875 }, unmeasured: true },
}

describe('checkpoints', () => {
  it('come back whole, and bare ones without what they do not hold', () => {
    expect(decodeCheckpoint(encodeCheckpoint(checkpoint))).toEqual(checkpoint)
    const bare = { ...checkpoint, optimizer: null, average: null }
    expect(decodeCheckpoint(encodeCheckpoint(bare))).toEqual(bare)
  })

  it('keep the weights under their own names for other tools', () => {
    const { tensors } = decodeSafetensors(encodeCheckpoint(checkpoint))
    expect([...tensors.keys()]).toEqual([
      'a.weight',
      'fc.weight',
      'fc.bias',
      'optimizer/m/fc.bias',
      'optimizer/v/fc.bias',
      'average/fc.bias',
    ])
  })

  /** The checkpoint with one metadata entry replaced or, with null, left out. */
  function altered(key: string, value: string | null): Uint8Array {
    const { tensors, metadata } = decodeSafetensors(encodeCheckpoint(checkpoint))
    const changed = new Map(metadata)
    if (value === null) changed.delete(key)
    else changed.set(key, value)
    return encodeSafetensors(tensors, changed)
  }
  const model = (change: object) => JSON.stringify({ ...checkpoint.model, ...change })

  it.each<[string, Uint8Array, RegExp]>([
    ['a newer format', altered('version', '7'), /format 7; this Winnow reads format 1/],
    ['a newer model', altered('model', model({ version: 2 })), /version 2; this Winnow reads version 1/],
    ["another tool's file", altered('format', null), /not a Winnow checkpoint/],
    ['no model', altered('model', null), /no model/],
    ['a broken epoch', altered('epoch', '-3'), /epoch is "-3"/],
    [
      'moments from nowhere',
      altered('progress', '{"rateFactor":1,"momentsFrom":-1,"best":null}'),
      /progress is .* no rate, step and best evaluation/,
    ],
    ['settings that are a list', altered('settings', '[]'), /settings/],
    ['an unknown layer', altered('model', model({ layers: [{ type: 'lstm' }] })), /unknown type lstm at layers\[0\]/],
    [
      'a stride of nothing',
      altered('model', model({ layers: [{ type: 'max-pool', size: [2, 2], stride: [0, 2], padding: [0, 0, 0, 0] }] })),
      /layers\[0\]\.stride\[0\].*at least|from 1/,
    ],
    [
      'a std of zero',
      altered('model', model({ normalise: { mean: [0, 0, 0], std: [1, 0, 1] } })),
      /normalise\.std\[1\]/,
    ],
    [
      'two layers of one name',
      altered(
        'model',
        model({
          layers: [
            { type: 'layer-norm', name: 'l', epsilon: 0 },
            { type: 'residual', body: [{ type: 'layer-norm', name: 'l', epsilon: 0 }], shortcut: [] },
          ],
        }),
      ),
      /damaged: Two layers have the name l/,
    ],
    ['layers without end', altered('model', model({ layers: nested(200) })), /nest deeper than 64/],
  ])('refuse %s', (_name, bytes, message) => {
    expect(() => decodeCheckpoint(bytes)).toThrow(
      expect.objectContaining({ code: 'bad-checkpoint', message: expect.stringMatching(message) }),
    )
  })

  it('are to be replaced by another, not mended by hand, where two layers have one name', () => {
    const twice = altered('model', model({ layers: [...layers, { type: 'dense', name: 'fc', units: 2, bias: true }] }))
    expect(() => decodeCheckpoint(twice)).toThrow(
      expect.objectContaining({
        message: 'The model description is damaged: Two layers have the name fc.',
        fix: 'Use another checkpoint.',
      }),
    )
  })

  it('end as bad-checkpoint or come back whole, whichever byte is damaged or wherever the file is cut', () => {
    const bytes = encodeCheckpoint(checkpoint)
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, flip, cut) => {
        const damaged = bytes.slice(0, cut ? at : bytes.length)
        if (!cut) damaged[at] = damaged[at]! ^ flip
        try {
          decodeCheckpoint(damaged)
          expect(cut).toBe(false)
        } catch (error) {
          expect(error).toMatchObject({ name: 'CoreError', code: 'bad-checkpoint' })
        }
      }),
      { numRuns: 500 },
    )
  })
})

function f32(begin: number, end: number) {
  return { dtype: 'F32', shape: [(end - begin) / 4], data_offsets: [begin, end] }
}

function nested(depth: number): unknown[] {
  return depth === 0 ? [] : [{ type: 'residual', body: nested(depth - 1), shortcut: [] }]
}

function product(shape: readonly number[]): number {
  return shape.reduce((total, length) => total * length, 1)
}

function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].toSorted(([a], [b]) => (a < b ? -1 : 1))
}
