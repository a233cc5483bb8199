// Refuses options that a function does not have. TypeScript finds a misspelt name, but plain JavaScript would leave it
// out silently.

import { CoreError } from './error.ts'

/** Throws CoreError 'bad-argument' naming the first of the options `given` that `what` does not have, and the `known`
 *  ones. */
export function refuseOthers(what: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).find(name => !known.includes(name))
  if (unknown === undefined) return
  throw new CoreError(
    'bad-argument',
    `${what} has no option "${unknown}".`,
    known.length > 0 ? `Its options are ${known.join(', ')}.` : 'It has none.',
  )
}
