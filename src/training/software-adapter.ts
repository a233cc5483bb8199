// Whether an adapter is the processor that pretends to be a GPU (lavapipe, SwiftShader, WARP): right, but no faster. And
// whether the processor itself is faster, so that `auto` passes it over.

import { cpuAbilities } from '../core/cpu/wasm-module.ts'

/** Browsers and Dawn fill these fields unevenly, so all of them are read. */
export function isSoftwareAdapter(
  info: Pick<GPUAdapterInfo, 'architecture' | 'device' | 'description' | 'isFallbackAdapter'>,
): boolean {
  return (
    info.isFallbackAdapter ||
    /llvmpipe|lavapipe|swiftshader|software|basic render/i.test(
      `${info.architecture} ${info.device} ${info.description}`,
    )
  )
}

/** SwiftShader, which a browser hands out where it finds no GPU, is slower than even the references on the processor
 *  (docs/benchmarks.md). */
export function isImitation(adapter: string): boolean {
  return /swiftshader/i.test(adapter)
}

/** The kernels of the CPU device outrun every adapter that the processor only pretends to be; without SIMD only the
 *  slowest of them, SwiftShader, is outrun (docs/cpu-device.md). */
export async function isOutrunByProcessor(adapter: {
  readonly name: string
  readonly software: boolean
}): Promise<boolean> {
  return adapter.software && (isImitation(adapter.name) || (await cpuAbilities()).simd !== 'none')
}
