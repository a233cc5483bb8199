// The first values of parameters. A value depends on the seed, the name of the parameter and its place in it, and on
// nothing else in the net.

import { streams, uniforms } from '../kernels/philox.ts'
import type { Initial } from '../tensor/trace.ts'

/** All values 0: biases, running means. */
export const zeros: Initial = values => void values.fill(0)
/** All values 1: the scale of a norm, running variances. */
export const ones: Initial = values => void values.fill(1)

/** Normal with standard deviation sqrt(2 / fanIn) (He et al. 2015): keeps the variance through ReLU layers. */
export function he(fanIn: number): Initial {
  return normal(Math.sqrt(2 / fanIn))
}

/** Normal with standard deviation sqrt(2 / (fanIn + fanOut)) (Glorot and Bengio 2010): for layers without ReLU. */
export function xavier(fanIn: number, fanOut: number): Initial {
  return normal(Math.sqrt(2 / (fanIn + fanOut)))
}

/** Uniform within 1 / sqrt(fanIn), a third of that variance: what PyTorch's layers begin with. */
export function uniform(fanIn: number): Initial {
  return (values, seed, key) => {
    const next = uniforms((seed ^ key) >>> 0, streams.initialise)
    for (let i = 0; i < values.length; i++) values[i] = (2 * next() - 1) / Math.sqrt(fanIn)
  }
}

/** Normal with mean 0 and the standard deviation given by hand (Box and Muller). */
export function normal(deviation: number): Initial {
  return (values, seed, key) => {
    const next = uniforms((seed ^ key) >>> 0, streams.initialise)
    for (let i = 0; i < values.length; i += 2) {
      const radius = deviation * Math.sqrt(-2 * Math.log(1 - next()))
      const angle = 2 * Math.PI * next()
      values[i] = radius * Math.cos(angle)
      if (i + 1 < values.length) values[i + 1] = radius * Math.sin(angle)
    }
  }
}
