// Values that a schema of the contract takes, mostly: small numbers, so that ids are often those of something that is there, and
// texts that others find hard.

import type { z } from 'zod'

type Next = () => number

interface Definition {
  readonly type: string
  readonly shape?: Record<string, z.ZodType>
  readonly innerType?: z.ZodType
  readonly element?: z.ZodType
  readonly options?: readonly z.ZodType[]
  readonly entries?: Record<string, string>
  readonly values?: readonly unknown[]
  readonly keyType?: z.ZodType
  readonly valueType?: z.ZodType
  readonly items?: readonly z.ZodType[]
  readonly in?: z.ZodType
}

const texts = [
  '',
  'a',
  'red',
  '1',
  '1,2,3',
  '../..',
  '/',
  'x'.repeat(300),
  '한국어',
  '‮txt',
  '\u0000',
  'folder',
  '%s',
  '"',
  "'; --",
]
const numbers = [0, 1, 2, 3, 4, 5, 8, 16, 100, 0.5, 0.01, -1, 1e6, 2 ** 40]

/** `next` draws from [0, 1). */
export function valueOf(schema: z.ZodType, next: Next): unknown {
  const pick = <T>(values: readonly T[]) => values[Math.floor(next() * values.length)]!
  const definition = (schema as unknown as { readonly def: Definition }).def
  const inner = () => valueOf(definition.innerType!, next)
  const several = (count: number) => Array.from({ length: Math.floor(next() * count) })
  switch (definition.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(definition.shape!)
          .map(([key, own]) => [key, valueOf(own, next)] as const)
          .filter(([, value]) => value !== undefined),
      )
    case 'optional':
    case 'default':
      return next() < 0.6 ? undefined : inner()
    case 'nullable':
      return next() < 0.3 ? null : inner()
    case 'readonly':
      return inner()
    case 'array':
      return several(4).map(() => valueOf(definition.element!, next))
    case 'tuple':
      return definition.items!.map(item => valueOf(item, next))
    case 'union':
      return valueOf(pick(definition.options!), next)
    case 'enum':
      return pick(Object.values(definition.entries!))
    case 'literal':
      return pick(definition.values!)
    case 'boolean':
      return next() < 0.5
    case 'number':
      return pick(numbers)
    case 'record':
      return Object.fromEntries(
        several(3).map(() => [String(valueOf(definition.keyType!, next)), valueOf(definition.valueType!, next)]),
      )
    case 'pipe':
      return valueOf(definition.in!, next)
    default:
      return pick(texts)
  }
}
