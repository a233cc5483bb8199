// The presets: torchvision's names, shapes and sizes, any input size, and a snapshot of the plan of one step of each.

import { describe, expect, it } from 'vitest'
import { adam, createReferenceDevice, describePreset, presetNames } from '../../../src/core/index.ts'
import { DataLoader } from '../../../src/core/data/data-loader.ts'
import { fuse } from '../../../src/core/tensor/fuse.ts'
import { plainConstants } from '../../../src/core/kernels/kernel.ts'
import { plainTarget } from '../../../src/core/kernels/target.ts'
import type { ModelDescription } from '../../../src/core/nn/description.ts'
import { forward } from '../../../src/core/nn/build.ts'
import { summarise } from '../../../src/core/nn/summary.ts'
import { planMemory } from '../../../src/core/tensor/memory.ts'
import { Trace } from '../../../src/core/tensor/trace.ts'
import { traceTrainingStep } from '../../../src/core/train/steps/step.ts'

const thousand = Array.from({ length: 1000 }, (_, i) => `class ${i}`)
const imageNet = (preset: string) => describePreset(preset, { height: 224, width: 224, channels: 3, classes: thousand })

/** Names and shapes (PyTorch's order of dimensions) of every parameter, from a trace. */
function parameterShapes(model: ModelDescription): Map<string, readonly number[]> {
  const trace = new Trace({ training: false })
  const { height, width, channels } = model.input
  forward(model, trace.tensor([1, height, width, channels]))
  const torch = (shape: readonly number[]) =>
    shape.length === 4 ? [shape[3]!, shape[2]!, shape[0]!, shape[1]!] : shape.toReversed()
  return new Map([...trace.parameters].map(([name, { tensor }]) => [name, torch(tensor.shape)]))
}

it.each(['', 'resnet19', 'constructor', '__proto__'])('there is no preset "%s"', name => {
  expect(() => describePreset(name, { height: 32, width: 32, channels: 3, classes: ['a', 'b'] })).toThrow(
    expect.objectContaining({ code: 'bad-argument', message: `There is no preset "${name}".` }),
  )
})

describe('torchvision', () => {
  // Sizes as torchvision's documentation gives them (num_params); googlenet's without the auxiliary classifiers.
  it.each([
    ['vgg11', 132_863_336],
    ['vgg16', 138_357_544],
    ['googlenet', 6_624_904],
    ['resnet18', 11_689_512],
    ['resnet34', 21_797_672],
    ['resnet50', 25_557_032],
  ])('%s has %i parameters', (preset, parameters) => {
    expect(summarise(imageNet(preset)).parameters).toBe(parameters)
    expect(
      [...parameterShapes(imageNet(preset)).values()].reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0),
    ).toBe(parameters)
  })

  // GFLOPS of torchvision's documentation, which counts multiply-adds.
  it.each([
    ['vgg11', 7.61],
    ['vgg16', 15.47],
    ['googlenet', 1.5],
    ['resnet18', 1.81],
    ['resnet34', 3.66],
    ['resnet50', 4.09],
  ])('%s takes %d billion multiply-adds', (preset, billions) => {
    expect(summarise(imageNet(preset)).multiplyAdds / 1e9).toBeCloseTo(billions, 1)
  })

  it.each<[string, string, readonly number[]]>([
    ['vgg11', 'features.0.weight', [64, 3, 3, 3]],
    ['vgg11', 'features.18.bias', [512]],
    ['vgg11', 'classifier.0.weight', [4096, 25088]],
    ['vgg11', 'classifier.6.weight', [1000, 4096]],
    ['vgg16', 'features.28.weight', [512, 512, 3, 3]],
    ['vgg16', 'features.14.weight', [256, 256, 3, 3]],
    ['googlenet', 'conv1.conv.weight', [64, 3, 7, 7]],
    ['googlenet', 'conv3.bn.weight', [192]],
    ['googlenet', 'inception3a.branch1.conv.weight', [64, 192, 1, 1]],
    ['googlenet', 'inception4e.branch2.1.conv.weight', [320, 160, 3, 3]],
    ['googlenet', 'inception5b.branch3.1.conv.weight', [128, 48, 3, 3]],
    ['googlenet', 'inception5b.branch4.1.conv.weight', [128, 832, 1, 1]],
    ['googlenet', 'fc.weight', [1000, 1024]],
    ['resnet18', 'conv1.weight', [64, 3, 7, 7]],
    ['resnet18', 'layer2.0.downsample.0.weight', [128, 64, 1, 1]],
    ['resnet18', 'layer4.1.bn2.bias', [512]],
    ['resnet34', 'layer3.5.conv2.weight', [256, 256, 3, 3]],
    ['resnet50', 'layer1.0.downsample.0.weight', [256, 64, 1, 1]],
    ['resnet50', 'layer3.0.conv2.weight', [256, 256, 3, 3]],
    ['resnet50', 'layer4.2.conv3.weight', [2048, 512, 1, 1]],
    ['resnet50', 'fc.weight', [1000, 2048]],
  ])('%s has %s %j', (preset, name, shape) => {
    expect(parameterShapes(imageNet(preset)).get(name)).toEqual(shape)
  })

  it('has no downsample where a block keeps its shape', () => {
    const names = [...parameterShapes(imageNet('resnet18')).keys()]
    expect(names.filter(name => name.includes('downsample.0'))).toEqual([
      'layer2.0.downsample.0.weight',
      'layer3.0.downsample.0.weight',
      'layer4.0.downsample.0.weight',
    ])
    expect(names).toHaveLength(62)
  })
})

describe('every preset', () => {
  it.each(presetNames())(
    '%s takes photos of any size, grey and colour, and its summary agrees with its trace',
    preset => {
      for (const [height, width, channels] of [
        [28, 28, 1],
        [64, 48, 3],
        [96, 97, 3],
      ] as const) {
        const model = describePreset(preset, { height, width, channels, classes: ['a', 'b', 'c'] })
        const shapes = [...parameterShapes(model).values()]
        expect(summarise(model).parameters).toBe(
          shapes.reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0),
        )
        expect(summarise(model).layers.at(-1)!.shape).toEqual([3])
      }
    },
  )

  it.each<[string, number, number, readonly number[]]>([
    ['a photo', 128, 128, [4, 4]],
    ['an icon', 8, 8, [1, 1]],
    ['a panorama', 64, 512, [1, 4]],
    ['one pixel', 1, 1, [1, 1]],
    ['odd sides', 97, 96, [3, 3]],
  ])('resnet9 takes the largest over all that its pools leave of %s', (_name, height, width, left) => {
    const { layers } = describePreset('resnet9', { height, width, channels: 1, classes: ['a', 'b'] })
    expect(layers.findLast(({ type }) => type === 'max-pool')).toMatchObject({ size: left })
    const model = summarise(describePreset('resnet9', { height, width, channels: 1, classes: ['a', 'b'] }))
    expect(model.layers.at(-3)!.shape).toEqual([256])
  })

  it.each(presetNames())('%s runs the step of its snapshot', async preset => {
    await expect(planText(preset)).toMatchFileSnapshot(`plans/${preset}.txt`)
  })
})

/** One line a kernel call: name, workgroups on a real GPU and on lavapipe, constants, sizes of its tensors; then the
 *  memory. */
function planText(preset: string): string {
  const model = describePreset(preset, { height: 32, width: 32, channels: 3, classes: ['a', 'b', 'c'] })
  const photos = { images: new Uint8Array(8 * 3072), labels: new Uint32Array(8), height: 32, width: 32, channels: 3 }
  const feed = new DataLoader(photos, 4, createReferenceDevice())
  const trace = traceTrainingStep(
    { model, batchSize: 4, optimizer: adam(), labelSmoothing: 0, trainRows: new Uint32Array(8) },
    feed,
  )
  const calls = fuse(trace.calls)
  const lines = calls.map(({ kernel, constants, tensors }) => {
    const plain = plainConstants(constants)
    const grids = [plainTarget, { lanes: 8, software: true }].map(target => kernel.grid(plain, target).join('x'))
    const values = Object.entries(plain).map(([name, value]) => `${name}=${Number(value.toPrecision(6))}`)
    return [
      kernel.name,
      ...grids,
      ...values,
      ...Object.entries(tensors).map(([name, { shape, role }]) => `${name}:${role[0]}${JSON.stringify(shape)}`),
    ].join(' ')
  })
  const { slots } = planMemory(calls)
  return [
    ...lines,
    `parameters ${trace.parameterElements}, gradients ${trace.gradientElements}, slots ${slots.join(' ')}`,
    '',
  ].join('\n')
}
