// Turns a trace into the calls that run: calls that can be epilogues of a product are fused into it, and in half
// precision the tensors that may be stored as f16 are.

import { fuse } from './fuse.ts'
import { inHalfPrecision } from './half.ts'
import type { Trace, TracedCall } from './trace.ts'

export function lower(trace: Trace): TracedCall[] {
  const calls = fuse(trace.calls)
  return trace.half ? inHalfPrecision(calls) : calls
}
