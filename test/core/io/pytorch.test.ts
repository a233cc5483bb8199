// Every layer type and whole nets as a PyTorch module, run by PyTorch with a strict load of the weights, against ONNX Runtime on
// the exported file.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { encodeOnnx } from '../../../src/core/io/onnx.ts'
import { pytorchModule } from '../../../src/core/io/pytorch.ts'
import { encodeSafetensors } from '../../../src/core/io/safetensors.ts'
import type { ModelDescription, StateDict } from '../../../src/core/nn/description.ts'
import { openEngine } from '../../../src/main/export/model/engine.ts'
import { pythonWith, runPython } from '../../python.ts'
import { layerCases } from './layer-cases.ts'
import { describeModel, makePixels } from './models.ts'
import { randomState, wholeNets } from './whole-nets.ts'

const python = pythonWith('torch', 'numpy')
const folder = mkdtempSync(join(tmpdir(), 'winnow-test-'))
afterAll(() => rmSync(folder, { recursive: true }))
const photos = 2

/** Every net in a folder of its own: starting PyTorch costs more than all of them. */
const answersOfAll = `
import importlib.util, json, struct, sys, numpy, torch
from pathlib import Path
answers = {}
for place in sorted(Path(sys.argv[1]).iterdir()):
    spec = importlib.util.spec_from_file_location("model", place / "model.py")
    model = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(model)
    data = (place / "weights.safetensors").read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__", None)
    weights = {}
    for name, about in header.items():
        a, b = (8 + length + at for at in about["data_offsets"])
        weights[name] = torch.from_numpy(numpy.frombuffer(data[a:b], dtype="<f4").reshape(about["shape"]).copy())
    net = model.Net()
    for name, value in net.state_dict().items():
        if name.endswith("num_batches_tracked"):
            weights[name] = value
    net.load_state_dict(weights, strict=True)
    pixels = numpy.fromfile(place / "pixels", dtype=numpy.uint8).reshape(json.loads((place / "shape.json").read_text()))
    with torch.no_grad():
        answers[place.name] = net.eval()(torch.from_numpy(pixels)).softmax(1).flatten().tolist()
print(json.dumps(answers))
`

interface Net {
  readonly model: ModelDescription
  readonly weights: StateDict
}

const smallNets: Readonly<Record<string, Net>> = {
  ...layerCases,
  'a mirrored net': { ...layerCases.convolution, model: { ...layerCases.convolution.model, mirrored: true } },
}

async function allNets(): Promise<Record<string, Net>> {
  const nets: Record<string, Net> = { ...smallNets }
  for (const [name, model] of Object.entries(wholeNets)) nets[name] = { model, weights: await randomState(model) }
  return nets
}

async function expectedOf({ model, weights }: Net, pixels: Uint8Array<ArrayBuffer>) {
  const engine = await openEngine(encodeOnnx(model, weights, { run: 'r', appVersion: '0' }))
  return [...(await engine.run(pixels, photos).finally(() => engine.close()))]
}

describe.skipIf(!python)('a PyTorch module', () => {
  it('of every layer type and of whole nets answers as the ONNX file does', async () => {
    const nets = await allNets()
    const expected: Record<string, readonly number[]> = {}
    for (const [name, net] of Object.entries(nets)) {
      const { height, width, channels } = net.model.input
      const pixels = makePixels(photos * height * width * channels)
      const place = join(folder, name.replaceAll('/', '_'))
      mkdirSync(place)
      writeFileSync(join(place, 'model.py'), pytorchModule(net.model, net.weights))
      writeFileSync(join(place, 'weights.safetensors'), encodeSafetensors(net.weights, new Map()))
      writeFileSync(join(place, 'pixels'), pixels)
      writeFileSync(join(place, 'shape.json'), JSON.stringify([photos, height, width, channels]))
      expected[name.replaceAll('/', '_')] = await expectedOf(net, pixels)
    }
    const answers = JSON.parse(runPython(python!, answersOfAll, [folder])) as Record<string, number[]>
    expect(Object.keys(answers)).toHaveLength(Object.keys(nets).length)
    const differences = Object.entries(answers).map(([name, values]): [string, number] => [
      name,
      Math.max(...values.map((value, i) => Math.abs(value - expected[name]![i]!))),
    ])
    expect(differences.filter(([, most]) => !(most < 2e-5))).toEqual([])
  })
})

describe('a module that is not written', () => {
  it('is that of own ops, and that of weights that are not there', () => {
    const own = describeModel([{ type: 'own', name: 'x', op: 'twice', options: {} }], 3)
    expect(() => pytorchModule(own, new Map())).toThrow('Layer x is the own op "twice"')
    expect(() => pytorchModule(layerCases.convolution.model, new Map())).toThrow('The weights hold no conv.weight.')
  })

  it('would not run: class names are written as strings, whatever is in them', () => {
    const { model, weights } = layerCases.convolution
    const text = pytorchModule({ ...model, classes: ['a"; import os', '새\n', '🐶'] }, weights)
    expect(text).toContain('CLASSES = ["a\\"; import os", "새\\n", "\\U0001f436"]')
  })
})
