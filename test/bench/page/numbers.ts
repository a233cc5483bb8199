// Numbers of a measurement: percentiles, and one line with what it must be, what it was, and whether it held; and a
// limit to each waiting.

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
  return {
    name,
    must: `<= ${limit} ${unit}`,
    shown: `${rounded(value)} ${unit}${more && ` (${more})`}`,
    held: value <= limit,
  }
}

export function atLeast(name: string, limit: number, value: number, more = ''): PageLine {
  return { name, must: `>= ${limit}`, shown: `${rounded(value)}${more && ` (${more})`}`, held: value >= limit }
}

export const rounded = (value: number) => String(Math.round(value * 100) / 100)

export function pageTable(lines: readonly PageLine[]): string {
  return [
    '|  | must | shown | |',
    '| --- | --- | --- | --- |',
    ...lines.map(({ name, must, shown, held }) => `| ${name} | ${must} | ${shown} | ${held ? 'held' : '**missed**'} |`),
  ].join('\n')
}

/** The answer of `work`, or after so many seconds an error that says what was waited for: a page that stands still is a
 *  finding, not a hang. */
export function within<T>(seconds: number, what: string, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`${what} did not happen within ${seconds} s.`)), seconds * 1000)
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer))
}
