// Checked readers of JSON from outside. Each takes an unknown value and the name of its place, and answers the value or
// throws what `fail` makes of a sentence. Nothing is converted.

import type { Fail } from './error.ts'

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Checked reads that name the place of whatever is wrong. */
export class JsonReader {
  readonly fail: Fail

  constructor(fail: Fail) {
    this.fail = fail
  }

  record(value: unknown, where: string): Record<string, unknown> {
    if (!isRecord(value)) throw this.#wrong(value, where, 'an object')
    return value
  }

  list<T>(value: unknown, where: string, read: (item: unknown, where: string) => T): T[] {
    if (!Array.isArray(value)) throw this.#wrong(value, where, 'a list')
    return value.map((item, i) => read(item, `${where}[${i}]`))
  }

  text(value: unknown, where: string): string {
    if (typeof value !== 'string') throw this.#wrong(value, where, 'text')
    return value
  }

  boolean(value: unknown, where: string): boolean {
    if (typeof value !== 'boolean') throw this.#wrong(value, where, 'true or false')
    return value
  }

  number(value: unknown, where: string, least = -Number.MAX_VALUE, most = Number.MAX_VALUE): number {
    if (typeof value !== 'number' || !(value >= least && value <= most))
      throw this.#wrong(value, where, `a number${between(least, most)}`)
    return value
  }

  integer(value: unknown, where: string, least = 0, most = Number.MAX_SAFE_INTEGER): number {
    if (!Number.isSafeInteger(value) || (value as number) < least || (value as number) > most) {
      throw this.#wrong(value, where, `a whole number${between(least, most)}`)
    }
    return value as number
  }

  /** A list of exactly `length` whole numbers of at least `least`. */
  integers<N extends number>(value: unknown, where: string, length: N, least: number): Tuple<N> {
    const items = this.list(value, where, (item, place) => this.integer(item, place, least, maxExtent))
    if (items.length !== length) throw this.fail(`${where} needs ${length} numbers but has ${items.length}.`)
    return items as unknown as Tuple<N>
  }

  #wrong(value: unknown, where: string, wanted: string): Error {
    const shown = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'missing')
    return this.fail(`${where} must be ${wanted} but is ${shown.length > 60 ? `${shown.slice(0, 57)}...` : shown}.`)
  }
}

/** Sizes, strides and counts beyond this are no model that anything here could run. */
const maxExtent = 1 << 24

type Tuple<N extends number> = N extends 2
  ? [number, number]
  : N extends 4
    ? [number, number, number, number]
    : number[]

function between(least: number, most: number): string {
  if (most < Number.MAX_SAFE_INTEGER) return ` from ${least} to ${most}`
  return least > -Number.MAX_VALUE ? ` of at least ${least}` : ''
}
