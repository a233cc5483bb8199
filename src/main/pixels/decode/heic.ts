// HEIC photos as telephones take them: libheif, compiled to WebAssembly, decodes the picture, upright as its container
// says. What comes out is wrapped as a plain TIFF with the photo's colour profile, so that colours and alpha are
// treated as those of every other format. A decoder of its own for each file: what one file does to its memory is gone
// with it.

import type { LibheifImage } from 'libheif-js/libheif-wasm/libheif-bundle.mjs'
import { PhotoError } from '../reasons.ts'

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
  return rgba && { tiff: asTiff(rgba, width, height, profileOf(bytes)), pages: images.length }
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

type Tag = readonly [tag: number, type: 3 | 4 | 7, values: readonly number[] | Buffer]

/** An uncompressed little-endian TIFF of RGB and alpha. */
function asTiff(rgba: Uint8ClampedArray, width: number, height: number, profile: Buffer | null): Buffer {
  const tags: Tag[] = [
    [256, 4, [width]],
    [257, 4, [height]],
    [258, 3, [8, 8, 8, 8]],
    [259, 3, [1]],
    [262, 3, [2]],
    [273, 4, [0]],
    [277, 3, [4]],
    [278, 4, [height]],
    [279, 4, [rgba.length]],
    [338, 3, [2]],
    ...(profile ? [[34675, 7, profile] as const] : []),
  ]
  const head = Buffer.alloc(8 + 2 + tags.length * 12 + 4 + 8 + (profile?.length ?? 0))
  head.write('II*\0', 'latin1')
  head.writeUInt32LE(8, 4)
  head.writeUInt16LE(tags.length, 8)
  let room = 8 + 2 + tags.length * 12 + 4
  tags.forEach((tag, i) => {
    room = writeTag(head, 10 + i * 12, tag, room)
  })
  head.writeUInt32LE(head.length, 10 + 5 * 12 + 8)
  return Buffer.concat([head, Buffer.from(rgba.buffer, rgba.byteOffset, rgba.length)])
}

/** Values of more than four bytes stand at `room`; answers where the next ones may. */
function writeTag(head: Buffer, at: number, [tag, type, values]: Tag, room: number): number {
  head.writeUInt16LE(tag, at)
  head.writeUInt16LE(type, at + 2)
  head.writeUInt32LE(values.length, at + 4)
  if (Buffer.isBuffer(values)) {
    head.writeUInt32LE(room, at + 8)
    values.copy(head, room)
    return room + values.length
  }
  const size = type === 3 ? 2 : 4
  const place = values.length * size > 4 ? room : at + 8
  if (place === room) head.writeUInt32LE(room, at + 8)
  ;(values as readonly number[]).forEach((value, i) => head.writeUIntLE(value, place + i * size, size))
  return place === room ? room + values.length * size : room
}
