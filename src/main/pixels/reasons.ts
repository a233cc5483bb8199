// Every sentence that says why a file is not used, or what is odd about it. English here; the page translates by code
// and values. A sentence names the file, the numbers that matter and, where something can be done, what.

import { basename } from 'node:path'
import type { Problem, ProblemCode } from '../../contract/records.ts'

export type ReasonValues = Problem['values']

/** Thrown inside the decoder; becomes the Problem of the file at hand. */
export class PhotoError extends Error {
  override readonly name = 'PhotoError'
  readonly code: ProblemCode
  readonly values: ReasonValues

  constructor(code: ProblemCode, values: ReasonValues = {}) {
    super(code)
    this.code = code
    this.values = values
  }
}

/** The Problem of a file: its code, a full sentence and the values in it. `values.file` is the name in NFC. */
export function fileProblem(code: ProblemCode, path: string, values: ReasonValues = {}): Problem {
  const file = basename(path).normalize('NFC')
  return { code, reason: sentence(code, file, values), score: null, values: { file, ...values } }
}

function sentence(code: ProblemCode, file: string, values: ReasonValues): string {
  switch (code) {
    case 'empty':
      return `This file is empty (${file}).`
    case 'not-an-image':
      return `This file is not an image, whatever its name says (${file}).`
    case 'truncated':
      return `${damaged(file, values)} It is shown as far as it goes, but not used for training.`
    case 'too-large':
      return tooLarge(file, values)
    case 'unsupported':
      return `${values['format']} is not supported here (${file}). Save it as JPEG or PNG and import it again.`
    case 'unreadable':
      return `This file cannot be read: ${values['why']} (${file}).`
    case 'changed-while-read':
      return `This file changed while it was read (${file}). Import it again when nothing is writing to it.`
    case 'decoder-crashed':
      return `Decoding this file made the decoder stop, twice (${file}). It is passed over.`
    case 'decoder-slow':
      return 'stalled' in values
        ? `Nothing came of reading and decoding this file for ${values['stalled']} seconds: its disk or the decoder hangs (${file}). It is passed over.`
        : `Decoding this file took more than ${values['seconds']} seconds of processor time (${file}). It is passed over.`
    case 'missing':
      return `This file is not there (${file}).`
    case 'wrong-extension':
      return `The name of this file does not fit its content, which is ${values['format']} (${file}). The content is used.`
    case 'mended':
      return `${oddities[String(values['oddity'])]} (${file}). Its pixels are whole, so it is used.`
    case 'guessed-range':
      return values['guess'] === 'few-bits'
        ? `No value of this photo is above ${values['high']}, though it has ${values['bits']} bits: that is taken for white (${file}).`
        : `The values of this photo go from ${values['low']} to ${values['high']}: these are taken for black and white (${file}).`
    default:
      throw new RangeError(`'${code}' is not a problem of a file.`)
  }
}

function damaged(file: string, { damage, percent, why }: ReasonValues): string {
  if (damage === 'zeros') return `From ${percent} % on this file holds nothing but zeros (${file}).`
  if (damage === 'inside') return `Part of this file is damaged: ${why} (${file}).`
  return `This file ends too early (${file}).`
}

const oddities: Readonly<Record<string, string>> = {
  junk: 'There are bytes in the header of this file that belong to nothing',
  version: 'The header of this file names a version of its format that there is not',
  end: 'The mark that ends a file of its format is missing',
  checksum: 'A checksum in this file is wrong, beside its pixels',
  cut: 'This file was cut behind its picture',
}

function tooLarge(file: string, values: ReasonValues): string {
  return 'pixels' in values
    ? `This photo has ${millions(values['pixels'])} million pixels (${file}); at most ${millions(values['limit'])} million are read.`
    : `This file has ${millions(values['bytes'])} million bytes (${file}); at most ${millions(values['limit'])} million are read.`
}

function millions(count: string | number | undefined): string {
  const value = Number(count) / 1e6
  return value < 10 ? value.toFixed(1) : Math.round(value).toString()
}
