// TensorFlow.js on its WebGPU backend: tensors on the device, `optimizer.minimize` as its guide shows. The documented
// configuration reads the loss of every step; the best one reads nothing and sends more work in one submit. Running
// statistics of norms are left out, which spares it some calls.

import type { Conv2dDescription, LayerDescription } from '../../../src/core/nn/description.ts'
import { callTimer, type Contender } from '../training/contender.ts'
import { floatBatch, initialWeights, photos, type Workload } from '../training/workload.ts'

/* eslint-disable @typescript-eslint/no-explicit-any -- the peers' types are not part of this project's build */

export interface TfjsOptions {
  readonly readsEveryLoss: boolean
  /** WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE: dispatches a submit; 15 by default. */
  readonly dispatchesPerSubmit: number
}

export async function openTfjs(tf: any, load: Workload, options: TfjsOptions): Promise<Contender> {
  tf.env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', options.dispatchesPerSubmit)
  await tf.setBackend('webgpu')
  await tf.ready()
  const data = batchesOf(tf, load)
  const { core } = await initialWeights(load)
  const net = sequence(tf, load.model.layers, new Weights(tf, core))
  tf.tidy(() => net(data[0]!.x)) // makes the variables
  const optimizer = tf.train.adam(load.rate, 0.9, 0.999, 1e-8)
  const calls = callTimer()
  let step = 0
  const one = () => {
    const { x, y } = data[step++ % data.length]!
    return calls.time(() => optimizer.minimize(() => tf.losses.softmaxCrossEntropy(y, net(x)), true))
  }
  return {
    async run(steps, losses) {
      const found: number[] = []
      let last: any
      for (let i = 0; i < steps; i++) {
        last?.dispose()
        last = one()
        if (losses || options.readsEveryLoss) found.push((await last.data())[0])
      }
      await last.data()
      last.dispose()
      return losses ? found : []
    },
    callMs: calls.take,
    close: () => {},
  }
}

function batchesOf(tf: any, load: Workload): { x: any; y: any }[] {
  const set = photos(load)
  return Array.from({ length: load.batches }, (_, b) => {
    const { x, labels } = floatBatch(load, set, b, false)
    return {
      x: tf.tensor4d(x, [load.batch, set.height, set.width, set.channels]),
      y: tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), load.model.classes.length), 'float32'),
    }
  })
}

/** Variables are made when the net first runs, as their shapes are known then. */
class Weights {
  readonly #tf: any
  readonly #values: ReadonlyMap<string, Float32Array>
  readonly #made = new Map<string, any>()

  constructor(tf: any, values: ReadonlyMap<string, Float32Array>) {
    this.#tf = tf
    this.#values = values
  }

  get(name: string, shape: readonly number[]): any {
    if (!this.#made.has(name))
      this.#made.set(name, this.#tf.variable(this.#tf.tensor(this.#values.get(name)!, shape), true, name))
    return this.#made.get(name)
  }
}

type Net = (x: any) => any

function sequence(tf: any, layers: readonly LayerDescription[], weights: Weights): Net {
  const nets = layers.map(layer => netOf(tf, layer, weights))
  return x => nets.reduce((y, net) => net(y), x)
}

function netOf(tf: any, layer: LayerDescription, weights: Weights): Net {
  switch (layer.type) {
    case 'conv2d':
      return convolution(tf, layer, weights)
    case 'dense':
      return x =>
        tf.add(
          tf.matMul(x, weights.get(`${layer.name}.weight`, [x.shape[1], layer.units])),
          weights.get(`${layer.name}.bias`, [layer.units]),
        )
    case 'batch-norm':
      return x => {
        const { mean, variance } = tf.moments(x, [0, 1, 2])
        const channels = [x.shape[3]]
        return tf.batchNorm(
          x,
          mean,
          variance,
          weights.get(`${layer.name}.bias`, channels),
          weights.get(`${layer.name}.weight`, channels),
          layer.epsilon,
        )
      }
    case 'relu':
      return x => tf.relu(x)
    case 'max-pool':
      return x =>
        layer.padding[0] > 0
          ? tf.maxPool(x, layer.size, layer.stride, layer.padding[0], 'floor')
          : tf.maxPool(x, layer.size, layer.stride, 'valid')
    case 'flatten':
      return x => tf.reshape(x, [x.shape[0], x.size / x.shape[0]])
    case 'global-average-pool':
      return x => tf.mean(x, [1, 2])
    case 'residual': {
      const [body, shortcut] = [sequence(tf, layer.body, weights), sequence(tf, layer.shortcut, weights)]
      return x => tf.add(body(x), shortcut(x))
    }
    default:
      throw new Error(`No workload has a ${layer.type}.`)
  }
}

function convolution(
  tf: any,
  { name, filters, kernel: [R, S], stride, padding, bias }: Conv2dDescription,
  weights: Weights,
): Net {
  const same = stride[0] === 1 && padding[0] * 2 + 1 === R
  return x => {
    const y = tf.conv2d(
      x,
      weights.get(`${name}.weight`, [R, S, x.shape[3], filters]),
      stride,
      same ? 'same' : padding[0],
      'NHWC',
      [1, 1],
      same ? undefined : 'floor',
    )
    return bias ? tf.add(y, weights.get(`${name}.bias`, [filters])) : y
  }
}
