// What a run would begin with: the same report as when it does, the net that weights show, and the stages that can be
// kept.

import { describe, expect, it } from 'vitest'
import type { Client } from '../../src/contract/table.ts'
import { describePreset, type StateDict } from '../../src/core/index.ts'
import { encodeCheckpoint } from '../../src/core/io/checkpoint.ts'
import { encodeSafetensors } from '../../src/core/io/safetensors.ts'
import { stateShapes } from '../../src/core/nn/shapes.ts'
import { previewInitialWeights } from '../../src/training/preview.ts'

const classes = ['hat', 'skirt', 'dress']
const settings = { preset: 'photo-convnet', size: 16, channels: 3 } as const

function netOf(preset: string, names: readonly string[], size = 16) {
  const model = describePreset(preset, { height: size, width: size, channels: 3, classes: names })
  const weights: StateDict = new Map(
    [...stateShapes(model)].map(([name, shape]) => [
      name,
      { shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) },
    ]),
  )
  return {
    model,
    weights,
    file: encodeCheckpoint({ model, weights, epoch: 1, step: 1, optimizer: null, average: null, settings: {} }),
  }
}
const clientWith = (bytes: Uint8Array) => ({ getBytes: async () => bytes }) as unknown as Client
const look = (
  weights: Parameters<typeof previewInitialWeights>[1]['weights'],
  asked: Parameters<typeof previewInitialWeights>[1]['settings'] = settings,
  client = clientWith(new Uint8Array()),
) => previewInitialWeights(client, { settings: asked, classes, weights })

describe('a beginning', () => {
  it('with fresh weights has stages only', async () => {
    expect(await look(null)).toEqual({
      net: null,
      stages: ['conv1', 'conv2', 'conv3', 'conv4', 'fc1', 'fc2'],
      fit: null,
    })
  })

  it('with an earlier run takes all, but no head of other classes', async () => {
    const same = await look({ runId: 3 }, settings, clientWith(netOf('photo-convnet', classes).file))
    expect([same.fit!.matched.length, same.fit!.otherClasses, same.fit!.missing]).toEqual([24, [], []])
    const other = await look({ runId: 3 }, settings, clientWith(netOf('photo-convnet', ['a', 'b', 'c']).file))
    expect(other.fit!.otherClasses).toEqual(['fc2.weight', 'fc2.bias'])
  })

  it('with a checkpoint as a file is of its net, and says what does not fit another', async () => {
    const { net, fit } = await look({ file: netOf('simple-conv', classes, 24).file })
    expect(net).toEqual({ preset: 'simple-conv', size: 24, channels: 3 })
    expect(fit!.matched).toEqual(['conv1.weight', 'conv2.weight', 'fc2.bias'])
    expect(fit!.different[0]).toBe('fc1.weight is [64, 1152] in the file and [128, 128] here')
    const fitting = await look(
      { file: netOf('simple-conv', classes, 24).file },
      { preset: 'simple-conv', size: 24, channels: 3 },
    )
    expect([fitting.fit!.different, fitting.fit!.missing, fitting.fit!.unused]).toEqual([[], [], []])
  })

  it('with tensors of other software is recognised by them', async () => {
    const { weights } = netOf(
      'resnet18',
      Array.from({ length: 10 }, (_, i) => `${i}`),
      32,
    )
    const file = encodeSafetensors(weights, new Map([['format', 'pt']]))
    expect((await look({ file })).net).toEqual({ preset: 'resnet18', channels: 3 })
    const { stages, fit } = await look({ file }, { preset: 'resnet18', size: 32, channels: 3 })
    expect(stages).toEqual(['conv1', 'layer1', 'layer2', 'layer3', 'layer4', 'fc'])
    expect(fit!.different).toEqual([
      'fc.weight is [10, 512] in the file and [3, 512] here',
      'fc.bias is [10] in the file and [3] here',
    ])
    expect(
      (await look({ file: encodeSafetensors(new Map([['x', { shape: [1], data: new Float32Array(1) }]]), new Map()) }))
        .net,
    ).toBeNull()
  })

  it('with a file that is none is refused', async () => {
    await expect(look({ file: new TextEncoder().encode('no weights') })).rejects.toMatchObject({
      code: 'bad-checkpoint',
    })
  })
})
