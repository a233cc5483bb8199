// A plan is a trace made ready for one device: its calls are fused, its tensors have memory, and its kernels are
// compiled. Steps replay the plan and allocate or compile nothing.

import type { BoundCall, BufferRange, Device, DeviceBuffer, Program, ProgramCall } from '../device.ts'
import type { StepValues } from '../kernels/step.ts'
import { CoreError } from '../error.ts'
import { lower } from './lower.ts'
import { flatRange, planMemory, wholeRange } from './memory.ts'
import type { Store } from './store.ts'
import { rootOf, type Tensor, type Trace, type TracedCall } from './trace.ts'

export interface Plan {
  /** Kernel calls of one step. */
  readonly calls: number
  /** Bytes of the plan's own buffers (activations and gradients), without parameters and states. */
  readonly bytes: number
  /** Runs one step for each of the values (at most 64), in one submit. */
  run(...steps: readonly StepValues[]): void
  /** The step with these values, to be run together with calls of other plans. */
  call(step: StepValues): ProgramCall
  dispose(): void
}

/** Gives the trace's tensors memory and makes its calls ready. Parameters and states live in `store` and outlast the
 *  plan. Rejects with CoreError 'bad-argument' for a trace in half precision where the device cannot store it. */
export async function compile(device: Device, trace: Trace, store: Store): Promise<Plan> {
  if (trace.half && !device.info.halfPrecision) throw noHalf(device)
  await store.allocate(trace)
  const calls = lower(trace)
  const memory = planMemory(calls)
  const requests = memory.slots.map((bytes, slot) => ({ bytes, label: `slot ${slot}` }))
  const buffers = await device.createBuffers([
    ...requests,
    { bytes: Math.max(16, trace.gradientElements * 4), label: 'gradients' },
  ])
  const gradients = buffers.at(-1)!
  const rangeOf = (tensor: Tensor): BufferRange =>
    tensor.role === 'temporary'
      ? wholeRange(buffers[memory.slotOf.get(rootOf(tensor))!]!, tensor)
      : tensor.role === 'gradient'
        ? flatRange(gradients, tensor)
        : store.range(tensor)
  const program = await prepare(device, calls, rangeOf, buffers)
  return {
    calls: program.calls,
    bytes: buffers.reduce((sum, buffer) => sum + buffer.bytes, 0),
    run: (...steps) => device.run(steps.map(step => ({ program, step }))),
    call: step => ({ program, step }),
    dispose: () => device.destroyBuffers(buffers),
  }
}

function noHalf({ info: { name } }: Device): CoreError {
  return new CoreError(
    'bad-argument',
    `${name} cannot store 16-bit numbers, which a trace in half precision needs.`,
    'Train in single precision (f32).',
  )
}

async function prepare(
  device: Device,
  calls: readonly TracedCall[],
  rangeOf: (tensor: Tensor) => BufferRange,
  buffers: readonly DeviceBuffer[],
): Promise<Program> {
  const bound = calls.map(({ kernel, constants, tensors }): BoundCall => ({
    kernel,
    constants,
    ranges: Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, rangeOf(tensor)])),
  }))
  try {
    return await device.prepare(bound)
  } catch (error) {
    device.destroyBuffers(buffers)
    throw error
  }
}
