// How fast what computes is, roughly: what a suggestion and an estimate of time go by.

import type { DeviceKind } from '../../contract/records.ts'
import type { WorkerDeviceInfo } from './messages.ts'

/** SwiftShader, which a browser hands out where it finds no GPU, is slower than even the references on the processor
 *  (docs/benchmarks.md). */
export function isImitation(adapter: string): boolean {
  return /swiftshader/i.test(adapter)
}

export function speedOf(device: WorkerDeviceInfo): DeviceKind {
  if (device.kind === 'cpu' || isImitation(device.adapter)) return 'cpu'
  return device.software ? 'software' : 'gpu'
}
