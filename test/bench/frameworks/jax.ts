// jax-js: N C H W as its convolution wants, Adam written out. The best configuration compiles the whole step with one `jit`;
// the documented one (its own training demo) compiles forward and loss only and reads every loss.

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Contender } from '../contender.ts'
import { batch, batches, classes, floatBatch, initialWeights, photos, rate, size } from '../workload.ts'

/* eslint-disable @typescript-eslint/no-explicit-any -- the peers' types are not part of this project's build */

export interface JaxOptions {
  readonly wholeStep: boolean
  readonly readsEveryLoss: boolean
}

type Arrays = Record<string, any>

export async function openJax({ wholeStep, readsEveryLoss }: JaxOptions): Promise<Contender> {
  const jax: any = await import(pathToFileURL(join(import.meta.dirname, '../peers/node_modules/@jax-js/jax/dist/index.js')).href)
  await jax.init('webgpu')
  jax.defaultDevice('webgpu')
  const data = batchesOf(jax)
  let state = await initialState(jax)
  const step = wholeStep ? jax.jit(stepOf(jax, lossOf(jax))) : stepOf(jax, jax.jit(lossOf(jax)))
  let done = 0
  return {
    async run(steps, losses) {
      const found: number[] = []
      let last: any
      for (let i = 0; i < steps; i++) {
        last?.dispose()
        const { x, y } = data[done++ % batches]!
        const corrections = jax.numpy.array([1 - 0.9 ** done, 1 - 0.999 ** done])
        ;[last, state] = step(state, x.ref, y.ref, corrections)
        if (losses || readsEveryLoss) found.push((await last.ref.data())[0])
      }
      await jax.blockUntilReady([last, state])
      await last.data()
      return losses ? found : []
    },
    close: () => {},
  }
}

function batchesOf({ numpy: np }: any): { x: any; y: any }[] {
  const set = photos()
  return Array.from({ length: batches }, (_, b) => {
    const { x, labels } = floatBatch(set, b)
    const goals = new Float32Array(batch * classes)
    labels.forEach((label, n) => (goals[n * classes + label] = 1))
    return { x: np.array(x).reshape([batch, 1, size, size]), y: np.array(goals).reshape([batch, classes]) }
  })
}

async function initialState({ numpy: np }: any): Promise<{ w: Arrays; m: Arrays; v: Arrays }> {
  const { torch } = await initialWeights()
  const each = (make: (data: Float32Array, shape: number[]) => any): Arrays =>
    Object.fromEntries([...torch].map(([name, { data, shape }]) => [name, make(data, name.startsWith('conv') && name.endsWith('bias') ? [1, shape[0]!, 1, 1] : [...shape])]))
  return { w: each((data, shape) => np.array(data).reshape(shape)), m: each((_, shape) => np.zeros(shape)), v: each((_, shape) => np.zeros(shape)) }
}

/** Mean cross entropy of a batch. Takes ownership of its arguments, as jax-js asks. */
function lossOf({ numpy: np, lax, nn }: any): (w: Arrays, x: any, y: any) => any {
  const conv = (w: Arrays, name: string, x: any, pad: number) =>
    nn.relu(lax.convGeneralDilated(x, w[`${name}.weight`], [1, 1], [[pad, pad], [pad, pad]]).add(w[`${name}.bias`]))
  const pool = (x: any) => lax.reduceWindow(x, np.max, [2, 2], [2, 2])
  const dense = (w: Arrays, name: string, x: any) => np.matmul(x, w[`${name}.weight`].transpose()).add(w[`${name}.bias`])
  return (w, x, y) => {
    let z = pool(conv(w, 'conv2', conv(w, 'conv1', x, 1), 1))
    z = pool(conv(w, 'conv4', conv(w, 'conv3', z, 1), 2))
    z = pool(conv(w, 'conv6', conv(w, 'conv5', z, 1), 1)).reshape([batch, 1024])
    const logits = dense(w, 'fc2', nn.relu(dense(w, 'fc1', z)))
    return nn.logSoftmax(logits).mul(y).sum().mul(-1 / batch)
  }
}

function stepOf(jax: any, loss: (w: Arrays, x: any, y: any) => any): (state: { w: Arrays; m: Arrays; v: Arrays }, x: any, y: any, corrections: any) => [any, { w: Arrays; m: Arrays; v: Arrays }] {
  const { numpy: np, tree } = jax
  return ({ w, m, v }, x, y, corrections) => {
    const [value, gradients] = jax.valueAndGrad(loss)(tree.ref(w), x, y)
    const next = { w: {} as Arrays, m: {} as Arrays, v: {} as Arrays }
    for (const name of Object.keys(w)) {
      next.m[name] = m[name].mul(0.9).add(gradients[name].ref.mul(0.1))
      next.v[name] = v[name].mul(0.999).add(np.square(gradients[name]).mul(0.001))
      const first = next.m[name].ref.div(corrections.ref.slice(0))
      const second = next.v[name].ref.div(corrections.ref.slice(1))
      next.w[name] = w[name].sub(first.mul(rate).div(np.sqrt(second).add(1e-8)))
    }
    corrections.dispose()
    return [value, next]
  }
}
