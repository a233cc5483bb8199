// Numbers of a measurement: percentiles, and one line with what it must be, what it was, and whether it held.

export interface PageLine {
  readonly name: string
  readonly must: string
  readonly shown: string
  readonly held: boolean
}

/** The smallest value that `share` of the values do not exceed; NaN without values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))] ?? NaN
}

export function atMost(name: string, limit: number, value: number, unit: string, more = ''): PageLine {
  return { name, must: `<= ${limit} ${unit}`, shown: `${rounded(value)} ${unit}${more && ` (${more})`}`, held: value <= limit }
}

export function atLeast(name: string, limit: number, value: number, more = ''): PageLine {
  return { name, must: `>= ${limit}`, shown: `${rounded(value)}${more && ` (${more})`}`, held: value >= limit }
}

export const rounded = (value: number) => String(Math.round(value * 100) / 100)

export function pageTable(lines: readonly PageLine[]): string {
  return ['|  | must | shown | |', '| --- | --- | --- | --- |', ...lines.map(({ name, must, shown, held }) => `| ${name} | ${must} | ${shown} | ${held ? 'held' : '**missed**'} |`)].join('\n')
}
