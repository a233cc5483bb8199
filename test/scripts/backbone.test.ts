// The backbone that comes with Winnow: read out of the detector that brings it, with the layers of a MobileNet v2.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readTflite } from '../../scripts/backbone/tflite.ts'
import { decodeSafetensors } from '../../src/core/io/safetensors.ts'
import { root } from '../rules/sources.ts'

it('has the trunk of a MobileNet v2 with biases, and says where it comes from', () => {
  execFileSync('node', [join(root, 'scripts/backbone/build.ts')])
  const file = readFileSync(join(root, 'build/backbone/mobilenet-v2-folded.safetensors'))
  const { tensors, metadata } = decodeSafetensors(file)
  expect(metadata.get('licence')).toBe('Apache-2.0')
  expect(tensors.size).toBe(2 * 52)
  expect(tensors.get('features.0.0.weight')!.shape).toEqual([32, 3, 3, 3])
  expect(tensors.get('features.2.conv.1.0.weight')!.shape).toEqual([96, 1, 3, 3])
  expect(tensors.get('features.16.conv.0.0.weight')!.shape).toEqual([960, 160, 1, 1])
  expect(tensors.get('features.18.0.bias')!.shape).toEqual([1280])
  expect([...tensors.values()].every(({ data }) => data.every(value => Number.isFinite(value)))).toBe(true)
})

it('bytes that are no TFLite file are refused', () => {
  expect(() => readTflite(new Uint8Array(100))).toThrow('no TFLite file')
  expect(() => readTflite(new Uint8Array(3))).toThrow('no TFLite file')
})
