// The kernels as a compiled module: with relaxed SIMD where the machine knows it, else with plain SIMD, else there is
// none and the references compute.

import { CoreError } from '../error.ts'
import { WebAssembly, type WasmModule } from './wasm-types.ts'

export type SimdKind = 'relaxed' | 'plain'

export interface WasmKernels {
  readonly module: WasmModule
  readonly simd: SimdKind
  /** Whether its memory is shared between threads. */
  readonly shared: boolean
  /** The fields of every kernel's arguments, by its function. */
  readonly fields: Readonly<Record<string, readonly (readonly [name: string, type: 'usize' | 'i32' | 'f32'])[]>>
}

/** Undefined where the engine has no SIMD. `shared`: the module is to be used with a shared memory. `most`: the best
 *  SIMD to use, for tests. Rejects with CoreError 'bad-argument' where the kernels have not been built. */
export async function loadKernels(shared: boolean, most: SimdKind = 'relaxed'): Promise<WasmKernels | undefined> {
  const found = await findBuild(shared, most)
  return found && { module: await WebAssembly.compile(found.bytes), simd: found.simd, shared, fields: found.fields }
}

/** The best SIMD that this JavaScript engine knows for the kernels of the CPU device. */
export async function cpuAbilities(): Promise<{ readonly simd: SimdKind | 'none' }> {
  return { simd: (await findBuild(false, 'relaxed'))?.simd ?? 'none' }
}

interface KernelBuild extends Pick<WasmKernels, 'simd' | 'fields'> {
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** The best of the builds that this engine takes. */
async function findBuild(shared: boolean, most: SimdKind): Promise<KernelBuild | undefined> {
  const built = await import('../../../build/cpu-kernels.js').catch(() => undefined)
  if (!built)
    throw new CoreError(
      'bad-argument',
      'The kernels of the CPU device have not been built: build/cpu-kernels.js is missing.',
      'Run "npm run build:wasm" once.',
    )
  const kinds: readonly SimdKind[] = most === 'relaxed' ? ['relaxed', 'plain'] : ['plain']
  for (const simd of kinds) {
    const bytes = decode(simd === 'relaxed' ? built.relaxed : built.simd)
    if (!shared) makeUnshared(bytes)
    if (WebAssembly.validate(bytes)) return { bytes, simd, fields: built.fields }
  }
  return undefined
}

/** From base64, without what only some hosts have. */
function decode(text: string): Uint8Array<ArrayBuffer> {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  const values = new Uint8Array(128)
  for (let i = 0; i < 64; i++) values[alphabet.charCodeAt(i)] = i
  const length = text.replace(/=+$/, '').length
  const bytes = new Uint8Array(Math.floor((length * 3) / 4))
  let [bits, count, to] = [0, 0, 0]
  for (let i = 0; i < length; i++) {
    bits = ((bits << 6) | values[text.charCodeAt(i)]!) & 0xffff
    count += 6
    if (count < 8) continue
    count -= 8
    bytes[to++] = (bits >> count) & 0xff
  }
  return bytes
}

/** Takes the shared flag from the one memory that the module imports as "env" "memory": module and memory must agree. */
function makeUnshared(bytes: Uint8Array): void {
  const name = [3, ...'env'].map(c => (typeof c === 'number' ? c : c.charCodeAt(0)))
  const field = [6, ...'memory'].map(c => (typeof c === 'number' ? c : c.charCodeAt(0)))
  const entry = [...name, ...field, 2]
  const at = bytes.findIndex((_, i) => entry.every((byte, j) => bytes[i + j] === byte))
  bytes[at + entry.length] = 1
}
