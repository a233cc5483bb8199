// HEIC photos as telephones take them: libheif, compiled to WebAssembly, decodes the picture, upright as its container
// says. What comes out is wrapped as a plain TIFF with the photo's colour profile, so that colours and alpha are
// treated as those of every other format. A decoder of its own for each file: what one file does to its memory is gone
// with it.

import type { LibheifImage } from 'libheif-js/libheif-wasm/libheif-bundle.mjs'
import { PhotoError } from '../reasons.ts'
import { writeTiff } from './tiff/write.ts'

export interface HeicPicture {
  readonly tiff: Buffer
  /** Pictures in the file; only the main one is used. */
  readonly pages: number
}

const loadDecoder = () => import('libheif-js/libheif-wasm/libheif-bundle.mjs')

/**
 * `admit` hears the number of pixels before they take memory and may refuse by throwing. Null where the file cannot be
 * decoded; PhotoError 'unsupported' where there is no decoder, as when packages were not installed whole.
 */
export async function decodeHeic(
  bytes: Buffer,
  admit: (pixels: number) => Promise<void>,
  load: typeof loadDecoder = loadDecoder,
): Promise<HeicPicture | null> {
  const { default: createLibheif } = await load().catch(() => {
    throw new PhotoError('unsupported', { format: 'HEIC' })
  })
  const libheif = await createLibheif({ print: ignore, printErr: ignore })
  const images = attempt(() => new libheif.HeifDecoder().decode(bytes)) ?? []
  const main = images.find(image => image.is_primary()) ?? images[0]
  if (!main) return null
  const [width, height] = [main.get_width(), main.get_height()]
  await admit(width * height)
  const rgba = await display(main, width, height)
  return rgba && { tiff: plainTiff(rgba, width, height, bytes), pages: images.length }
}

function plainTiff(rgba: Uint8ClampedArray, width: number, height: number, bytes: Buffer): Buffer {
  const data = new Uint8Array(rgba.buffer, rgba.byteOffset, rgba.length)
  return writeTiff({ width, height, kind: 'rgba', data, profile: profileOf(bytes) })
}

function ignore(): void {}

/** Broken files make the decoder throw numbers, strings and errors of WebAssembly. */
function attempt<T>(work: () => T): T | null {
  try {
    return work()
  } catch {
    return null
  }
}

function display(image: LibheifImage, width: number, height: number): Promise<Uint8ClampedArray | null> {
  return new Promise(resolve => {
    const started = attempt(() => {
      image.display({ data: new Uint8ClampedArray(width * height * 4), width, height }, shown =>
        resolve(shown?.data ?? null),
      )
      return true
    })
    if (!started) resolve(null)
  })
}

/** The first colour profile in the container's head: telephones give the picture and its tiles the same. */
function profileOf(bytes: Buffer): Buffer | null {
  for (const kind of ['colrprof', 'colrrICC']) {
    const at = bytes.subarray(0, 1 << 20).indexOf(kind, 0, 'latin1')
    if (at < 4) continue
    const profile = bytes.subarray(at + 8, at - 4 + bytes.readUInt32BE(at - 4))
    if (profile.length > 128) return profile
  }
  return null
}
