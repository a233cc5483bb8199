// Names and parameters as they arrive from outside: looked up in the table and checked against its schemas, never
// trusted.

import type { z } from 'zod'
import { ServiceError } from './errors.ts'

interface TableEntry {
  readonly params: z.ZodType
}

/** The entry called `name`. ServiceError 'unknown-name' for anything that is not an own key of the table. */
export function entryOf<T extends Record<string, TableEntry>>(table: T, name: string): T[keyof T] {
  if (Object.hasOwn(table, name)) return table[name as keyof T]
  throw new ServiceError(
    'unknown-name',
    `There is no call named "${name.slice(0, 64)}".`,
    'Reload the page: it may be of another version of Winnow.',
  )
}

/** The parameters as the schema gives them back. ServiceError 'bad-request' says which field is wrong; what the schema says
 *  of it is for those who build on the wire, in `values`. */
export function checkParams<S extends z.ZodType>(name: string, schema: S, params: unknown): z.output<S> {
  const checked = schema.safeParse(params)
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  const field = issue?.path.join('.') ?? ''
  throw new ServiceError(
    'bad-request',
    `${name} cannot be done: ${field === '' ? 'what was asked' : `the value of "${field}"`} cannot be taken.`,
    'Correct that value and try again.',
    { call: name, field, why: issue?.message ?? '' },
  )
}
