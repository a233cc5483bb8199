// Softmax with cross entropy, the usual end of a training step, in one kernel.
// The loss stays on the GPU: row (step mod ring) of `metrics` holds mean loss and share right until somebody reads it.
// So do the margins of an epoch, by position in its order: how far each photo's own label stood above the best other
// one (Pleiss et al. 2020).

import { float } from '../../kernels/kernel.ts'
import { crossEntropyKernel } from '../../kernels/losses/cross-entropy.ts'
import type { Tensor } from '../../tensor/trace.ts'
import { expectLabels, lossStates, metricsRing, scalarOf, type Loss, type LossOptions } from './loss.ts'

/** logits [N K], labels [N] (u32) -> a scalar on the tape. */
export function crossEntropy(logits: Tensor, labels: Tensor, options: LossOptions = {}): Tensor {
  const { trace } = logits
  const { smoothing = 0, mixed } = options
  const [N, K] = expectLabels(logits, labels)
  const { weights, metrics, margins } = lossStates(trace, N, K, options)
  const dlogits = trace.tensor(logits.shape)
  const { others = labels, shares = weights } = mixed ?? {} // read only where MIXED is 1
  const constants = { N, K, RING: metricsRing, MIXED: mixed ? 1 : 0, SMOOTHING: float(smoothing) }
  trace.call(crossEntropyKernel, { logits, labels, others, shares, weights, dlogits, metrics, margins }, constants)
  return scalarOf(logits, dlogits)
}

/** Softmax cross entropy, PyTorch's CrossEntropyLoss: the mean of -log p of the labels. What training uses by itself. */
export const softmaxCrossEntropy: Loss = { name: 'softmax-cross-entropy', record: crossEntropy }
