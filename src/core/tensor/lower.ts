// From a trace to the calls that run: what can be fused is fused, and in half precision what can be stored so is stored
// so.

import { fuse } from './fuse.ts'
import { inHalfPrecision } from './half.ts'
import type { Trace, TracedCall } from './trace.ts'

export function lower(trace: Trace): TracedCall[] {
  const calls = fuse(trace.calls)
  return trace.half ? inHalfPrecision(calls) : calls
}
