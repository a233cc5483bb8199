// What doctor says of Vulkan drivers that are there and yet give no GPU.

import { describe, expect, it } from 'vitest'
import { driverFinding } from '../../../../src/main/hosts/cli/commands/app/doctor.ts'

describe('doctor', () => {
  it.each<[string, readonly string[], boolean, RegExp | undefined]>([
    ['no driver', [], false, /graphics card's driver/],
    [
      'a driver of NVIDIA that does not start',
      ['/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json'],
      false,
      /libvulkan1 libx11-6 libxext6/,
    ],
    ['one that does', ['nvidia_icd.json'], true, undefined],
    ['another driver', ['lvp_icd.x86_64.json'], false, undefined],
  ])('says what to do about %s', (_name, drivers, isGpuFound, fix) => {
    const finding = driverFinding(drivers, isGpuFound)
    expect(finding.value).toBe(drivers.join(', ') || 'none')
    if (fix) expect(finding.fix).toMatch(fix)
    else expect(finding.fix).toBeUndefined()
  })
})
