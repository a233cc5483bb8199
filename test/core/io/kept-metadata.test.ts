// Checkpoints of earlier versions open: their metadata word for word as it was written then, from the first format on.

import { describe, expect, it } from 'vitest'
import { decodeCheckpoint } from '../../../src/core/io/checkpoint.ts'
import { encodeSafetensors } from '../../../src/core/io/safetensors.ts'

const tensors = new Map([
  ['conv1.weight', { shape: [2, 1, 3, 3], data: new Float32Array(18).fill(0.5) }],
  ['conv1.bias', { shape: [2], data: new Float32Array(2) }],
  ['bn1.weight', { shape: [2], data: new Float32Array(2).fill(1) }],
  ['bn1.bias', { shape: [2], data: new Float32Array(2) }],
  ['bn1.running_mean', { shape: [2], data: new Float32Array(2) }],
  ['bn1.running_var', { shape: [2], data: new Float32Array(2).fill(1) }],
  ['fc.weight', { shape: [2, 2], data: new Float32Array(4) }],
  ['fc.bias', { shape: [2], data: new Float32Array(2) }],
  ['optimizer/optimizer.m', { shape: [4], data: new Float32Array(4) }],
])

/** A net of the first version: a convolution with a bias before its norm, layers without `initial`, no `mirrored`. */
const model =
  '{"format":"winnow-model","version":1,"preset":"deep-convnet","input":{"height":4,"width":4,"channels":1},' +
  '"normalise":{"mean":[0.5],"std":[0.25]},"classes":["cat","dog"],"layers":[{"type":"conv2d","name":"conv1","filters":2,' +
  '"kernel":[3,3],"stride":[1,1],"padding":[1,1,1,1],"dilation":[1,1],"groups":1,"bias":true},{"type":"batch-norm",' +
  '"name":"bn1","epsilon":0.00001,"momentum":0.1},{"type":"relu"},{"type":"global-average-pool"},{"type":"dense",' +
  '"name":"fc","units":2,"bias":true}]}'

const always = { format: 'winnow-checkpoint', version: '1', model, epoch: '3', step: '120', optimizer: 'adam' }

/** What was added to the metadata since, in order. */
const versions: readonly (readonly [since: string, metadata: Readonly<Record<string, string>>])[] = [
  ['without progress', { ...always, settings: '{"learningRate":0.001}' }],
  [
    'with the rate and the best',
    { ...always, settings: '{}', progress: '{"rateFactor":0.5,"best":{"epoch":2,"loss":0.5,"accuracy":0.75}}' },
  ],
  [
    'with the step of the moments',
    { ...always, settings: '{}', progress: '{"rateFactor":1,"momentsFrom":40,"best":null}' },
  ],
  [
    'with evaluations that were stopped',
    { ...always, settings: '{}', progress: '{"rateFactor":1,"momentsFrom":0,"best":null,"unmeasured":true}' },
  ],
]

describe.each(versions)('a checkpoint %s', (_, metadata) => {
  it('opens with its net, its weights and where it stood', () => {
    const { progress, model, weights, epoch, step, optimizer } = decodeCheckpoint(
      encodeSafetensors(tensors, new Map(Object.entries(metadata))),
    )
    expect([epoch, step, optimizer!.name, optimizer!.state.size]).toEqual([3, 120, 'adam', 1])
    expect(weights.size).toBe(8)
    expect(model.layers[0]).toMatchObject({ type: 'conv2d', bias: true })
    const told = JSON.parse(metadata.progress ?? '{}') as object
    expect(progress).toEqual({ rateFactor: 1, momentsFrom: 0, best: null, unmeasured: false, ...told })
  })
})
