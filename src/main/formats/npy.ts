// Reads NumPy's .npy files (versions 1 to 3): numbers of the usual types, in C or Fortran order. The header is read as
// data, never run; sizes are checked against the file before anything is allocated. Whatever does not fit is
// ServiceError 'bad-npy'.

import { ServiceError } from '../../contract/errors.ts'

export interface NumpyArray {
  readonly shape: readonly number[]
  /** In C order (last index fastest), whatever the order in the file. */
  readonly data: Float64Array
}

type Reader = (view: DataView, at: number) => number

const types: Readonly<Record<string, { readonly bytes: number; readonly read: Reader }>> = {
  '<f8': { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  '<f4': { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  '<i8': { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  '<u8': { bytes: 8, read: (view, at) => Number(view.getBigUint64(at, true)) },
  '<i4': { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  '<u4': { bytes: 4, read: (view, at) => view.getUint32(at, true) },
  '<i2': { bytes: 2, read: (view, at) => view.getInt16(at, true) },
  '<u2': { bytes: 2, read: (view, at) => view.getUint16(at, true) },
  '|i1': { bytes: 1, read: (view, at) => view.getInt8(at) },
  '|u1': { bytes: 1, read: (view, at) => view.getUint8(at) },
  '|b1': { bytes: 1, read: (view, at) => view.getUint8(at) },
}

/** The array in `file`. `name` is what the errors call it. */
export function readNpy(file: Uint8Array, name: string): NumpyArray {
  const { header, body } = splitHeader(file, name)
  const descr = /'descr':\s*'([^']{1,8})'/.exec(header)?.[1]
  const fortran = /'fortran_order':\s*(True|False)/.exec(header)?.[1]
  const dimensions = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1]
  if (descr === undefined || fortran === undefined || dimensions === undefined)
    throw bad(name, 'its header does not name type, order and shape')
  const type = Object.hasOwn(types, descr) ? types[descr]! : undefined
  if (!type) throw bad(name, `its numbers have the type ${descr}, which is not read here`)
  const shape = dimensions
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
    .map(Number)
  const size = shape.reduce((product, length) => product * length, 1)
  if (!Number.isSafeInteger(size) || size * type.bytes !== body.length) {
    throw bad(name, `an array of (${shape.join(', ')}) needs ${size * type.bytes} bytes, but ${body.length} are there`)
  }
  const values = readValues(body, size, type)
  return { shape, data: fortran === 'True' ? toCOrder(values, shape) : values }
}

function splitHeader(file: Uint8Array, name: string): { header: string; body: Uint8Array } {
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
  if (file.length < 12 || magic.some((byte, i) => file[i] !== byte))
    throw bad(name, 'it does not begin as NumPy files do')
  const view = new DataView(file.buffer, file.byteOffset, file.length)
  const version = file[6]!
  if (version < 1 || version > 3) throw bad(name, `its format is ${version}, and 1 to 3 are read here`)
  const start = version === 1 ? 10 : 12
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (length > file.length - start)
    throw bad(name, `its header says ${length} bytes, but ${file.length - start} follow`)
  return { header: new TextDecoder().decode(file.subarray(start, start + length)), body: file.subarray(start + length) }
}

function readValues(body: Uint8Array, size: number, { bytes, read }: { bytes: number; read: Reader }): Float64Array {
  const view = new DataView(body.buffer, body.byteOffset, body.length)
  const values = new Float64Array(size)
  for (let i = 0; i < size; i++) values[i] = read(view, i * bytes)
  return values
}

/** First index fastest -> last index fastest. */
function toCOrder(values: Float64Array, shape: readonly number[]): Float64Array {
  const steps = shape.map((_, axis) => shape.slice(0, axis).reduce((product, length) => product * length, 1))
  const index = shape.map(() => 0)
  return values.map(() => {
    const from = index.reduce((sum, i, axis) => sum + i * steps[axis]!, 0)
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis]! === shape[axis]; axis--) index[axis] = 0
    return values[from]!
  })
}

function bad(name: string, detail: string): ServiceError {
  return new ServiceError(
    'bad-npy',
    `${name} cannot be read as a NumPy array: ${detail}.`,
    'Save it with numpy.save as an array of plain numbers.',
  )
}
