// A layer of your own, made of those that there are: a layer is data, so a block is a function that answers a description,
// and training, checkpoints and ONNX know it without being told. Work that no given layer can do is an op of your own
// (own-op.ts).

import { createReferenceDevice, fit, summarise, type LayerDescription, layers } from '@winnow/core'
import { drawShapes } from './shapes.ts'

// #region LayerDescription
/** MobileNetV2's inverted residual (Sandler et al. 2018, arXiv 1801.04381): 1 x 1 to `expand` times as many channels, 3 x 3
 *  a channel, 1 x 1 back, plus what came in. [N H W C] -> [N H W C] */
function invertedResidual(name: string, channels: number, expand: number): LayerDescription {
  const wide = channels * expand
  return layers.residual([
    layers.conv2d(`${name}.expand`, wide, 1, { bias: false }),
    layers.batchNorm(`${name}.bn1`),
    layers.activation('silu'),
    layers.conv2d(`${name}.depthwise`, wide, 3, { bias: false, groups: wide }),
    layers.batchNorm(`${name}.bn2`),
    layers.activation('silu'),
    layers.conv2d(`${name}.project`, channels, 1, { bias: false }),
    layers.batchNorm(`${name}.bn3`),
  ])
}
// #endregion

const { history, model, weights } = await fit(
  createReferenceDevice(),
  [
    layers.conv2d('stem', 8, 3, { stride: 2 }),
    invertedResidual('block1', 8, 2),
    invertedResidual('block2', 8, 2),
    layers.globalAveragePool(),
    layers.dense('fc', 3),
  ],
  drawShapes(90),
  { validation: 0.2, epochs: 10, batchSize: 16, learningRate: 0.02 },
)

// #region summarise
const { layers: costs, parameters } = summarise(model)
for (const { name, shape } of costs) console.log(`${name.padEnd(20)} [${shape.join(', ')}]`)
console.log(`${parameters} parameters`)
// #endregion
console.log(`Right: ${(100 * history.at(-1)!.validation!.accuracy).toFixed(0)} %`)

export { history, parameters, weights }
