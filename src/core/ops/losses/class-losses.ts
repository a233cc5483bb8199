// The losses beside softmax cross entropy. Each takes labels as class numbers, with label smoothing, class weights and
// mixed photos like it; validation and predictions go on asking the softmax of the logits.

import { CoreError } from '../../error.ts'
import { float } from '../../kernels/kernel.ts'
import { binaryCrossEntropyKernel, focalKernel, meanSquaredErrorKernel } from '../../kernels/losses/class-losses.ts'
import { refuseOthers } from '../../options.ts'
import type { Tensor } from '../../tensor/trace.ts'
import { lossOf, type Loss } from './loss.ts'

/** Binary cross entropy: each logit answers "is it this class?" by its sigmoid; the mean over classes and photos, as
 *  PyTorch's BCEWithLogitsLoss of one-hot labels: max(z, 0) - z t + log(1 + exp(-|z|)). */
export function binaryCrossEntropy(): Loss {
  return lossOf('binary-cross-entropy', tensors =>
    tensors.logits.trace.call(binaryCrossEntropyKernel, tensors, sizes(tensors)),
  )
}

/** Mean squared error of the logits to one-hot labels, as PyTorch's MSELoss: the mean over classes and photos of
 *  (z - t)^2 (for classification: Hui and Belkin 2021, arXiv 2006.07322). */
export function meanSquaredError(): Loss {
  return lossOf('mean-squared-error', tensors =>
    tensors.logits.trace.call(meanSquaredErrorKernel, tensors, sizes(tensors)),
  )
}

/** Options of `focalLoss`. */
export interface FocalOptions {
  /** How much photos that are right already count less; 0 is cross entropy. Default 2. */
  readonly gamma?: number
}

/** Focal loss (Lin et al. 2017, arXiv 1708.02002) of the softmax: the mean of -(1 - p)^gamma log p of the labels. Throws
 *  CoreError 'bad-argument' for a gamma that is no number of 0 or more. */
export function focalLoss({ gamma = 2, ...others }: FocalOptions = {}): Loss {
  refuseOthers('focalLoss', others, ['gamma'])
  if (!(gamma >= 0 && gamma < Infinity))
    throw new CoreError('bad-argument', `gamma of focalLoss is ${gamma}.`, 'Give a number of 0 or more, such as 2.')
  return lossOf('focal', tensors =>
    tensors.logits.trace.call(focalKernel, tensors, { ...sizes(tensors), GAMMA: float(gamma) }),
  )
}

function sizes({ logits }: { readonly logits: Tensor }): { readonly N: number; readonly K: number } {
  const [N, K] = logits.shape as [number, number]
  return { N, K }
}
