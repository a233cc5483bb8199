// What many measurements of one thing come to.

export interface Timing {
  /** Median. */
  readonly ms: number
  /** Fastest and slowest. */
  readonly spread: readonly [number, number]
}

/** The middle of an odd number of values, the upper of the two middle ones of an even number. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

export function timing(times: readonly number[]): Timing {
  return { ms: median(times), spread: [Math.min(...times), Math.max(...times)] }
}

/** The time that is so many times the one and so many times the other. */
export function combined(parts: readonly (readonly [count: number, of: Timing])[]): Timing {
  const sum = (of: (timing: Timing) => number) => parts.reduce((ms, [count, timing]) => ms + count * of(timing), 0)
  return { ms: sum(({ ms }) => ms), spread: [sum(({ spread }) => spread[0]), sum(({ spread }) => spread[1])] }
}
