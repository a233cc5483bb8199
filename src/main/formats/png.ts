// PNG files written by hand, so that pictures can be made where sharp may not be loaded (the shell's own process).

import { crc32, deflateSync } from 'node:zlib'

/** RGB bytes, rows from the top, as a PNG file (every row with filter 2, the difference from the row above). */
export function encodePng(width: number, height: number, rgb: Uint8Array): Uint8Array {
  const stride = width * 3
  const rows = new Uint8Array(height * (stride + 1))
  for (let y = 0; y < height; y++) {
    rows[y * (stride + 1)] = 2
    for (let i = 0; i < stride; i++)
      rows[y * (stride + 1) + 1 + i] = rgb[y * stride + i]! - (y === 0 ? 0 : rgb[(y - 1) * stride + i]!)
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', new Uint8Array(0)),
  ])
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  framed.set(body, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}
