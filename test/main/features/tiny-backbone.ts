// A backbone for tests: a MobileNet v1 with weights that are drawn, as a file of timm would hold them. Small photos, so that
// the device of plain references is enough.

import { encodeSafetensors } from '../../../src/core/io/safetensors.ts'
import { describeModel } from '../../../src/core/index.ts'
import { stateShapes } from '../../../src/core/nn/shapes.ts'
import { uniforms } from '../../../src/core/kernels/philox.ts'

/** Bytes of a safetensors file; another `seed` gives another backbone. */
export function tinyBackbone(seed = 1, prefix = ''): Uint8Array<ArrayBuffer> {
  const net = describeModel(
    { preset: 'mobilenet-v1', head: 'features' },
    { height: 32, width: 32, channels: 3, classes: ['any'] },
  )
  const next = uniforms(seed, 3)
  const tensors = [...stateShapes(net)]
    .filter(([name]) => !name.startsWith('head'))
    .map(([name, shape]) => {
      const size = shape.reduce((a, b) => a * b, 1)
      const fanIn = shape.slice(1).reduce((a, b) => a * b, 1)
      const value =
        shape.length > 1
          ? () => (2 * next() - 1) * Math.sqrt(6 / fanIn)
          : name.endsWith('running_mean')
            ? () => 0
            : name.endsWith('bias')
              ? () => next() - 0.3
              : () => 0.5 + next()
      return [prefix + name, { shape, data: Float32Array.from({ length: size }, value) }] as const
    })
  return encodeSafetensors(new Map(tensors), new Map([['format', 'pt']]))
}
