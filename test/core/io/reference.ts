// Every layer of a model description as plain loops in double precision, one image at a time, channels first: the judge
// of exports. Written from PyTorch's definitions, sharing nothing with the code under test.

import type {
  ActivationDescription,
  Conv2dDescription,
  LayerDescription,
  ModelDescription,
  PoolDescription,
  StateDict,
} from '../../../src/core/nn/description.ts'

/** Channels, rows, columns; a flat value has one row and one column. */
interface Image {
  readonly c: number
  readonly h: number
  readonly w: number
  readonly at: number[]
}

/** Probabilities of one image, `pixels` being u8 [H, W, C]. */
export function predictReference(model: ModelDescription, weights: StateDict, pixels: Uint8Array): number[] {
  const { height: h, width: w, channels: c } = model.input
  const image: Image = { c, h, w, at: [] }
  for (let k = 0; k < c; k++) {
    for (let i = 0; i < h * w; i++)
      image.at.push((pixels[i * c + k]! / 255 - model.normalise.mean[k]!) / model.normalise.std[k]!)
  }
  const logits = forwardAll(model.layers, weights, image).at
  if (!model.mirrored) return softmax(logits)
  const mirrored = forwardAll(model.layers, weights, {
    ...image,
    at: image.at.map((_, i) => image.at[i - (i % w) + (w - 1 - (i % w))]!),
  }).at
  return softmax(logits.map((value, k) => (value + mirrored[k]!) / 2))
}

type Marks = Map<string, Image>

function forwardAll(
  layers: readonly LayerDescription[],
  weights: StateDict,
  x: Image,
  marks: Marks = new Map(),
): Image {
  return layers.reduce((value, layer) => forward(layer, weights, value, marks), x)
}

function forward(layer: LayerDescription, weights: StateDict, x: Image, marks: Marks): Image {
  switch (layer.type) {
    case 'conv2d':
      return conv(layer, weights, x)
    case 'dense':
      return dense(layer.name, layer.units, layer.bias, weights, x)
    case 'batch-norm':
      return batchNorm(layer.name, layer.epsilon, weights, x)
    case 'group-norm':
      return groupNorm(layer, layer.groups, weights, x)
    case 'layer-norm':
      return layerNorm(layer, weights, x)
    case 'max-pool':
      return pool(layer, x, values => Math.max(...values))
    case 'average-pool':
      return pool(layer, x, values => values.reduce((a, b) => a + b, 0) / values.length)
    case 'global-average-pool':
      return globalPool(x)
    case 'flatten':
      return { c: x.at.length, h: 1, w: 1, at: x.at }
    case 'dropout':
      return x
    case 'residual':
      return add(forwardAll(layer.body, weights, x, marks), forwardAll(layer.shortcut, weights, x, marks))
    case 'adaptive-average-pool':
      return adaptivePool(x, layer.size)
    case 'multiply': {
      const factors = forwardAll(layer.body, weights, x, marks)
      const area = (x.h * x.w) / (factors.h * factors.w)
      return { ...x, at: x.at.map((value, i) => value * factors.at[Math.floor(i / area)]!) }
    }
    case 'mark':
      marks.set(layer.mark, x)
      return x
    case 'pooled-marks':
      return concat(layer.marks.map(mark => globalPool(marks.get(mark)!)))
    case 'concat':
      return concat(layer.branches.map(branch => forwardAll(branch, weights, x, marks)))
    case 'own':
      throw new Error('Files hold no own ops.')
    default:
      return { ...x, at: x.at.map(activations[layer.type]) }
  }
}

const activations: Record<ActivationDescription['type'], (v: number) => number> = {
  relu6: v => Math.min(Math.max(v, 0), 6),
  'hard-swish': v => (v * Math.min(Math.max(v + 3, 0), 6)) / 6,
  'hard-sigmoid': v => Math.min(Math.max(v + 3, 0), 6) / 6,
  relu: v => Math.max(v, 0),
  'leaky-relu': v => (v > 0 ? v : 0.01 * v),
  gelu: v => (v / 2) * (1 + erf(v / Math.SQRT2)),
  silu: v => v / (1 + Math.exp(-v)),
  sigmoid: v => 1 / (1 + Math.exp(-v)),
  tanh: Math.tanh,
}

/** The error function by its power series, exact to double precision for the small arguments used here. */
function erf(x: number): number {
  let term = x
  let sum = x
  for (let n = 1; n < 100; n++) {
    term *= (-x * x) / n
    sum += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}

function conv(layer: Conv2dDescription, weights: StateDict, x: Image): Image {
  const {
    filters,
    kernel: [r, s],
    stride,
    padding: [top, left, bottom, right],
    dilation,
    groups,
  } = layer
  const weight = weights.get(`${layer.name}.weight`)!.data
  const bias = layer.bias ? weights.get(`${layer.name}.bias`)!.data : null
  const h = Math.floor((x.h + top + bottom - dilation[0] * (r - 1) - 1) / stride[0]) + 1
  const w = Math.floor((x.w + left + right - dilation[1] * (s - 1) - 1) / stride[1]) + 1
  const perGroup = x.c / groups
  const at: number[] = []
  for (let k = 0; k < filters; k++)
    for (let p = 0; p < h; p++)
      for (let q = 0; q < w; q++) {
        let sum = bias ? bias[k]! : 0
        for (let c = 0; c < perGroup; c++)
          for (let i = 0; i < r; i++)
            for (let j = 0; j < s; j++) {
              const row = p * stride[0] - top + i * dilation[0]
              const column = q * stride[1] - left + j * dilation[1]
              if (row < 0 || row >= x.h || column < 0 || column >= x.w) continue
              const channel = Math.floor(k / (filters / groups)) * perGroup + c
              sum += weight[((k * perGroup + c) * r + i) * s + j]! * x.at[(channel * x.h + row) * x.w + column]!
            }
        at.push(sum)
      }
  return { c: filters, h, w, at }
}

function dense(name: string, units: number, hasBias: boolean, weights: StateDict, x: Image): Image {
  const weight = weights.get(`${name}.weight`)!.data
  const at = Array.from({ length: units }, (_, unit) => {
    const sum = x.at.reduce((total, value, i) => total + value * weight[unit * x.at.length + i]!, 0)
    return sum + (hasBias ? weights.get(`${name}.bias`)!.data[unit]! : 0)
  })
  return { c: units, h: 1, w: 1, at }
}

function batchNorm(name: string, epsilon: number, weights: StateDict, x: Image): Image {
  const [weight, bias, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(
    part => weights.get(`${name}.${part}`)!.data,
  )
  const at = x.at.map((value, i) => {
    const c = Math.floor(i / (x.h * x.w))
    return ((value - mean![c]!) / Math.sqrt(variance![c]! + epsilon)) * weight![c]! + bias![c]!
  })
  return { ...x, at }
}

function groupNorm(
  { name, epsilon }: { name: string; epsilon: number },
  groups: number,
  weights: StateDict,
  x: Image,
): Image {
  const [weight, bias] = ['weight', 'bias'].map(part => weights.get(`${name}.${part}`)!.data)
  const size = x.at.length / groups
  const at = Array.from({ length: groups }, (_, g) =>
    standardised(x.at.slice(g * size, (g + 1) * size), epsilon),
  ).flat()
  return {
    ...x,
    at: at.map((value, i) => value * weight![Math.floor(i / (x.h * x.w))]! + bias![Math.floor(i / (x.h * x.w))]!),
  }
}

function layerNorm({ name, epsilon }: { name: string; epsilon: number }, weights: StateDict, x: Image): Image {
  const [weight, bias] = ['weight', 'bias'].map(part => weights.get(`${name}.${part}`)!.data)
  const at = [...x.at]
  for (let pixel = 0; pixel < x.h * x.w; pixel++) {
    const place = (c: number) => c * x.h * x.w + pixel
    const channels = Array.from({ length: x.c }, (_, c) => x.at[place(c)]!)
    standardised(channels, epsilon).forEach((value, c) => (at[place(c)] = value * weight![c]! + bias![c]!))
  }
  return { ...x, at }
}

function standardised(values: readonly number[], epsilon: number): number[] {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return values.map(value => (value - mean) / Math.sqrt(variance + epsilon))
}

function pool(
  { size, stride, padding: [top, left, bottom, right] }: PoolDescription,
  x: Image,
  reduce: (values: number[]) => number,
): Image {
  const h = Math.floor((x.h + top + bottom - size[0]) / stride[0]) + 1
  const w = Math.floor((x.w + left + right - size[1]) / stride[1]) + 1
  const at: number[] = []
  for (let c = 0; c < x.c; c++)
    for (let p = 0; p < h; p++)
      for (let q = 0; q < w; q++) {
        const inside: number[] = []
        for (let i = 0; i < size[0]; i++)
          for (let j = 0; j < size[1]; j++) {
            const row = p * stride[0] - top + i
            const column = q * stride[1] - left + j
            if (row >= 0 && row < x.h && column >= 0 && column < x.w) inside.push(x.at[(c * x.h + row) * x.w + column]!)
          }
        at.push(reduce(inside))
      }
  return { c: x.c, h, w, at }
}

function globalPool(x: Image): Image {
  const area = x.h * x.w
  const at = Array.from(
    { length: x.c },
    (_, c) => x.at.slice(c * area, (c + 1) * area).reduce((a, b) => a + b, 0) / area,
  )
  return { c: x.c, h: 1, w: 1, at }
}

function add(a: Image, b: Image): Image {
  return { ...a, at: a.at.map((value, i) => value + b.at[i]!) }
}

function adaptivePool(x: Image, [p, q]: readonly [number, number]): Image {
  const edges = (i: number, length: number, windows: number) =>
    [Math.floor((i * length) / windows), Math.ceil(((i + 1) * length) / windows)] as const
  const at: number[] = []
  for (let i = 0; i < x.c * p * q; i++) {
    const [[top, bottom], [left, right]] = [edges(Math.floor(i / q) % p, x.h, p), edges(i % q, x.w, q)]
    let sum = 0
    for (let h = top; h < bottom; h++)
      for (let w = left; w < right; w++) sum += x.at[(Math.floor(i / (p * q)) * x.h + h) * x.w + w]!
    at.push(sum / ((bottom - top) * (right - left)))
  }
  return { c: x.c, h: p, w: q, at }
}

function concat(parts: Image[]): Image {
  return { ...parts[0]!, c: parts.reduce((sum, part) => sum + part.c, 0), at: parts.flatMap(part => part.at) }
}

function softmax(logits: number[]): number[] {
  const most = Math.max(...logits)
  const powers = logits.map(value => Math.exp(value - most))
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map(power => power / sum)
}
