// What a project outside of the checkout writes: package.test.ts copies it there, with the package in place of the
// sources, and prints what came of a few steps.

import {
  createCpuDevice,
  createReferenceDevice,
  describePreset,
  encodeOnnx,
  train,
  usableWeights,
  type PhotoSet,
} from '../../src/core/index.ts'

const photos: PhotoSet = {
  images: Uint8Array.from({ length: 24 * 64 }, (_, i) => (Math.floor(i / 64) % 2) * 150 + (i % 50)),
  labels: Uint32Array.from({ length: 24 }, (_, row) => row % 2),
  height: 8,
  width: 8,
  channels: 1,
}
const model = describePreset('softmax', { height: 8, width: 8, channels: 1, classes: ['dark', 'light'] })
const rows = Uint32Array.from({ length: 24 }, (_, row) => row)
const losses: number[] = []
let onnxBytes = 0
for await (const event of train({
  device: createReferenceDevice(),
  model,
  photos,
  trainRows: rows.subarray(0, 16),
  validationRows: rows.subarray(16),
  epochs: 4,
})) {
  if (event.type === 'evaluated') losses.push(event.loss)
  if (event.type === 'checkpoint')
    onnxBytes = encodeOnnx(model, usableWeights(event.snapshot), { run: 'tiny', appVersion: '1' }).length
}
const cpu = await createCpuDevice()
const device = { kind: cpu.info.kind, reference: cpu.info.name === createReferenceDevice().info.name }
cpu.destroy()
console.log(JSON.stringify({ losses, onnxBytes, device }))
