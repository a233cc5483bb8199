// How fast what computes is, roughly: what a suggestion and an estimate of time go by.

import type { DeviceKind } from '../../contract/records.ts'
import { isImitation } from '../../training/software-adapter.ts'
import type { WorkerDeviceInfo } from './messages.ts'

export function speedOf(device: WorkerDeviceInfo): DeviceKind {
  if (device.kind === 'cpu' || isImitation(device.adapter)) return 'cpu'
  return device.software ? 'software' : 'gpu'
}
