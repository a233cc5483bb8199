// Writes pixels as a plain TIFF in memory, so that what was decoded here goes on the way of every other file: colour
// profile, orientation and alpha are then treated by the image library.

export interface PlainTiff {
  readonly width: number
  readonly height: number
  /** Grey, RGB, CMYK, or RGB with alpha. */
  readonly kind: 'grey' | 'rgb' | 'cmyk' | 'rgba'
  readonly data: Uint8Array
  readonly profile: Buffer | null
  /** As EXIF counts it, 1 to 8. */
  readonly orientation?: number
}

type Tag = readonly [tag: number, type: 3 | 4 | 7, values: readonly number[] | Buffer]

const kinds = { grey: [1, 1], rgb: [3, 2], cmyk: [4, 5], rgba: [4, 2] } as const

/** Uncompressed, little-endian, 8 bits a channel. */
export function writeTiff({ width, height, kind, data, profile, orientation = 1 }: PlainTiff): Buffer {
  const [channels, photometric] = kinds[kind]
  const tags: Tag[] = [
    [256, 4, [width]],
    [257, 4, [height]],
    [258, 3, Array.from({ length: channels }, () => 8)],
    [259, 3, [1]],
    [262, 3, [photometric]],
    [273, 4, [0]],
    [274, 3, [orientation >= 1 && orientation <= 8 ? orientation : 1]],
    [277, 3, [channels]],
    [278, 4, [height]],
    [279, 4, [data.length]],
    ...(kind === 'rgba' ? [[338, 3, [2]] as const] : []),
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
  const pixelOffset = tags.findIndex(([tag]) => tag === 273)
  head.writeUInt32LE(head.length, 10 + pixelOffset * 12 + 8)
  return Buffer.concat([head, Buffer.from(data.buffer, data.byteOffset, data.length)])
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
