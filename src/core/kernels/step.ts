// What changes from step to step: one small uniform block that every kernel may read (shaders/lib/step.wgsl has the
// same fields). Shapes and settings are constants of a plan; everything here may change without compiling anything.

/** Fields in the order of the WGSL struct `Step`; counts and ids are u32, the rest f32. */
export interface StepValues {
  /** Seed of the run; with `step` and `epoch` the key of every random value. */
  readonly seed: number
  /** Number of the step since the run began, from 0. */
  readonly step: number
  readonly epoch: number
  /** First position of the batch in the row order. */
  readonly batchStart: number
  /** Rows of the batch that count; the rest is padding (evaluation's last batch). */
  readonly batchCount: number
  /** Learning rate. */
  readonly rate: number
  /** Adam's 1 - beta1^t and 1 - beta2^t with t = updates so far, counting this one. */
  readonly correction1: number
  readonly correction2: number
}

export const stepBytes = 32
/** Rows of step values lie this far apart: WebGPU's default alignment of dynamic uniform offsets. */
export const stepStride = 256

export const zeroStep: StepValues = {
  seed: 0,
  step: 0,
  epoch: 0,
  batchStart: 0,
  batchCount: 0,
  rate: 0,
  correction1: 1,
  correction2: 1,
}

/** Writes `values` at byte `offset` of `target` in the layout of the WGSL struct. */
export function writeStep(target: DataView, offset: number, values: StepValues): void {
  target.setUint32(offset, values.seed, true)
  target.setUint32(offset + 4, values.step, true)
  target.setUint32(offset + 8, values.epoch, true)
  target.setUint32(offset + 12, values.batchStart, true)
  target.setUint32(offset + 16, values.batchCount, true)
  target.setFloat32(offset + 20, values.rate, true)
  target.setFloat32(offset + 24, values.correction1, true)
  target.setFloat32(offset + 28, values.correction2, true)
}
