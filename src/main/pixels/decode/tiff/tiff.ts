// A TIFF whose pixels the image library would read wrongly or not at all, read here and handed on as a plain one; null
// where the library reads it rightly.

import type { ReasonValues } from '../../reasons.ts'
import { beyondReading } from '../damage.ts'
import type { ByteRange } from '../mend/iso-media.ts'
import type { PlainRows } from '../mend/zero-tail.ts'
import { toEightBits } from './colours.ts'
import { countDirectories, readDirectory } from './directory.ts'
import { readerOf, readLayout, type TiffLayout } from './layout.ts'
import { readSamples } from './samples.ts'
import { writeTiff } from './write.ts'

export interface PlainPixels {
  readonly tiff: Buffer
  readonly complete: boolean
  /** Of the note that the range of its numbers was guessed. */
  readonly guessed: ReasonValues | null
  readonly pages: number
}

export interface ReadTiff {
  readonly odd: PlainPixels | null
  /** Where its rows lie in the file, if they lie there plain and one after the other. */
  readonly rows: PlainRows | null
  /** Where its packed strips or tiles lie. */
  readonly packed: readonly ByteRange[]
}

/** `allow` hears the number of pixels before they take memory and may refuse by throwing. PhotoError: 'unsupported' by
 *  the name of the kind, 'unreadable' or 'truncated'. */
export async function readTiff(bytes: Buffer, allow: (pixels: number) => Promise<void>): Promise<ReadTiff> {
  const directory = readDirectory(bytes)
  if (!directory) throw beyondReading(bytes, 'tiff', 'there is no directory')
  const layout = readLayout(directory)
  const rows = plainRows(layout)
  const packed = layout.compression === 1 ? [] : packedParts(layout)
  if (readerOf(layout) === 'library') return { odd: null, rows, packed }
  await allow(layout.width * layout.height)
  const { numbers, complete } = readSamples(bytes, layout)
  const { channels, data, range } = toEightBits(numbers, layout)
  const { width, height, profile, orientation } = layout
  const kind = channels === 1 ? 'grey' : channels === 3 ? 'rgb' : 'cmyk'
  const guessed = range.guessed && { guess: range.guessed, bits: layout.bits, low: range.low, high: range.high }
  const tiff = writeTiff({ width, height, kind, data, profile: fits(profile, kind), orientation })
  return { odd: { tiff, complete, guessed, pages: countDirectories(bytes) }, rows, packed }
}

function plainRows({
  compression,
  part,
  offsets,
  counts,
  width,
  height,
  planar,
  samples,
  bits,
}: TiffLayout): PlainRows | null {
  const together = offsets.every((offset, i) => i === 0 || offset === offsets[i - 1]! + counts[i - 1]!)
  if (compression !== 1 || part.tiled || !together || offsets.length === 0) return null
  const perPixel = ((planar ? 1 : samples) * bits) / 8
  const rows = height * (planar ? samples : 1)
  return { from: offsets[0]!, stride: Math.ceil(width * perPixel), rows, pixel: Math.ceil(perPixel) }
}

function packedParts({ offsets, counts }: TiffLayout): ByteRange[] {
  return offsets.map((from, i) => ({ from, to: from + (counts[i] ?? 0) }))
}

/** A profile for other colours than these would be refused by the library. */
function fits(profile: Buffer | null, kind: 'grey' | 'rgb' | 'cmyk'): Buffer | null {
  const space = { grey: 'GRAY', rgb: 'RGB ', cmyk: 'CMYK' }[kind]
  return profile && profile.toString('latin1', 16, 20) === space ? profile : null
}
