// The smooth activations and the leaky ReLU: y = f(x), and dx = dy f'(x). GELU is the exact one (Hendrycks and Gimpel
// 2016, x Phi(x)); leaky ReLU has slope 0.01 below zero; SiLU is x sigmoid(x); ReLU6 is ReLU cut off at 6, the hard
// sigmoid relu6(x + 3) / 6, and hard swish x times that.

import backwardWgsl from '../../../../shaders/elementwise/activation-backward.wgsl?raw'
import forwardWgsl from '../../../../shaders/elementwise/activation-forward.wgsl?raw'
import { elementKernel } from '../kernel.ts'
import { elementPass, itemPass } from '../wasm-form.ts'

/** In the order of KIND in shaders/lib/activation.wgsl. */
export const activations = [
  'leaky-relu',
  'gelu',
  'silu',
  'sigmoid',
  'tanh',
  'relu6',
  'hard-swish',
  'hard-sigmoid',
] as const
export type Activation = (typeof activations)[number]

const relu6 = activations.indexOf('relu6')

export const activationForward = elementKernel({
  name: 'activation-forward',
  source: forwardWgsl,
  bindings: { x: 'read', y: 'write' },
  constants: ['LENGTH', 'KIND'],
  half: ['x', 'y'],
  elements: c => c.LENGTH,
  wasm: c =>
    c.KIND === relu6 ? [elementPass('relu6Forward', c.LENGTH, 'x', 'y')] : [itemPass('activationForward', c.LENGTH, 8)],
  reference: ({ x, y }, { KIND }) => {
    const { value } = curves[activations[KIND]!]
    for (let i = 0; i < x.length; i++) y[i] = value(x[i]!)
  },
})

export const activationBackward = elementKernel({
  name: 'activation-backward',
  source: backwardWgsl,
  bindings: { x: 'read', dy: 'read', dx: 'write' },
  constants: ['LENGTH', 'KIND'],
  half: ['x', 'dy', 'dx'],
  elements: c => c.LENGTH,
  wasm: c =>
    c.KIND === relu6
      ? [elementPass('relu6Backward', c.LENGTH, 'dy', 'dx')]
      : [itemPass('activationBackward', c.LENGTH, 8)],
  reference: ({ x, dy, dx }, { KIND }) => {
    const { slope } = curves[activations[KIND]!]
    for (let i = 0; i < x.length; i++) dx[i] = dy[i]! * slope(x[i]!)
  },
})

interface ActivationFunction {
  readonly value: (x: number) => number
  readonly slope: (x: number) => number
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
const hardSigmoid = (x: number) => Math.min(Math.max(x + 3, 0), 6) / 6
const normalShare = (x: number) => 0.5 * (1 + erf(x * Math.SQRT1_2))

const curves: Readonly<Record<Activation, ActivationFunction>> = {
  'leaky-relu': { value: x => (x > 0 ? x : x * 0.01), slope: x => (x > 0 ? 1 : 0.01) },
  gelu: {
    value: x => x * normalShare(x),
    slope: x => normalShare(x) + (x * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI),
  },
  silu: { value: x => x * sigmoid(x), slope: x => sigmoid(x) * (1 + x * (1 - sigmoid(x))) },
  sigmoid: { value: sigmoid, slope: x => sigmoid(x) * (1 - sigmoid(x)) },
  relu6: { value: x => Math.min(Math.max(x, 0), 6), slope: x => (x > 0 && x < 6 ? 1 : 0) },
  'hard-swish': {
    value: x => x * hardSigmoid(x),
    slope: x => (x <= -3 ? 0 : x < 3 ? x / 3 + 0.5 : 1),
  },
  'hard-sigmoid': { value: hardSigmoid, slope: x => (x > -3 && x < 3 ? 1 / 6 : 0) },
  tanh: { value: Math.tanh, slope: x => 1 - Math.tanh(x) ** 2 },
}

/** The error function to double precision: its series where it converges fast, +-1 beyond. */
function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x)
  let [term, sum] = [x, x]
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}
