// Writes a trained net as `shapes.onnx` into the folder EXAMPLE_FOLDER, or the one that it is started in, with
// the pixels of two photos beside it; read-onnx.py asks it without Winnow.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createReferenceDevice, describePreset, encodeOnnx, fit, photoSet, predict } from '@winnow/core'
import { drawShapes } from './shapes.ts'

const folder = process.env['EXAMPLE_FOLDER'] ?? process.cwd()
const device = createReferenceDevice()
const input = { height: 16, width: 16, channels: 1, classes: ['disc', 'square', 'cross'] }
const photos = photoSet(drawShapes(60))
const { model, weights } = await fit(device, describePreset('simple-conv', input), photos, { epochs: 4, batchSize: 12 })

// #region encodeOnnx
const file = encodeOnnx(model, weights, { run: 'shapes', appVersion: '1' })
writeFileSync(join(folder, 'shapes.onnx'), file)
// #endregion
const two = photos.images.slice(0, 2 * 16 * 16)
writeFileSync(join(folder, 'shapes.u8'), two)

const probabilities = await predict(device, model, weights, photos, Uint32Array.of(0, 1))
console.log(
  `Wrote shapes.onnx (${file.length} bytes). Its answers: ${Array.from(probabilities, p => p.toFixed(4)).join(' ')}`,
)

export { probabilities, two }
