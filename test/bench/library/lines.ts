// A line of the library's benchmark: what must be, what was shown, and whether that will do.

export interface Line {
  readonly work: string
  readonly unit: 'ms' | 'MB' | 'x' | '1/s' | 'pairs'
  /** At most this, or at least; null where nothing is asked. */
  readonly must: number | { readonly atLeast: number } | null
  readonly shown: number
  readonly median?: number
  /** The same measure in processor time: what the work itself costs on a busy machine. */
  readonly cpu?: number
}

export interface Taken {
  readonly ms: number
  readonly cpuMs: number
}

export function timed(work: () => unknown): Taken {
  const [began, used] = [performance.now(), process.cpuUsage()]
  work()
  const { user, system } = process.cpuUsage(used)
  return { ms: performance.now() - began, cpuMs: (user + system) / 1000 }
}

/** A line of times: at most `must` in `share` of them. */
export function timeLine(work: string, must: number | null, taken: readonly Taken[], share = 0.95): Line {
  const ms = taken.map(one => one.ms)
  return {
    work,
    unit: 'ms',
    must,
    shown: percentile(ms, share),
    median: percentile(ms, 0.5),
    cpu: percentile(
      taken.map(one => one.cpuMs),
      share,
    ),
  }
}

/** Nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
}

export function isMet({ must, shown }: Line): boolean {
  if (must === null) return true
  return typeof must === 'number' ? shown <= must : shown >= must.atLeast
}

export function describeLine(line: Line): string {
  const round = (value: number) => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2))
  const must =
    line.must === null
      ? ''
      : typeof line.must === 'number'
        ? `<= ${line.must} ${line.unit}`
        : `>= ${line.must.atLeast} ${line.unit}`
  const median = line.median === undefined ? '' : ` (median ${round(line.median)}, processor ${round(line.cpu ?? 0)})`
  return `${isMet(line) ? '   ' : 'NOT'} ${line.work.padEnd(66)} ${must.padStart(12)} ${`${round(line.shown)} ${line.unit}`.padStart(14)}${median}`
}
