// What is said of a file that cannot be decoded whole: how it ends, what the decoder said, and whether zeros stand where
// data should.

import { PhotoError, type ReasonValues } from '../reasons.ts'
import type { ImageFormat } from '../types.ts'
import { endsEarly } from './sniff.ts'
import { zerosFrom } from './mend/zero-tail.ts'

/** Where a file is damaged: cut at its 'end', 'inside', or filled with 'zeros' from somewhere to its end. */
export interface Damage extends ReasonValues {
  readonly damage: 'end' | 'inside' | 'zeros'
}

/** Of a file that the decoder complained about. */
export function damageOf(bytes: Buffer, format: ImageFormat, message: string): Damage {
  if (endsInZeros(bytes, format)) return zeroDamage(bytes)
  return endsEarly(bytes, format) || message.includes('premature end of JPEG image')
    ? { damage: 'end' }
    : { damage: 'inside', why: saidBy(message) }
}

/** Values of the sentence that zeros stand where data should. */
export function zeroDamage(bytes: Buffer): Damage {
  return { damage: 'zeros', percent: Math.round((zerosFrom(bytes) / bytes.length) * 100) }
}

/** PhotoError of a file of which nothing can be shown. */
export function beyondReading(bytes: Buffer, format: ImageFormat, message: string): PhotoError {
  const damage = damageOf(bytes, format, message)
  return damage.damage === 'inside'
    ? new PhotoError('unreadable', { why: `its image data is damaged, ${String(damage.why)}` })
    : new PhotoError('truncated', damage)
}

const SHORTEST = 64
/** What stands right before harmless zeros behind a whole file. */
const endMarks: Readonly<Partial<Record<ImageFormat, string>>> = {
  jpeg: '\xff\xd9',
  png: 'IEND\xaeB`\x82',
  apng: 'IEND\xaeB`\x82',
  gif: ';',
}

function endsInZeros(bytes: Buffer, format: ImageFormat): boolean {
  const from = zerosFrom(bytes)
  const mark = endMarks[format]
  const before = bytes.toString('latin1', Math.max(0, from - 8), from)
  return bytes.length - from >= SHORTEST && !(mark && before.endsWith(mark))
}

/** The decoder's first line without the name of its part. */
function saidBy(message: string): string {
  const line = message.split('\n').find(text => text.trim() !== '') ?? ''
  const said = line
    .replace(/^(Input buffer has corrupt header|Vips\w+|vips\w*|tiff2vips|\w+load(_buffer)?): /gi, '')
    .trim()
  return said === '' ? 'the decoder does not say where' : `the decoder says "${said}"`
}
