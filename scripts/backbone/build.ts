// `npm run build:backbone`: the backbone that comes with Winnow, build/backbone/mobilenet-v2-folded.safetensors. Its
// weights are those of the object detector in @mediapipe/objectron (Apache-2.0, Google): a MobileNet v2 trained on Open
// Images, with batch norm folded into biases. Only the trunk is taken, in float16 as it lies there; both ends are checked
// by hash. Where the result is there already, nothing is done.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { encodeTensorFile, type StoredTensor } from '../../src/core/io/safetensors.ts'
import { activations, operators, paddings, readTflite, tensorTypes, type TfliteModel } from './tflite.ts'

const packed = '@mediapipe/objectron/objectron_solution_packed_assets.data'
/** Where `object_detection_ssd_mobilenetv2_oidv4_fp16.tflite` lies in it. */
const [begin, end] = [184, 9_987_912]
const sourceSha256 = 'd0a5255bf8c4f5a0bc4240741a76c41d5e939f7655078f945f50ab53a9375da6'
const resultSha256 = '03f1b21752a69450f22f992d85459a198364caa53fb7f0ee724195d4dd43ccea'

/** The predictors of boxes, which stand between, have other names. */
const ofTrunk = /^FeatureExtractor\/MobilenetV2\/(Conv|Conv_1|expanded_conv(_\d+)?)\//

const target = join(import.meta.dirname, '..', '..', 'build', 'backbone', 'mobilenet-v2-folded.safetensors')

if (!existsSync(target) || sha256(readFileSync(target)) !== resultSha256) {
  const bytes = buildBackbone()
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(`${target}.part`, bytes)
  renameSync(`${target}.part`, target)
  process.stderr.write(`Wrote ${target} (${(bytes.length / 2 ** 20).toFixed(1)} MiB).\n`)
}

function buildBackbone(): Uint8Array {
  const file = readFileSync(createRequire(import.meta.url).resolve(packed))
  const source = new Uint8Array(file.subarray(begin, end))
  expectHash(`The detector in ${packed}`, source, sourceSha256)
  const result = encodeTensorFile(
    trunkOf(readTflite(source)),
    new Map([
      ['format', 'winnow-backbone'],
      ['version', '1'],
      ['preset', 'mobilenet-v2-folded'],
      ['source', 'MobileNet v2 of the Open Images detector in @mediapipe/objectron 0.4'],
      ['licence', 'Apache-2.0'],
    ]),
  )
  expectHash('The backbone made of it', result, resultSha256)
  return result
}

/** The convolutions of a MobileNet v2 in order, under torchvision's names: a stem, 17 blocks of which the first does not
 *  expand, and a last 1 x 1. */
function layerNames(): string[] {
  const blocks = Array.from({ length: 17 }, (_, i) => {
    const parts = i === 0 ? ['0.0', '1'] : ['0.0', '1.0', '2']
    return parts.map(part => `features.${i + 1}.conv.${part}`)
  })
  return ['features.0.0', ...blocks.flat(), 'features.18.0']
}

function trunkOf(model: TfliteModel): StoredTensor[] {
  const makers = new Map(model.operators.flatMap(operator => operator.outputs.map(output => [output, operator])))
  const convolutions = model.operators.filter(
    ({ window, outputs }) => window !== undefined && ofTrunk.test(model.tensors[outputs[0]!]!.name),
  )
  return layerNames().flatMap((name, i) => {
    const { code, inputs, window } = convolutions[i]!
    const linear = /conv\.(1|2)$/.test(name)
    if (window!.padding !== paddings.same || window!.activation !== (linear ? activations.none : activations.relu6))
      throw new Error(`Convolution ${i} of the detector is not the ${name} of a MobileNet v2.`)
    const [filters, biases] = inputs.slice(1).map(input => {
      const maker = makers.get(input)
      if (maker?.code !== operators.dequantize) throw new Error(`The weights of ${name} are not stored in float16.`)
      return model.tensors[maker.inputs[0]!]!
    })
    if (filters!.type !== tensorTypes.float16) throw new Error(`The filters of ${name} are not in float16.`)
    const depthwise = code === operators.depthwiseConv2d
    return [
      { name: `${name}.weight`, type: 'F16', ...inTorchOrder(filters!.shape, filters!.bytes, depthwise) },
      { name: `${name}.bias`, type: 'F16', shape: biases!.shape, bytes: biases!.bytes },
    ]
  })
}

/** Filters K R S C, of a depthwise convolution 1 R S K, as K C R S; two bytes a value. */
function inTorchOrder(
  [K, R, S, C]: readonly number[],
  bytes: Uint8Array,
  depthwise: boolean,
): Pick<StoredTensor, 'shape' | 'bytes'> {
  const shape = depthwise ? [C!, 1, R!, S!] : [K!, C!, R!, S!]
  const ordered = new Uint8Array(bytes.length)
  const area = R! * S!
  for (let k = 0; k < K!; k++) {
    for (let tap = 0; tap < area; tap++) {
      for (let c = 0; c < C!; c++) {
        const from = 2 * ((k * area + tap) * C! + c)
        ordered.set(bytes.subarray(from, from + 2), 2 * ((k * C! + c) * area + tap))
      }
    }
  }
  return { shape, bytes: ordered }
}

function expectHash(what: string, bytes: Uint8Array, wanted: string): void {
  const found = sha256(bytes)
  if (found !== wanted) throw new Error(`${what} has the SHA-256 ${found}, but ${wanted} was expected.`)
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
