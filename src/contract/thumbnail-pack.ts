// Many thumbnails in one answer: for each photo asked for, in that order, the length of its picture as u32 (little endian) and the picture. A
// length of 0 says that none stands ready; such a photo is asked for alone.

/** Most photos of one question. */
export const packLimit = 100

export function packThumbnails(pictures: readonly (Uint8Array | null)[]): Uint8Array<ArrayBuffer> {
  const packed = new Uint8Array(pictures.reduce((sum, picture) => sum + 4 + (picture?.length ?? 0), 0))
  const lengths = new DataView(packed.buffer)
  let at = 0
  for (const picture of pictures) {
    lengths.setUint32(at, picture?.length ?? 0, true)
    if (picture) packed.set(picture, at + 4)
    at += 4 + (picture?.length ?? 0)
  }
  return packed
}

/** Views of `packed`, null where no picture stood ready. */
export function unpackThumbnails(packed: Uint8Array<ArrayBuffer>): (Uint8Array<ArrayBuffer> | null)[] {
  const lengths = new DataView(packed.buffer, packed.byteOffset, packed.byteLength)
  const pictures: (Uint8Array<ArrayBuffer> | null)[] = []
  for (let at = 0; at < packed.length;) {
    const end = at + 4 + lengths.getUint32(at, true)
    pictures.push(end === at + 4 ? null : packed.subarray(at + 4, end))
    at = end
  }
  return pictures
}
