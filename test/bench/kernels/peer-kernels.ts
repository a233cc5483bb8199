// The hot kernels of TensorFlow.js by themselves, called the way its gradients call them.

/* eslint-disable @typescript-eslint/no-explicit-any -- the peers' types are not part of this project's build */

/** Photos, channels, filters, side and padding of a 3 x 3 convolution of stride 1. */
export type ConvShape = readonly [n: number, c: number, k: number, side: number, pad: number]
export type PeerKernel =
  | { readonly kind: 'matmul'; readonly size: number }
  | { readonly kind: 'forward' | 'input' | 'weight'; readonly shape: ConvShape }

export interface TfjsKernels {
  /** Milliseconds of one run by the clock, the wait for its end included. */
  time(kernel: PeerKernel): Promise<number>
}

export async function openTfjsKernels(tf: any): Promise<TfjsKernels> {
  await tf.setBackend('webgpu')
  await tf.ready()
  const prepared = new Map<PeerKernel, () => any>()
  return {
    async time(kernel) {
      if (!prepared.has(kernel)) {
        prepared.set(kernel, callOf(tf, kernel))
        await once(tf, prepared.get(kernel)!)
      }
      const began = performance.now()
      await once(tf, prepared.get(kernel)!)
      return performance.now() - began
    },
  }
}

/** Reading one value is how its WebGPU backend can be waited for. */
async function once(tf: any, call: () => any): Promise<void> {
  const result = call()
  const first = tf.tidy(() => tf.slice(tf.reshape(result, [-1]), [0], [1]))
  await first.data()
  first.dispose()
  result.dispose()
}

function callOf(tf: any, kernel: PeerKernel): () => any {
  if (kernel.kind === 'matmul') {
    const [a, b] = [0, 1].map(() => tf.randomUniform([kernel.size, kernel.size], -1, 1))
    return () => tf.matMul(a, b)
  }
  const [n, c, k, side, pad] = kernel.shape
  const out = side + 2 * pad - 2
  const attributes = { strides: [1, 1], pad: pad === 1 ? 'same' : pad, dataFormat: 'NHWC', dimRoundingMode: undefined }
  const x = tf.randomUniform([n, side, side, c], -1, 1)
  const w = tf.randomUniform([3, 3, c, k], -1, 1)
  const dy = tf.randomUniform([n, out, out, k], -1, 1)
  const run = (name: string, inputs: object, more: object) =>
    tf.engine().runKernel(name, inputs, { ...attributes, ...more })
  switch (kernel.kind) {
    case 'forward':
      return () => tf.conv2d(x, w, 1, attributes.pad)
    case 'input':
      return () => run('Conv2DBackpropInput', { dy, filter: w }, { inputShape: [n, side, side, c] })
    case 'weight':
      return () => run('Conv2DBackpropFilter', { x, dy }, { filterShape: [3, 3, c, k] })
  }
}
