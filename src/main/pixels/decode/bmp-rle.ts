// Run lengths of a BMP of 4 or 8 bits: indices in runs, in literal pieces, and jumps over pixels that are not drawn.

const NOT_DRAWN = -1

export interface RleIndices {
  /** Row by row from the bottom; NOT_DRAWN (-1) where a jump left a pixel out or the file ended. */
  readonly indices: Int16Array
  /** False where the file ends before the mark that ends the picture, or its last row. */
  readonly complete: boolean
}

export function unpackRle(bytes: Buffer, from: number, width: number, height: number, bits: 4 | 8): RleIndices {
  const indices = new Int16Array(width * height).fill(NOT_DRAWN)
  let x = 0,
    y = 0
  const put = (index: number): void => {
    if (x < width && y < height) indices[y * width + x] = index
    x++
  }
  const part = (byte: number, i: number): number => (bits === 8 ? byte : i % 2 === 0 ? byte >> 4 : byte & 15)
  for (let at = from; at + 2 <= bytes.length;) {
    const [count, value] = [bytes[at]!, bytes[at + 1]!]
    at += 2
    if (count > 0) for (let i = 0; i < count; i++) put(part(value, i))
    else if (value === 0) [x, y] = [0, y + 1]
    else if (value === 1) return { indices, complete: true }
    else if (value === 2) {
      if (at + 2 > bytes.length) break
      x += bytes[at]!
      y += bytes[at + 1]!
      at += 2
    } else {
      const length = bits === 8 ? value : Math.ceil(value / 2)
      if (at + length > bytes.length) break
      for (let i = 0; i < value; i++) put(part(bytes[at + (bits === 8 ? i : i >> 1)]!, i))
      at += length + (length % 2)
    }
  }
  return { indices, complete: y >= height || (y === height - 1 && x >= width) }
}
