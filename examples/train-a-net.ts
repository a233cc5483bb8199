// Trains a small net on drawn shapes, from layers to answers. `npm run example train-a-net` runs it on the reference device,
// which needs no GPU; with a GPU it is `createGpuDevice(await adapter.requestDevice(deviceDescriptor(adapter)))`.

import { createReferenceDevice, fit, mostProbable, photoSet, predict, layers } from '@winnow/core'
import { drawShapes } from './shapes.ts'

const photos = drawShapes(150)

// #region fit
const device = createReferenceDevice()
const net = [
  layers.conv2d('conv1', 8, 3),
  layers.relu(),
  layers.maxPool(2),
  layers.conv2d('conv2', 16, 3),
  layers.relu(),
  layers.globalAveragePool(),
  layers.dense('fc', 3),
]
const { history, weights, model } = await fit(device, net, photos, {
  classes: ['disc', 'square', 'cross'],
  validation: 0.2,
  epochs: 14,
  batchSize: 8,
  learningRate: 0.01,
})
for (const { epoch, loss, validation } of history)
  console.log(`Epoch ${epoch}: loss ${loss.toFixed(3)}, right ${(100 * (validation?.accuracy ?? 0)).toFixed(0)} %`)
// #endregion

// #region predict
const fresh = photoSet(drawShapes(6, 99))
const probabilities = await predict(device, model, weights, fresh, Uint32Array.of(0, 1, 2, 3, 4, 5))
const names = Array.from(fresh.labels, (_, row) => model.classes[mostProbable(probabilities, row, 3)])
console.log(`Six photos it has not seen: ${names.join(', ')}.`)
// #endregion

export { history, names }
