// The smooth activations and the leaky ReLU. x [...] -> y [...] = f(x). ReLU has an op of its own, because others fuse
// it. GELU is the exact one (Hendrycks and Gimpel 2016, x Phi(x)); leaky ReLU has slope 0.01 below zero; SiLU is x
// sigmoid(x).

import {
  activationBackward,
  activationForward,
  activations,
  type Activation,
} from '../kernels/elementwise/activation.ts'
import type { Tensor } from '../tensor/trace.ts'

export function activation(x: Tensor, kind: Activation): Tensor {
  const { trace } = x
  const constants = { LENGTH: x.size, KIND: activations.indexOf(kind) }
  const y = trace.tensor(x.shape)
  trace.call(activationForward, { x, y }, constants)
  // The slope of ReLU6 shows in its result as well, so that nothing needs its input, which then is never stored.
  const seen = kind === 'relu6' ? y : x
  trace.onBackward(y, dy => {
    const dx = trace.tensor(x.shape)
    trace.call(activationBackward, { x: seen, dy, dx }, constants)
    return [[x, dx]]
  })
  return y
}
