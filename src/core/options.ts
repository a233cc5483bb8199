// Options that a function does not have: TypeScript finds a misspelt name, plain JavaScript would leave it out without a
// word.

import { CoreError } from './error.ts'

/** `others` is what is left of the given options when those that `what` has are taken out. Throws CoreError
 *  'bad-argument' naming the first of them and the `known` ones. */
export function refuseOthers(what: string, others: object, known: readonly string[]): void {
  const [unknown] = Object.keys(others)
  if (unknown === undefined) return
  throw new CoreError(
    'bad-argument',
    `${what} has no option "${unknown}".`,
    known.length > 0 ? `Its options are ${known.join(', ')}.` : 'It has none.',
  )
}
