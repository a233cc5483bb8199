// A model as a Python file that PyTorch users read and go on with: one nn.Module whose state dict has the names of the weights
// (they are PyTorch's already), with normalisation inside, as in the ONNX file. Images flow channels first.

import { CoreError } from '../error.ts'
import type {
  ActivationDescription,
  LayerDescription,
  ModelDescription,
  PoolDescription,
  StateDict,
} from '../nn/description.ts'

type PaddingSides = PoolDescription['padding']

/** Lines of `__init__` and `forward` as they are collected; values are x and y1, y2 ... where a layer branches. */
interface Source {
  readonly weights: StateDict
  readonly modules: string[]
  readonly forward: string[]
  /** Modules that were written: shared weights are one module. */
  readonly known: Set<string>
  /** Values without places, [N, F]. */
  readonly flat: Set<string>
  values: number
}

/** The text of `model.py`: class Net, u8 [N, H, W, C] -> logits f32 [N, classes]. CoreError 'bad-model' for own layers. */
export function pytorchModule(model: ModelDescription, weights: StateDict): string {
  const source: Source = { weights, modules: [], forward: [], known: new Set(), flat: new Set(), values: 0 }
  addLayers(source, model.layers, 'x')
  const { normalise, mirrored = false, classes } = model
  return `"""${model.preset}: ${classes.length} classes. Written by Winnow; the weights are in weights.safetensors."""

import torch
import torch.nn.functional as F
from torch import nn

CLASSES = [${classes.map(quoted).join(', ')}]
MEAN = [${normalise.mean.join(', ')}]
STD = [${normalise.std.join(', ')}]


class Net(nn.Module):
    """u8 [N, ${model.input.height}, ${model.input.width}, ${model.input.channels}], 0 to 255 -> logits f32 [N, ${classes.length}]"""

    def __init__(self):
        super().__init__()
${source.modules.map(line => `        ${line}\n`).join('')}
    def put(self, path, module):
        *parents, name = path.split(".")
        place = self
        for parent in parents:
            if not hasattr(place, parent):
                place.add_module(parent, nn.Module())
            place = getattr(place, parent)
        place.add_module(name, module)

    def forward(self, image):
        x = image.permute(0, 3, 1, 2).to(torch.float32) / 255
        mean = torch.tensor(MEAN, device=x.device).view(1, -1, 1, 1)
        std = torch.tensor(STD, device=x.device).view(1, -1, 1, 1)
        x = (x - mean) / std
${mirrored ? '        if not self.training:  # the mean of the answers for the photo and for its mirror image\n            return (self.logits(x) + self.logits(x.flip(3))) / 2\n' : ''}        return self.logits(x)

    def logits(self, x):
        layer = self.get_submodule
${source.forward.map(line => `        ${line}\n`).join('')}        return x
`
}

function addLayers(source: Source, layers: readonly LayerDescription[], value: string): void {
  for (const layer of layers) addLayer(source, layer, value)
}

const flattening: ReadonlySet<string> = new Set(['flatten', 'global-average-pool', 'pooled-marks'])

/** Adds the line that makes `v` what it is after the layer. */
function addLayer(source: Source, layer: LayerDescription, v: string): void {
  const say = (line: string) => void source.forward.push(line)
  if (flattening.has(layer.type)) source.flat.add(v)
  switch (layer.type) {
    case 'conv2d':
    case 'dense':
    case 'batch-norm':
    case 'group-norm':
    case 'layer-norm':
      return addModule(source, layer, v)
    case 'max-pool':
      return say(maxPool(layer, v))
    case 'average-pool':
      return void averagePool(layer, v).forEach(say)
    case 'global-average-pool':
      return say(`${v} = ${v}.mean((2, 3))`)
    case 'adaptive-average-pool':
      return say(`${v} = F.adaptive_avg_pool2d(${v}, (${layer.size.join(', ')}))`)
    case 'flatten':
      return say(`${v} = ${v}.flatten(1)`)
    case 'dropout':
      return say(`${v} = F.dropout(${v}, ${layer.rate}, self.training)`)
    case 'mark':
      return say(`mark_${identifier(layer.mark)} = ${v}`)
    case 'pooled-marks':
      return say(
        `${v} = torch.cat([${layer.marks.map(mark => `mark_${identifier(mark)}.mean((2, 3))`).join(', ')}], 1)`,
      )
    case 'residual':
    case 'multiply':
    case 'concat':
      return addBranches(source, layer, v)
    case 'own':
      throw new CoreError(
        'bad-model',
        `Layer ${layer.name} is the own op "${layer.op}", which PyTorch does not have.`,
        'Export a net of the given layers, or write the op as some of them.',
      )
    default:
      return say(`${v} = ${activations[layer.type](v)}`)
  }
}

const activations: Readonly<Record<ActivationDescription['type'], (v: string) => string>> = {
  relu: v => `F.relu(${v})`,
  'leaky-relu': v => `F.leaky_relu(${v}, 0.01)`,
  gelu: v => `F.gelu(${v})`,
  silu: v => `F.silu(${v})`,
  sigmoid: v => `torch.sigmoid(${v})`,
  tanh: v => `torch.tanh(${v})`,
  relu6: v => `F.relu6(${v})`,
  'hard-swish': v => `F.hardswish(${v})`,
  'hard-sigmoid': v => `F.hardsigmoid(${v})`,
}

type ModuleLayer = Extract<LayerDescription, { type: 'conv2d' | 'dense' | 'batch-norm' | 'group-norm' | 'layer-norm' }>

function addModule(source: Source, layer: ModuleLayer, v: string): void {
  const { forward, known, modules } = source
  const call = `layer(${quoted(layer.name)})`
  if (!known.has(layer.name)) modules.push(`self.put(${quoted(layer.name)}, ${moduleOf(source, layer, v)})`)
  known.add(layer.name)
  if (layer.type === 'layer-norm') {
    // Over the channels of each place, which PyTorch wants last.
    forward.push(`${v} = ${call}(${v}.movedim(1, -1)).movedim(-1, 1)`)
    return
  }
  if (layer.type === 'conv2d' && !isEven(layer.padding))
    forward.push(`${v} = F.pad(${v}, ${padArguments(layer.padding)})`)
  forward.push(`${v} = ${call}(${v})`)
}

function moduleOf({ weights, flat }: Source, layer: ModuleLayer, v: string): string {
  const [out, into = 0] = shapeOf(weights, `${layer.name}.weight`)
  switch (layer.type) {
    case 'conv2d': {
      const { kernel, stride, padding, dilation, groups, bias } = layer
      const even = isEven(padding) ? [padding[0], padding[1]] : [0, 0]
      const rest = `stride=${tuple(stride)}, padding=${tuple(even)}, dilation=${tuple(dilation)}, groups=${groups}, bias=${boolean(bias)}`
      return `nn.Conv2d(${into * groups}, ${out}, ${tuple(kernel)}, ${rest})`
    }
    case 'dense':
      return `nn.Linear(${into}, ${out}, bias=${boolean(layer.bias)})`
    case 'batch-norm':
      return `nn.BatchNorm${flat.has(v) ? 1 : 2}d(${out}, eps=${layer.epsilon}, momentum=${layer.momentum})`
    case 'group-norm':
      return `nn.GroupNorm(${layer.groups}, ${out}, eps=${layer.epsilon})`
    case 'layer-norm':
      return `nn.LayerNorm(${out}, eps=${layer.epsilon})`
  }
}

function shapeOf(weights: StateDict, name: string): readonly [number, ...number[]] {
  const tensor = weights.get(name)
  if (tensor) return tensor.shape as readonly [number, ...number[]]
  throw new CoreError(
    'bad-model',
    `The weights hold no ${name}.`,
    'Use a checkpoint whose weights belong to its model.',
  )
}

type BranchedLayer = Extract<LayerDescription, { type: 'residual' | 'multiply' | 'concat' }>

function addBranches(source: Source, layer: BranchedLayer, v: string): void {
  const branch = (layers: readonly LayerDescription[]) => {
    const own = `y${++source.values}`
    source.forward.push(`${own} = ${v}`)
    if (source.flat.has(v)) source.flat.add(own)
    addLayers(source, layers, own)
    if (layer.type !== 'multiply' && source.flat.has(own)) source.flat.add(v)
    return own
  }
  if (layer.type === 'concat') source.forward.push(`${v} = torch.cat([${layer.branches.map(branch).join(', ')}], 1)`)
  else if (layer.type === 'multiply') addMultiply(source, branch(layer.body), v)
  else source.forward.push(`${v} = ${branch(layer.body)} + ${branch(layer.shortcut)}`)
}

/** Factors of one value a channel, [N, C], are spread over the places. */
function addMultiply({ forward }: Source, factors: string, v: string): void {
  forward.push(`${v} = ${v} * (${factors} if ${factors}.dim() == ${v}.dim() else ${factors}[:, :, None, None])`)
}

function maxPool({ size, stride, padding }: PoolDescription, v: string): string {
  if (isPoolPadding(padding, size))
    return `${v} = F.max_pool2d(${v}, ${tuple(size)}, ${tuple(stride)}, ${tuple([padding[0], padding[1]])})`
  return `${v} = F.max_pool2d(F.pad(${v}, ${padArguments(padding)}, value=float("-inf")), ${tuple(size)}, ${tuple(stride)})`
}

/** Padding is not counted: where PyTorch cannot say so itself, the sum of the values over that of ones. */
function averagePool({ size, stride, padding }: PoolDescription, v: string): string[] {
  const pool = (x: string) => `F.avg_pool2d(F.pad(${x}, ${padArguments(padding)}), ${tuple(size)}, ${tuple(stride)})`
  if (isPoolPadding(padding, size)) {
    const even = tuple([padding[0], padding[1]])
    return [`${v} = F.avg_pool2d(${v}, ${tuple(size)}, ${tuple(stride)}, ${even}, count_include_pad=False)`]
  }
  return [`${v} = ${pool(v)} / ${pool(`torch.ones_like(${v})`)}`]
}

function isEven([top, left, bottom, right]: PaddingSides): boolean {
  return top === bottom && left === right
}

/** What PyTorch's pools take as padding: even, and no more than half the window. */
function isPoolPadding(padding: PaddingSides, [height, width]: PoolDescription['size']): boolean {
  return isEven(padding) && padding[0] <= height / 2 && padding[1] <= width / 2
}

/** As F.pad wants it: left, right, top, bottom. */
function padArguments([top, left, bottom, right]: PaddingSides): string {
  return tuple([left, right, top, bottom])
}

function tuple(values: readonly number[]): string {
  return `(${values.join(', ')})`
}

function boolean(value: boolean): string {
  return value ? 'True' : 'False'
}

/** JSON's strings are Python's but for what lies beyond the basic plane, which Python reads as two halves. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\u{7f}-\u{10ffff}]/gu, sign => {
    const code = sign.codePointAt(0)!
    return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : sign
  })
}

function identifier(name: string): string {
  return name.replaceAll(/\W/g, '_')
}
