// Options that several commands share, checked as they are read: what is wrong with a value is said in one line and
// exits with 2.

import { InvalidArgumentError, Option, type Command } from 'commander'
import { spelled } from '../../review/labels/label-issues-text.ts'

export function libraryOption(): Option {
  return new Option('-L, --library <folder>', 'the library: a folder that ends in .winnow').makeOptionMandatory()
}

export function runOption(): Option {
  return new Option('--run <run>', 'which run: its number, or "latest"').default('latest')
}

export function splitOption(): Option {
  return new Option('--split <split>', 'which photos').choices(['train', 'validation', 'test'])
}

export function deviceOption(): Option {
  return new Option('--device <device>', 'what to compute on').choices(['auto', 'gpu', 'cpu']).default('auto')
}

/** A choice among names, spelled as everywhere in the terminal: small, with hyphens. The field writes some of them with
 *  underscores, which are taken too. */
export function namedChoice<T extends string>(flags: string, description: string, names: readonly T[]): Option {
  const shown = names.map(spelled)
  return new Option(flags, `${description} (choices: ${shown.map(name => `"${name}"`).join(', ')})`).argParser(text => {
    const found = names.find(name => spelled(name) === spelled(text))
    if (found === undefined) throw new InvalidArgumentError(`Allowed choices are ${shown.join(', ')}.`)
    return found
  })
}

/** Reads how many channels: grey or colour. */
export function channelsOf(text: string): 1 | 3 {
  if (text === '1' || text === '3') return text === '1' ? 1 : 3
  throw new InvalidArgumentError('It must be 1 or 3.')
}

/** Reads the name of a file that is to end so. */
export function endingIn(ending: string): (text: string) => string {
  return text => {
    if (text.endsWith(ending)) return text
    throw new InvalidArgumentError(`The name must end in ${ending}.`)
  }
}

/** Ends the command as wrong usage: one line, exit 2. */
export function wrongUsage(command: Command, text: string): never {
  command.error(`error: ${text}`, { exitCode: 2, code: 'commander.invalidArgument' })
}

/** Reads a whole number within bounds. */
export function whole(min: number, max: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= min && value <= max) return value
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`)
  }
}

/** Reads a number within bounds. */
export function decimal(min: number, max: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (/^\d*\.?\d+(e-?\d+)?$/i.test(text) && value >= min && value <= max) return value
    throw new InvalidArgumentError(`It must be a number from ${min} to ${max}.`)
  }
}
