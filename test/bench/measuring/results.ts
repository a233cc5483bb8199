// What a run of the benchmark leaves: lines in results.jsonl, and the texts of tables (sections.ts puts them into
// docs/benchmarks.md).

import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KernelTime } from '../kernels/kernels.ts'
import type { Timing } from './median.ts'
import type { Finish } from '../training/race.ts'

/** A line of results.jsonl has exactly these fields, in this order. */
export interface ResultLine {
  readonly commit: string
  readonly date: string
  readonly adapter: string
  /** A CPU that pretends to be a GPU; true of the processor itself too. */
  readonly software: boolean
  readonly workload: string
  readonly framework: 'winnow' | 'tfjs' | 'jax-js' | 'torch-cpu' | 'torch-cuda' | 'onnxruntime'
  readonly configuration: string
  /** Median over the blocks. For a kernel: of its runs. */
  readonly msPerStep: number
  /** Fastest and slowest block. */
  readonly spread: readonly [number, number]
  /** Per step; null where the framework makes no WebGPU calls or nobody counted. */
  readonly dispatches: number | null
  readonly submits: number | null
  readonly readbacks: number | null
  readonly buffers: number | null
  /** Of the multiply-adds of the roofline of the same run; null where nothing was measured to hold it against. */
  readonly shareOfPeak: number | null
}

export type Origin = Pick<ResultLine, 'commit' | 'date' | 'adapter' | 'software'>

/** `peakGflops` 0: no share is known. */
export function stepLine(
  origin: Origin,
  workload: string,
  { configuration, msPerStep, spread, counts }: Finish,
  flop: number,
  peakGflops: number,
): ResultLine {
  return {
    ...origin,
    workload,
    framework: configuration.framework,
    configuration: configuration.name,
    msPerStep,
    spread,
    dispatches: counts?.dispatches ?? null,
    submits: counts?.submits ?? null,
    readbacks: counts?.readbacks ?? null,
    buffers: counts?.buffers ?? null,
    shareOfPeak: peakGflops > 0 ? flop / msPerStep / 1e6 / peakGflops : null,
  }
}

/** A time of Winnow alone, such as that of a whole evaluation: `msPerStep` is what all of it took. */
export function ownLine(origin: Origin, workload: string, { ms, spread }: Timing): ResultLine {
  return {
    ...origin,
    workload,
    framework: 'winnow',
    configuration: 'winnow',
    msPerStep: ms,
    spread,
    dispatches: null,
    submits: null,
    readbacks: null,
    buffers: null,
    shareOfPeak: null,
  }
}

/** One line for our kernel, and one for the peer's where it ran. */
export function kernelLines(
  origin: Origin,
  { name, variant, ms, spread, shareOfPeak, peer }: KernelTime,
): ResultLine[] {
  const uncounted = { dispatches: null, submits: null, readbacks: null, buffers: null }
  return [
    {
      ...origin,
      workload: name,
      framework: 'winnow',
      configuration: variant,
      msPerStep: ms,
      spread,
      ...uncounted,
      dispatches: 1,
      shareOfPeak,
    },
    ...(peer
      ? [
          {
            ...origin,
            workload: name,
            framework: 'tfjs' as const,
            configuration: 'kernel alone',
            msPerStep: peer.ms,
            spread: peer.spread,
            ...uncounted,
            shareOfPeak: peer.shareOfPeak,
          },
        ]
      : []),
  ]
}

export function appendResults(lines: readonly ResultLine[]): void {
  appendFileSync(
    join(import.meta.dirname, '..', 'results.jsonl'),
    lines.map(line => `${JSON.stringify(line)}\n`).join(''),
  )
}

export function stepTable(finishes: readonly Finish[], flop: number, peakGflops: number): string {
  const winnow = finishes.find(({ configuration }) => configuration.framework === 'winnow')
  const rows = finishes.map(
    ({ configuration, msPerStep, spread, cpuMsPerStep, callMsPerStep, counts, firstStepMs, openMs }) => [
      configuration.name,
      msPerStep.toFixed(1),
      `${spread[0].toFixed(0)} - ${spread[1].toFixed(0)}`,
      winnow ? `${(msPerStep / winnow.msPerStep).toFixed(1)} x` : '',
      cpuMsPerStep?.toFixed(0) ?? '',
      callMsPerStep?.toFixed(2) ?? '',
      ...(counts
        ? [counts.dispatches, counts.submits, counts.readbacks, counts.buffers, counts.bindGroups].map(String)
        : ['', '', '', '', '']),
      peakGflops > 0 ? `${((100 * flop) / msPerStep / 1e6 / peakGflops).toFixed(0)} %` : '',
      ((openMs + firstStepMs) / 1000).toFixed(1),
    ],
  )
  return table(
    [
      '',
      'ms a step',
      'spread',
      'to Winnow',
      'CPU ms, all threads',
      'ms in its calls',
      'dispatches',
      'submits',
      'readbacks',
      'buffers',
      'bind groups',
      'of peak',
      's to the first step',
    ],
    rows,
  )
}

export function kernelTable(times: readonly KernelTime[]): string {
  return table(
    ['kernel', 'tile config', 'ms', 'of peak', 'TensorFlow.js ms', 'to ours by the same clock'],
    times.map(({ name, variant, ms, shareOfPeak, peer }) => [
      name,
      variant,
      ms.toFixed(2),
      `${(100 * shareOfPeak).toFixed(0)} %`,
      peer?.ms.toFixed(2) ?? '',
      peer ? `${(peer.ms / peer.ourMs).toFixed(1)} x` : '',
    ]),
  )
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows]
    .map(cells => `| ${cells.join(' | ')} |`)
    .join('\n')
}
