// Probabilities of a batch as rows of the results of a whole pass.  logits [N K] -> results [ROWS K]
// Evaluation reads the results once at the end, so no batch waits for a readback.

import { softmaxKernel } from '../kernels/elementwise/softmax.ts'
import type { Tensor } from '../tensor/trace.ts'

export function softmaxInto(results: Tensor, logits: Tensor): void {
  const [N, K] = logits.shape as [number, number]
  logits.trace.call(softmaxKernel, { logits, results }, { N, K })
}
