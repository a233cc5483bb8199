// A PNG of 16 bits whose numbers fill only a few of them: a camera of 12 bits wrote them as they were, and taken as 16
// the photo would be black.

import sharp, { type Metadata } from 'sharp'
import type { ReasonValues } from '../reasons.ts'
import { toEightBits } from './tiff/colours.ts'
import { writeTiff } from './tiff/write.ts'

export interface DeepPng {
  readonly tiff: Buffer
  readonly guessed: ReasonValues
}

/** Null where the numbers fill their range, or the file is of 8 bits, or it cannot be read whole. */
export async function readDeepPng(bytes: Buffer, { depth, space, channels, icc }: Metadata): Promise<DeepPng | null> {
  if (depth !== 'ushort' || channels === undefined) return null
  const grey = space === 'grey16' || space === 'b-w'
  const raw = await sharp(bytes, { failOn: 'warning', limitInputPixels: false, ignoreIcc: true, autoOrient: true })
    .toColourspace(grey ? 'grey16' : 'rgb16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true })
    .catch(() => null)
  if (!raw) return null
  const { data, info } = raw
  const numbers = new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
  const colours = info.channels < 3 ? 1 : 3
  const alpha = info.channels % 2 === 0 ? { sample: colours, multiplied: false } : null
  const found = toEightBits(numbers, {
    samples: info.channels,
    colours,
    bits: 16,
    numbers: 'unsigned',
    photometric: colours === 1 ? 1 : 2,
    alpha,
    palette: [],
  })
  if (!found.range.guessed) return null
  const kind = colours === 1 ? 'grey' : 'rgb'
  const profile = icc && icc.toString('latin1', 16, 20) === (colours === 1 ? 'GRAY' : 'RGB ') ? icc : null
  const tiff = writeTiff({ width: info.width, height: info.height, kind, data: found.data, profile })
  return { tiff, guessed: { guess: found.range.guessed, bits: 16, low: found.range.low, high: found.range.high } }
}
