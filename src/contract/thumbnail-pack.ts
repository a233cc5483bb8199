// Many thumbnails in one answer: first the length of each picture as u32 (little endian), in the order of the question,
// then the pictures one after the other. A length of 0 says that none stands ready; such a photo is asked for alone.

/** Most photos of one question. */
export const packLimit = 100

export function packThumbnails(pictures: readonly (Uint8Array | null)[]): Uint8Array<ArrayBuffer> {
  const head = 4 * pictures.length
  const packed = new Uint8Array(pictures.reduce((sum, picture) => sum + (picture?.length ?? 0), head))
  const lengths = new DataView(packed.buffer)
  let at = head
  pictures.forEach((picture, i) => {
    lengths.setUint32(4 * i, picture?.length ?? 0, true)
    if (picture) packed.set(picture, at)
    at += picture?.length ?? 0
  })
  return packed
}

/** The pictures of `count` photos, null where none stood ready. Only the lengths are read: the rest stays where the
 *  blob is. */
export async function unpackThumbnails(packed: Blob, count: number): Promise<(Blob | null)[]> {
  const lengths = new DataView(await packed.slice(0, 4 * count).arrayBuffer())
  let at = 4 * count
  return Array.from({ length: count }, (_, i) => {
    const from = at
    at += lengths.getUint32(4 * i, true)
    return at === from ? null : packed.slice(from, at)
  })
}
