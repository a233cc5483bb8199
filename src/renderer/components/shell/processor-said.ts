// What is said of the processor where it computes: its threads and vector instructions, or why it has fewer.

import type { ProcessorInfo } from '../../training/messages.ts'

/** Arguments of the translation. */
export function processorSaid({ threads, simd }: ProcessorInfo): [key: string, values: { readonly threads: number }] {
  const which = simd === 'none' ? 'scalar' : threads === 1 ? 'one' : simd === 'plain' ? 'plain' : 'all'
  return [`gpu.processors.${which}`, { threads }]
}
