// What is brought from outside: own ops, losses and metrics, activations on layers; and what is refused by name instead of
// being left out without a word.

import { describe, expect, it } from 'vitest'
import {
  adagrad,
  adam,
  binaryCrossEntropy,
  createReferenceDevice,
  decodeSnapshot,
  decodeWeights,
  describePreset,
  encodeOnnx,
  encodeSnapshot,
  fit,
  focalLoss,
  frozenTo,
  layers,
  meanSquaredError,
  ops,
  photoSet,
  predict,
  rmsprop,
  score,
  sgd,
  summarise,
  withEma,
  type FitOptions,
  type ModelDescription,
  type OwnOp,
} from '../../../src/core/index.ts'
import { rows, stripeModel, stripes } from './stripes.ts'

const photos = stripes(60)
const device = createReferenceDevice()
const net = [layers.conv2d('conv1', 4, 3), layers.relu(), layers.globalAveragePool(), layers.dense('fc', 3)]
const quick: FitOptions = { epochs: 2, batchSize: 12, learningRate: 0.01, validation: 0.2 }

describe('losses', () => {
  it.each([binaryCrossEntropy(), meanSquaredError(), focalLoss()])('$name trains', async loss => {
    const { history } = await fit(device, stripeModel('simple-conv'), photos, { ...quick, epochs: 6, loss })
    expect(history.at(-1)!.loss).toBeLessThan(history[0]!.loss)
    expect(history.at(-1)!.validation!.accuracy).toBeGreaterThan(0.5)
  })

  it('take label smoothing, class weights, mixed photos and a batch in parts', async () => {
    const { history } = await fit(device, net, photos, {
      ...quick,
      loss: binaryCrossEntropy(),
      labelSmoothing: 0.1,
      classWeights: [1, 2, 0.5],
      augmentation: { mixup: 0.3 },
    })
    expect(history.every(({ loss }) => Number.isFinite(loss))).toBe(true)
  })
})

describe('metrics', () => {
  it('are measured on the validation rows after each epoch', async () => {
    const share = (probabilities: Float32Array, labels: Uint32Array) => score(probabilities, labels).accuracy
    const { history } = await fit(device, net, photos, { ...quick, metrics: { share } })
    for (const { validation } of history) expect(validation!.metrics).toEqual({ share: validation!.accuracy })
  })

  it('that give no number are refused by name', async () => {
    const metrics = { nothing: () => undefined as unknown as number }
    await expect(fit(device, net, photos, { ...quick, metrics })).rejects.toThrow('The metric nothing gives undefined.')
  })
})

describe('activation', () => {
  it('on a layer is the layer and what follows it', async () => {
    expect(layers.conv2d('c', 4, 3, { activation: 'gelu', stride: 2 })).toEqual([
      layers.conv2d('c', 4, 3, { stride: 2 }),
      layers.activation('gelu'),
    ])
    expect(layers.residual([layers.conv2d('c', 4, 3, { activation: 'relu' })]).body).toHaveLength(2)
    const short = [
      layers.conv2d('conv1', 4, 3, { activation: 'relu' }),
      layers.globalAveragePool(),
      layers.dense('fc', 3),
    ]
    const [long, list] = [await fit(device, net, photos, quick), await fit(device, short, photos, quick)]
    expect(list.model).toEqual(long.model)
    expect(list.weights).toEqual(long.weights)
  })
})

describe('an own op', () => {
  const twice: OwnOp = (x, { name, options }) => {
    const w = x.trace.parameter(
      `${name}.weight`,
      [x.shape.at(-1)!, Number(options.units)],
      values => void values.fill(0.1),
      {
        decay: true,
      },
    )
    return ops.relu(ops.dense(x, w))
  }
  const own = [
    layers.flatten(),
    layers.dense('fc1', 6),
    layers.own('twice', 'mine', { units: 5 }),
    layers.dense('fc2', 3),
  ]

  it('has its shape and parameters in the summary, learns, and comes back from a file when it is given again', async () => {
    const { model, weights, last } = await fit(device, own, photos, { ...quick, ops: { twice } })
    const { layers: rowsOf } = summarise(model)
    expect(rowsOf[2]).toEqual({ name: 'mine', type: 'own', shape: [5], parameters: 30, multiplyAdds: 0 })
    expect(weights.get('mine.weight')!.data.some(value => Math.abs(value - 0.1) > 1e-4)).toBe(true)
    const read = decodeSnapshot(encodeSnapshot(last))
    expect(read.model.ops).toBeUndefined()
    expect(read.model.layers).toEqual(model.layers)
    const ask = (asked: ModelDescription) => predict(device, asked, read.state, photos, rows(0, 6))
    await expect(ask(read.model)).rejects.toThrow(
      `The layer mine is the op "twice", which the model's ops (none) do not have.`,
    )
    expect(await ask({ ...read.model, ops: { twice } })).toEqual(
      await predict(device, model, weights, photos, rows(0, 6)),
    )
    expect(() => encodeOnnx(model, weights, { run: 'r', appVersion: '1' })).toThrow(
      'Layer mine is the own op "twice", which ONNX has no operator for.',
    )
  })

  it('whose parameters no file would hold, or that loses photos, is refused', async () => {
    const named =
      (name: string): OwnOp =>
      x => (x.trace.parameter(name, [1], () => {}, { decay: false }), x)
    for (const name of ['mine.slope', 'other.weight'])
      await expect(fit(device, own, photos, { ...quick, ops: { twice: named(name) } })).rejects.toThrow(
        `The op "twice" of the layer mine has a parameter ${name}, which no file would hold.`,
      )
    const fewer: OwnOp = x => ops.reshape(x, [1, x.size])
    await expect(
      fit(device, own, photos, { ...quick, ops: { twice: (x, layer) => (x.shape[0] === 1 ? x : fewer(x, layer)) } }),
    ).rejects.toThrow('of the layer mine makes [1, 72] of [12, 6].')
  })
})

describe('what is misspelt is refused by name', () => {
  const input = { height: 8, width: 8, channels: 1, classes: ['a', 'b'] }
  const model = { ...describePreset('mlp', input), layers: [] }
  const progress = { rateFactor: 1, momentsFrom: 0, best: null, unmeasured: false }
  const snapshot = { model, state: new Map(), moments: new Map(), step: 0, progress }
  it.each([
    // @ts-expect-error: misspelt
    [() => layers.conv2d('c', 4, 3, { strides: 2 }), 'layers.conv2d of c has no option "strides".'],
    // @ts-expect-error: misspelt
    [() => layers.dense('d', 4, { useBias: false }), 'layers.dense of d has no option "useBias".'],
    // @ts-expect-error: misspelt
    [() => layers.maxPool(2, { padding: 1 }), 'layers.maxPool has no option "padding".'],
    // @ts-expect-error: misspelt
    [() => adam({ learningRate: 1 }), 'adam has no option "learningRate".'],
    // @ts-expect-error: misspelt
    [() => sgd({ momentums: 0.9 }), 'sgd has no option "momentums".'],
    // @ts-expect-error: misspelt
    [() => rmsprop({ rho: 0.9 }), 'rmsprop has no option "rho".'],
    // @ts-expect-error: misspelt
    [() => adagrad({ eps: 1 }), 'adagrad has no option "eps".'],
    // @ts-expect-error: misspelt
    [() => photoSet({ ...photos, mean: 0 }), 'photoSet has no option "mean".'],
    // @ts-expect-error: misspelt
    [() => describePreset('mlp', { ...input, std: 1 }), 'describePreset has no option "std".'],
    // @ts-expect-error: misspelt
    [() => encodeOnnx(model, new Map(), { run: 'r', appVersion: '1', opset: 17 }), 'encodeOnnx has no option "opset".'],
    // @ts-expect-error: misspelt
    [() => encodeSnapshot(snapshot, { epochs: 3 }), 'encodeSnapshot has no option "epochs".'],
  ])('%s', (call, sentence) => {
    expect(call).toThrow(sentence)
    expect(call).toThrow(expect.objectContaining({ code: 'bad-argument', fix: expect.stringContaining('options are') }))
  })

  it('sgd knows nesterov', () => expect(() => sgd({ momentum: 0.9, nesterov: true })).not.toThrow())

  it('fit', async () => {
    // @ts-expect-error: misspelt
    await expect(fit(device, net, photos, { epoch: 3 })).rejects.toThrow('fit has no option "epoch".')
    // @ts-expect-error: fit makes it itself
    await expect(fit(device, net, photos, { trainRows: rows(0, 4) })).rejects.toThrow('fit has no option "trainRows".')
  })

  it('predict, where rows are no Uint32Array', async () => {
    const { model, weights } = await fit(device, net, photos, { epochs: 1 })
    const list = [0, 1] as unknown as Uint32Array<ArrayBuffer>
    await expect(predict(device, model, weights, photos, list)).rejects.toThrow(
      'The rows are of type Array, not a Uint32Array of rows.',
    )
  })
})

describe('frozen', () => {
  it('that holds for every parameter is refused', async () => {
    await expect(fit(device, net, photos, { ...quick, frozen: () => true })).rejects.toMatchObject({
      code: 'bad-argument',
      message: 'frozen holds for all 4 parameters of own layers, so nothing would be left to learn.',
    })
  })

  it('that leaves the head trains it alone', async () => {
    const model = stripeModel('simple-conv')
    const { history } = await fit(device, model, photos, { ...quick, frozen: frozenTo(model, 'backbone') })
    expect(history).toHaveLength(2)
  })
})

describe('names that a file keeps for other things', () => {
  it.each(['average/conv1', 'optimizer/m'])('%s is no name of a layer', async name => {
    const part = name.slice(0, name.indexOf('/') + 1)
    await expect(fit(device, [layers.flatten(), layers.dense(name, 3)], photos, quick)).rejects.toThrow(
      `A layer has the name ${name}, but a checkpoint keeps other things than weights under ${part}.`,
    )
  })
})

describe('decodeWeights', () => {
  it('of an averaged run gives the weights that were measured', async () => {
    const { last, weights } = await fit(device, net, photos, {
      ...quick,
      validation: 0,
      optimizer: withEma(adam(), 0.9),
    })
    const read = decodeWeights(encodeSnapshot(last))
    expect(read.weights).toEqual(new Map(last.average))
    expect(read.weights).toEqual(new Map(weights))
    expect(read.weights.get('fc.weight')!.data).not.toEqual(last.state.get('fc.weight')!.data)
  })
})
