// What one thread of this machine does at most in WebAssembly: multiply-adds, and copies of 64 MiB.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median } from '../measuring/median.ts'

export interface CpuRoofline {
  /** 10^9 operations a second of one thread, a multiply-add counting two. */
  readonly gflops: number
  /** 10^9 bytes a second of one thread, read and written. */
  readonly gigabytes: number
}

interface Functions {
  multiplyAdds(turns: number): number
  copy(from: number, to: number, bytes: number): void
}

/** To be asked between the trials: on a busy machine only what was measured at one time can be compared. */
export interface CpuYardstick {
  measure(): CpuRoofline
}

const copied = 64 * 2 ** 20
const turns = 2 ** 14
/** Calls of a measurement: after some hundred of them the engine has compiled for speed. */
const calls = 200

export function openYardstick(): CpuYardstick {
  const memory = new WebAssembly.Memory({ initial: (2 * copied) / 65_536 + 1 })
  const { multiplyAdds, copy } = new WebAssembly.Instance(new WebAssembly.Module(compile()), { env: { memory } })
    .exports as unknown as Functions
  const ms = (work: () => void) => {
    const began = performance.now()
    work()
    return performance.now() - began
  }
  return {
    measure: () => ({
      gflops: (turns * 64) / Math.min(...Array.from({ length: calls }, () => ms(() => void multiplyAdds(turns)))) / 1e6,
      gigabytes: (2 * copied) / median([1, 2, 3].map(() => ms(() => copy(65_536, 65_536 + copied, copied)))) / 1e6,
    }),
  }
}

function compile(): Uint8Array<ArrayBuffer> {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-roofline-'))
  try {
    const root = join(import.meta.dirname, '../../..')
    const [source, out] = [join(root, 'wasm/bench/roofline.ts'), join(folder, 'roofline.wasm')]
    const asc = join(root, 'node_modules/assemblyscript/bin/asc.js')
    const options = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', 'simd,relaxed-simd']
    execFileSync(process.execPath, [asc, source, '-o', out, ...options], { stdio: ['ignore', 'ignore', 'inherit'] })
    return new Uint8Array(readFileSync(out))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
