// Chooses which tensors of a step are stored as f16: those temporaries (activations and their gradients) that only
// kernels with `half` (kernels/kernel.ts) read or write. Weights, their gradients, statistics, the loss and the
// optimizer's state stay f32.

import { rootOf, type Tensor, type TracedCall } from './trace.ts'

/** The same calls over tensors of type 'f16' where that can be. */
export function inHalfPrecision(calls: readonly TracedCall[]): TracedCall[] {
  const whole = new Set(
    calls.flatMap(({ kernel, tensors }) =>
      Object.entries(tensors)
        .filter(([name]) => !kernel.half?.includes(name))
        .map(([, tensor]) => rootOf(tensor)),
    ),
  )
  const roots = new Map<Tensor, Tensor>()
  const halved = (root: Tensor): Tensor => {
    const known = roots.get(root) ?? { ...root, type: 'f16' as const }
    roots.set(root, known)
    return known
  }
  const stored = (x: Tensor): Tensor => {
    const root = rootOf(x)
    if (root.role !== 'temporary' || root.type !== 'f32' || whole.has(root)) return x
    return x === root ? halved(root) : { ...x, type: 'f16', base: halved(root) }
  }
  return calls.map(call => ({
    ...call,
    tensors: Object.fromEntries(Object.entries(call.tensors).map(([name, tensor]) => [name, stored(tensor)])),
  }))
}
