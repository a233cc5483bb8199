// jax-js: N C H W as its convolution wants, Adam written out. The best configuration compiles the whole step with one
// `jit`; the documented one (its own training demo) compiles forward and loss only and reads every loss. Running
// statistics of norms are left out, which spares it some work.

import type { LayerDescription, StateDict } from '../../../src/core/nn/description.ts'
import { callTimer, type Contender } from '../training/contender.ts'
import { floatBatch, initialWeights, photos, type Workload } from '../training/workload.ts'

/* eslint-disable @typescript-eslint/no-explicit-any -- the peers' types are not part of this project's build */

export interface JaxOptions {
  readonly wholeStep: boolean
  readonly readsEveryLoss: boolean
  /** Default: webgpu. */
  readonly device?: 'webgpu' | 'wasm'
}

type Arrays = Record<string, any>

export async function openJax(
  jax: any,
  load: Workload,
  { wholeStep, readsEveryLoss, device = 'webgpu' }: JaxOptions,
): Promise<Contender> {
  await jax.init(device)
  jax.defaultDevice(device)
  const data = batchesOf(jax, load)
  let state = initialState(jax, (await initialWeights(load)).torch)
  const loss = lossOf(jax, load)
  const step = wholeStep ? jax.jit(stepOf(jax, loss, load.rate)) : stepOf(jax, jax.jit(loss), load.rate)
  const calls = callTimer()
  let done = 0
  return {
    async run(steps, losses) {
      const found: number[] = []
      let last: any
      for (let i = 0; i < steps; i++) {
        last?.dispose()
        const { x, y } = data[done++ % data.length]!
        ;[last, state] = calls.time(() =>
          step(state, x.ref, y.ref, jax.numpy.array([1 - 0.9 ** done, 1 - 0.999 ** done])),
        )
        if (losses || readsEveryLoss) found.push((await last.ref.data())[0])
      }
      await jax.blockUntilReady([last, state])
      await last.data()
      return losses ? found : []
    },
    callMs: calls.take,
    close: () => {},
  }
}

function batchesOf({ numpy: np }: any, load: Workload): { x: any; y: any }[] {
  const set = photos(load)
  const classes = load.model.classes.length
  return Array.from({ length: load.batches }, (_, b) => {
    const { x, labels } = floatBatch(load, set, b, true)
    const goals = new Float32Array(load.batch * classes)
    labels.forEach((label, n) => (goals[n * classes + label] = 1))
    return {
      x: np.array(x).reshape([load.batch, set.channels, set.height, set.width]),
      y: np.array(goals).reshape([load.batch, classes]),
    }
  })
}

/** Values of a channel stand as [1, C, 1, 1], so that they spread over photos; those of a dense layer as they are. */
function initialState({ numpy: np }: any, torch: StateDict): { w: Arrays; m: Arrays; v: Arrays } {
  const trained = [...torch].filter(([name]) => !name.includes('running_'))
  const isDense = (name: string) => torch.get(name.replace('.bias', '.weight'))!.shape.length === 2
  const shapeOf = (name: string, shape: readonly number[]) =>
    shape.length === 1 && !isDense(name) ? [1, shape[0]!, 1, 1] : [...shape]
  const each = (make: (data: Float32Array, shape: number[]) => any): Arrays =>
    Object.fromEntries(trained.map(([name, { data, shape }]) => [name, make(data, shapeOf(name, shape))]))
  return {
    w: each((data, shape) => np.array(data).reshape(shape)),
    m: each((_, shape) => np.zeros(shape)),
    v: each((_, shape) => np.zeros(shape)),
  }
}

type Net = (w: Arrays, x: any) => any

/** Mean cross entropy of a batch. Takes ownership of its arguments, as jax-js asks. */
function lossOf(jax: any, { model, batch }: Workload): (w: Arrays, x: any, y: any) => any {
  const net = sequence(jax, model.layers)
  return (w, x, y) =>
    jax.nn
      .logSoftmax(net(w, x))
      .mul(y)
      .sum()
      .mul(-1 / batch)
}

function sequence(jax: any, layers: readonly LayerDescription[]): Net {
  const nets = layers.map(layer => netOf(jax, layer))
  return (w, x) => nets.reduce((y, net) => net(w, y), x)
}

function netOf(jax: any, layer: LayerDescription): Net {
  const { numpy: np, lax, nn } = jax
  switch (layer.type) {
    case 'conv2d': {
      const [top, left, bottom, right] = layer.padding
      return (w, x) => {
        const y = lax.convGeneralDilated(x, w[`${layer.name}.weight`], layer.stride, [
          [top, bottom],
          [left, right],
        ])
        return layer.bias ? y.add(w[`${layer.name}.bias`]) : y
      }
    }
    case 'dense':
      return (w, x) => np.matmul(x, w[`${layer.name}.weight`].transpose()).add(w[`${layer.name}.bias`])
    case 'batch-norm':
      return (w, x) => {
        const away = x.ref.sub(np.mean(x, [0, 2, 3], { keepdims: true }))
        const variance = np.mean(np.square(away.ref), [0, 2, 3], { keepdims: true })
        return away
          .div(np.sqrt(variance.add(layer.epsilon)))
          .mul(w[`${layer.name}.weight`])
          .add(w[`${layer.name}.bias`])
      }
    case 'relu':
      return (_, x) => nn.relu(x)
    case 'max-pool':
      return (_, x) => {
        const [top, left, bottom, right] = layer.padding
        const padded =
          top + left + bottom + right > 0
            ? np.pad(x, [
                [0, 0],
                [0, 0],
                [top, bottom],
                [left, right],
              ])
            : x // zeros lose to nothing after a ReLU
        return lax.reduceWindow(padded, np.max, layer.size, layer.stride)
      }
    case 'flatten':
      return (_, x) => x.reshape([x.shape[0], -1])
    case 'global-average-pool':
      return (_, x) => np.mean(x, [2, 3])
    case 'residual': {
      const [body, shortcut] = [sequence(jax, layer.body), sequence(jax, layer.shortcut)]
      return (w, x) => body(w, x.ref).add(shortcut(w, x))
    }
    default:
      throw new Error(`No workload has a ${layer.type}.`)
  }
}

function stepOf(
  jax: any,
  loss: (w: Arrays, x: any, y: any) => any,
  rate: number,
): (
  state: { w: Arrays; m: Arrays; v: Arrays },
  x: any,
  y: any,
  corrections: any,
) => [any, { w: Arrays; m: Arrays; v: Arrays }] {
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
