// The two products that a linear head is learnt by, on any device: logits z [N K] = x w, and the gradient g [D K] =
// xT s of slopes s [N K]. The features x [N D] stay on the device; w and s go there, z and g come back. Columns are
// filled up to fours, which the kernels like best.

import { product } from '../gemm/kernels.ts'
import type { Device } from '../device.ts'
import { zeroStep } from '../kernels/step.ts'
import { compile, type Plan } from '../tensor/plan.ts'
import { Store } from '../tensor/store.ts'
import { Trace } from '../tensor/trace.ts'

export interface FeatureProducts {
  readonly rows: number
  readonly size: number
  readonly columns: number
  /** w [size columns] -> [rows columns]. */
  logits(w: Float32Array<ArrayBuffer>): Promise<Float32Array>
  /** s [rows columns] -> [size columns]. */
  gradient(s: Float32Array<ArrayBuffer>): Promise<Float32Array>
  dispose(): void
}

/** `size` and `columns` are multiples of four. CoreError 'out-of-memory'. */
export async function createFeatureProducts(
  device: Device,
  x: Float32Array<ArrayBuffer>,
  size: number,
  columns: number,
): Promise<FeatureProducts> {
  const rows = x.length / size
  const store = new Store(device, 0)
  const plans: Plan[] = []
  const dispose = () => {
    for (const plan of plans) plan.dispose()
    store.dispose()
  }
  try {
    const forward = traceForward(rows, size, columns)
    const backward = traceBackward(rows, size, columns)
    for (const trace of [forward, backward]) plans.push(await compile(device, trace, store))
    store.write('x', x)
  } catch (error) {
    dispose()
    throw error
  }
  const run = async (plan: Plan, into: string, values: Float32Array<ArrayBuffer>, out: string) => {
    store.write(into, values)
    plan.run(zeroStep)
    return store.read(out)
  }
  return {
    rows,
    size,
    columns,
    logits: w => run(plans[0]!, 'w', w, 'z'),
    gradient: s => run(plans[1]!, 's', s, 'g'),
    dispose,
  }
}

function traceForward(rows: number, size: number, columns: number): Trace {
  const trace = new Trace({ training: false })
  const [x, w, z] = [state(trace, 'x', rows, size), state(trace, 'w', size, columns), state(trace, 'z', rows, columns)]
  trace.call(product, { a: x, b: w, y: z }, { M: rows, N: columns, K: size, TRANSPOSE_A: 0, TRANSPOSE_B: 0 })
  return trace
}

function traceBackward(rows: number, size: number, columns: number): Trace {
  const trace = new Trace({ training: false })
  const [x, s, g] = [state(trace, 'x', rows, size), state(trace, 's', rows, columns), state(trace, 'g', size, columns)]
  trace.call(product, { a: x, b: s, y: g }, { M: size, N: columns, K: rows, TRANSPOSE_A: 1, TRANSPOSE_B: 0 })
  return trace
}

function state(trace: Trace, name: string, rows: number, columns: number) {
  return trace.state(name, [rows, columns], 'f32')
}
