// Which pixels the image library turns into sRGB rightly. All others are refused by what they are: a wrong guess gives a
// black, white or noisy photo that opens without complaint.

import sharp, { type Metadata } from 'sharp'
import { beyondReading } from './damage.ts'
import { mend } from './mend/mend.ts'
import { PhotoError } from '../reasons.ts'
import type { ImageFormat } from '../types.ts'

/** Channels of each colour space, with alpha and without. */
const channelsOf: Readonly<Record<string, readonly number[]>> = {
  srgb: [3, 4],
  rgb: [3, 4],
  rgb16: [3, 4],
  'b-w': [1, 2],
  grey16: [1, 2],
  cmyk: [4, 5],
}
const depths: readonly (string | undefined)[] = ['uchar', 'ushort']

/** Reads only the header, so the pixel limit is judged by us and can be told in numbers. */
export async function readMetadata(bytes: Buffer, format: ImageFormat): Promise<Metadata> {
  const options = { failOn: 'none', limitInputPixels: false } as const
  try {
    return await sharp(bytes, options).metadata()
  } catch (error) {
    const mended = mend(bytes, format)
    const metadata =
      mended &&
      (await sharp(mended.bytes, options)
        .metadata()
        .catch(() => null))
    if (metadata) return metadata
    throw beyondReading(bytes, format, error instanceof Error ? error.message : '')
  }
}

/** PhotoError 'unsupported' with depth, space and channels. */
export function checkKind({ space, depth, channels }: Metadata, format: ImageFormat): void {
  if (depths.includes(depth) && channels !== undefined && channelsOf[space ?? '']?.includes(channels)) return
  throw new PhotoError('unsupported', {
    format: `${format.toUpperCase()} with ${channels ?? 'an unknown number of'} channels of ${space ?? 'an unknown colour space'} (${depth})`,
  })
}
