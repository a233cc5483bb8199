// Every sentence that says why a file is not used, or what is odd about it. English here; the page translates by code
// and values. A sentence names the file, the numbers that matter and, where something can be done, what.

import { basename } from 'node:path'
import type { Problem, ProblemCode } from '../../contract/records.ts'

type ReasonValues = Problem['values']

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
      return values['damage'] === 'inside'
        ? `Part of this file is damaged (${file}). It is shown, but not used for training.`
        : `This file ends too early (${file}). It is shown, but not used for training.`
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
      return `Decoding this file took longer than ${values['seconds']} seconds (${file}). It is passed over.`
    case 'missing':
      return `This file is not there (${file}).`
    case 'wrong-extension':
      return `The name of this file does not fit its content, which is ${values['format']} (${file}). The content is used.`
    default:
      throw new RangeError(`'${code}' is not a problem of a file.`)
  }
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
