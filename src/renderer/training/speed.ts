// How fast what computes is, roughly: what a suggestion and an estimate of time go by.

import type { DeviceKind } from '../../contract/records.ts'
import type { DeviceInfo } from './messages.ts'

/** SwiftShader, which a browser hands out where it finds no GPU, is no faster than plain code on the processor. */
export function speedOf(device: DeviceInfo): DeviceKind {
  if (device.kind === 'cpu' || /swiftshader/i.test(device.adapter)) return 'cpu'
  return device.software ? 'software' : 'gpu'
}
