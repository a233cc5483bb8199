// What a run of the benchmark leaves: lines in results.jsonl, and the table of the last run in docs/benchmarks.md.

import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface ResultLine {
  readonly commit: string
  readonly date: string
  readonly adapter: string
  /** A CPU that pretends to be a GPU. */
  readonly software: boolean
  readonly workload: string
  readonly framework: string
  readonly configuration: string
  /** Median over the blocks. For a kernel: of its runs. */
  readonly msPerStep: number
  /** Fastest and slowest block. */
  readonly spread: readonly [number, number]
  readonly dispatches?: number
  readonly submits?: number
  readonly readbacks?: number
  readonly buffers?: number
  readonly bindGroups?: number
  /** CPU time of the process; with a software GPU the GPU's work is in it. */
  readonly cpuMsPerStep?: number
  /** Of the multiply-adds of the roofline of the same run. */
  readonly shareOfPeak: number
}

const folder = import.meta.dirname
const begin = '<!-- results: written by npm run bench -->'
const end = '<!-- end of results -->'

export function appendResults(lines: readonly ResultLine[]): void {
  appendFileSync(join(folder, 'results.jsonl'), lines.map(line => `${JSON.stringify(line)}\n`).join(''))
}

/** Puts the tables between the marks of docs/benchmarks.md. */
export function writeTable(markdown: string): void {
  const path = join(folder, '..', '..', 'docs', 'benchmarks.md')
  const text = readFileSync(path, 'utf8')
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < 0) throw new Error(`${path} has lost the marks between which the results go.`)
  writeFileSync(path, `${text.slice(0, from + begin.length)}\n\n${markdown}\n\n${text.slice(to)}`)
}

export function stepTable(lines: readonly ResultLine[]): string {
  const winnow = lines.find(({ framework }) => framework === 'winnow')
  const rows = lines.map(line => [
    line.configuration, line.msPerStep.toFixed(0), `${line.spread[0].toFixed(0)} - ${line.spread[1].toFixed(0)}`, `${(line.msPerStep / winnow!.msPerStep).toFixed(1)} x`,
    `${line.cpuMsPerStep!.toFixed(0)}`, `${((line.cpuMsPerStep ?? 0) / winnow!.cpuMsPerStep!).toFixed(1)} x`,
    `${line.dispatches}`, `${line.submits}`, `${line.readbacks}`, `${line.buffers}`, `${line.bindGroups}`, `${(100 * line.shareOfPeak).toFixed(0)} %`,
  ])
  return table(['', 'ms a step', 'spread', 'to Winnow', 'CPU ms a step', 'to Winnow', 'dispatches', 'submits', 'readbacks', 'buffers', 'bind groups', 'of peak'], rows)
}

export function kernelTable(lines: readonly ResultLine[]): string {
  return table(['kernel', 'cut', 'ms', 'of peak'], lines.map(line => [line.workload, line.configuration, line.msPerStep.toFixed(2), `${(100 * line.shareOfPeak).toFixed(0)} %`]))
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')
}
