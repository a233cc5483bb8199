// Which files can be mended, by format.

import type { ImageFormat } from '../../types.ts'
import { mendJpeg } from './jpeg.ts'
import type { MendedFile } from './mended.ts'
import { mendPng } from './png.ts'
import { mendWebp } from './webp.ts'

/** Null where nothing is odd that could be put right without touching the pixels. */
export function mend(bytes: Buffer, format: ImageFormat): MendedFile | null {
  if (format === 'jpeg') return mendJpeg(bytes)
  if (format === 'png' || format === 'apng') return mendPng(bytes)
  return format === 'webp' ? mendWebp(bytes) : null
}
