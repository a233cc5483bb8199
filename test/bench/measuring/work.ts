// The arithmetic of one step, to give times as a share of what the adapter can do.

import {
  convForward,
  convInputGradient,
  convWeightBiasGradient,
  convWeightGradient,
  product,
  productSums,
} from '../../../src/core/gemm/kernels.ts'
import { createReferenceDevice } from '../../../src/core/cpu/reference-device.ts'
import { plainConstants } from '../../../src/core/kernels/kernel.ts'
import { DataLoader } from '../../../src/core/data/data-loader.ts'
import { traceTrainingStep } from '../../../src/core/train/steps/step.ts'
import { photos, stepSettings, type Workload } from '../training/workload.ts'

const convolutions = new Set<string>(
  [convForward, convInputGradient, convWeightBiasGradient, convWeightGradient].map(({ name }) => name),
)
const products = new Set<string>([product, productSums].map(({ name }) => name))

/** Multiply-adds times two of all convolutions and products of a step, the padding of photos counted. */
export function flopPerStep(load: Workload): number {
  const { calls } = traceTrainingStep(
    stepSettings(load),
    new DataLoader(photos(load), load.batch, createReferenceDevice()),
  )
  return calls.reduce((sum, { kernel, constants }) => {
    const c = plainConstants(constants)
    if (convolutions.has(kernel.name)) return sum + 2 * c.N! * c.P! * c.Q! * c.K! * c.R! * c.S! * c.C!
    return products.has(kernel.name) ? sum + 2 * c.M! * c.N! * c.K! : sum
  }, 0)
}
