// TensorFlow.js on its WebGPU backend: tensors on the device, `optimizer.minimize` as its guide shows. The documented
// configuration reads the loss of every step; the best one reads nothing and sends more work in one submit.

import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Contender } from '../contender.ts'
import { batch, batches, classes, floatBatch, initialWeights, photos, rate, size } from '../workload.ts'

/* eslint-disable @typescript-eslint/no-explicit-any -- the peers' types are not part of this project's build */

export interface TfjsOptions {
  readonly readsEveryLoss: boolean
  /** WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE: dispatches a submit; 15 by default. */
  readonly dispatchesPerSubmit: number
}

export async function openTfjs(options: TfjsOptions): Promise<Contender> {
  const tf: any = peers('@tensorflow/tfjs-core')
  peers('@tensorflow/tfjs-layers') // only this bundle registers the gradients
  peers('@tensorflow/tfjs-backend-webgpu')
  tf.env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', options.dispatchesPerSubmit)
  await tf.setBackend('webgpu')
  await tf.ready()
  const data = batchesOf(tf)
  const net = await netOf(tf)
  const optimizer = tf.train.adam(rate, 0.9, 0.999, 1e-8)
  let step = 0
  const one = () => {
    const { x, y } = data[step++ % batches]!
    return optimizer.minimize(() => tf.losses.softmaxCrossEntropy(y, net(x)), true)
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
    close: () => {},
  }
}

/** Loads from the peers' own node_modules. */
const peers = createRequire(join(import.meta.dirname, '..', 'peers', 'package.json'))

function batchesOf(tf: any): { x: any; y: any }[] {
  const set = photos()
  return Array.from({ length: batches }, (_, b) => {
    const { x, labels } = floatBatch(set, b)
    return { x: tf.tensor4d(x, [batch, size, size, 1]), y: tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), classes), 'float32') }
  })
}

async function netOf(tf: any): Promise<(x: any) => any> {
  const { core } = await initialWeights()
  const variable = (name: string, shape: number[]) => tf.variable(tf.tensor(core.get(name)!, shape), true, name)
  const conv = (name: string, inputs: number, filters: number, pad: 'same' | number) => {
    const [w, b] = [variable(`${name}.weight`, [3, 3, inputs, filters]), variable(`${name}.bias`, [filters])]
    return (x: any) => tf.relu(tf.add(tf.conv2d(x, w, 1, pad), b))
  }
  const dense = (name: string, inputs: number, units: number) => {
    const [w, b] = [variable(`${name}.weight`, [inputs, units]), variable(`${name}.bias`, [units])]
    return (x: any) => tf.add(tf.matMul(x, w), b)
  }
  const pool = (x: any) => tf.maxPool(x, 2, 2, 'valid')
  const layers = [
    conv('conv1', 1, 16, 'same'), conv('conv2', 16, 16, 'same'), pool, conv('conv3', 16, 32, 'same'), conv('conv4', 32, 32, 2), pool,
    conv('conv5', 32, 64, 'same'), conv('conv6', 64, 64, 'same'), pool, (x: any) => tf.reshape(x, [batch, 1024]),
    dense('fc1', 1024, 50), (x: any) => tf.relu(x), dense('fc2', 50, classes),
  ]
  return x => layers.reduce((y, layer) => layer(y), x)
}
