// The arguments of one pass as the kernels read them: four bytes a field, in the order of the class in wasm/.

import { CoreError } from '../error.ts'
import type { WasmKernels } from './wasm-module.ts'

export interface ArgumentSource {
  /** Address by the name of a field, or undefined where there is no such thing. */
  readonly address: (field: string) => number | undefined
  readonly number: (field: string) => number | undefined
}

/** The words of the arguments of `entry`. Throws CoreError 'bad-argument' naming a field that nothing fills. */
export function argumentWords(kernels: WasmKernels, entry: string, source: ArgumentSource): Uint32Array {
  const fields = kernels.fields[entry]
  if (!fields) throw noSuchField(entry, 'its arguments')
  const words = new DataView(new ArrayBuffer(fields.length * 4))
  fields.forEach(([name, type], i) => {
    const value = type === 'usize' ? source.address(name) : source.number(name)
    if (value === undefined) throw noSuchField(entry, name)
    if (type === 'f32') words.setFloat32(i * 4, value, true)
    else words.setUint32(i * 4, value, true)
  })
  return new Uint32Array(words.buffer)
}

function noSuchField(entry: string, field: string): CoreError {
  return new CoreError(
    'bad-argument',
    `The kernel ${entry} of the CPU device takes ${field}, which its call does not give.`,
    'Give the field by its name in the kernel\'s wasm form, or build the kernels anew with "npm run build:wasm".',
  )
}
