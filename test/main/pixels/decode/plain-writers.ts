// Writers of the small formats: PBM to PAM, TGA, QOI and the run lengths of BMP, from a function of position.

import { bmp } from './image-writers.ts'

export type Colour = readonly [red: number, green: number, blue: number]
type Pixel = (x: number, y: number) => Colour

const grey = ([red, green, blue]: Colour): number => Math.round(0.299 * red + 0.587 * green + 0.114 * blue)

function places(width: number, height: number): [x: number, y: number][] {
  return Array.from({ length: width * height }, (_, i) => [i % width, Math.floor(i / width)])
}

/** P1 to P7, the last with alpha 255; values scaled to `most`. */
export function pnm(digit: number, width: number, height: number, pixel: Pixel, most = 255): Buffer {
  const scaled = (value: number): number => Math.round((value * most) / 255)
  const colours = places(width, height).map(([x, y]) => pixel(x, y))
  if (digit === 7) {
    const head = `P7\nWIDTH ${width}\nHEIGHT ${height}\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n`
    return Buffer.concat([Buffer.from(head), Buffer.from(colours.flatMap(colour => [...colour, 255]))])
  }
  const head = `P${digit}\n# a comment\n${width} ${height}\n${digit % 3 === 1 ? '' : `${most}\n`}`
  if (digit === 4)
    return Buffer.concat([Buffer.from(head), bitRows(width, height, (x, y) => (grey(pixel(x, y)) < 128 ? 1 : 0))])
  const values = colours.flatMap(colour =>
    digit === 1 ? [grey(colour) < 128 ? 1 : 0] : digit % 3 === 0 ? colour.map(scaled) : [scaled(grey(colour))],
  )
  if (digit <= 3) return Buffer.from(head + values.join(digit === 1 ? '' : '\n') + '\n')
  const body = Buffer.alloc(values.length * (most > 255 ? 2 : 1))
  values.forEach((value, i) => (most > 255 ? body.writeUInt16BE(value, i * 2) : body.writeUInt8(value, i)))
  return Buffer.concat([Buffer.from(head), body])
}

function bitRows(width: number, height: number, bit: (x: number, y: number) => number): Buffer {
  const stride = Math.ceil(width / 8)
  const rows = Buffer.alloc(stride * height)
  for (const [x, y] of places(width, height)) rows[y * stride + (x >> 3)]! |= bit(x, y) << (7 - (x & 7))
  return rows
}

export interface TgaOptions {
  readonly kind: 'colour' | 'grey' | 'palette'
  readonly bits?: 16 | 24 | 32
  readonly packed?: boolean
  readonly fromTop?: boolean
  readonly footer?: boolean
}

/** A palette of the 64 colours with two bits a channel. */
const cube = Array.from({ length: 64 }, (_, i): Colour => [(i >> 4) * 85, ((i >> 2) & 3) * 85, (i & 3) * 85])

export function tga(width: number, height: number, pixel: Pixel, options: TgaOptions): Buffer {
  const { kind, bits = 24, packed = false, fromTop = false, footer = false } = options
  const head = Buffer.alloc(18)
  head[1] = kind === 'palette' ? 1 : 0
  head[2] = { palette: 1, colour: 2, grey: 3 }[kind] + (packed ? 8 : 0)
  if (kind === 'palette') {
    head.writeUInt16LE(64, 5)
    head[7] = 24
  }
  head.writeUInt16LE(width, 12)
  head.writeUInt16LE(height, 14)
  head[16] = kind === 'colour' ? bits : 8
  head[17] = (fromTop ? 32 : 0) | (kind === 'colour' && bits === 32 ? 8 : 0)
  const palette = kind === 'palette' ? Buffer.from(cube.flatMap(([r, g, b]) => [b, g, r])) : Buffer.alloc(0)
  const cells = places(width, height).map(([x, y]) => tgaPixel(pixel(x, fromTop ? y : height - 1 - y), kind, bits))
  const body = packed ? tgaRuns(cells) : Buffer.concat(cells)
  const end = footer ? Buffer.from('\0\0\0\0\0\0\0\0TRUEVISION-XFILE.\0', 'latin1') : Buffer.alloc(0)
  return Buffer.concat([head, palette, body, end])
}

function tgaPixel(colour: Colour, kind: TgaOptions['kind'], bits: number): Buffer {
  const [r, g, b] = colour
  if (kind === 'grey') return Buffer.from([grey(colour)])
  if (kind === 'palette') return Buffer.from([colour.reduce((index, value) => index * 4 + Math.round(value / 85), 0)])
  if (bits === 16) {
    const value = (Math.round((r * 31) / 255) << 10) | (Math.round((g * 31) / 255) << 5) | Math.round((b * 31) / 255)
    return Buffer.from([value & 255, value >> 8])
  }
  return Buffer.from(bits === 32 ? [b, g, r, 255] : [b, g, r])
}

/** Equal neighbours as a run, others one by one. */
function tgaRuns(cells: readonly Buffer[]): Buffer {
  const out: Buffer[] = []
  for (let at = 0; at < cells.length;) {
    let end = at + 1
    while (end < cells.length && end - at < 128 && cells[end]!.equals(cells[at]!)) end++
    out.push(Buffer.from([end - at > 1 ? 128 + end - at - 1 : 0]), cells[at]!)
    at = end
  }
  return Buffer.concat(out)
}

/** Every kind of chunk is used where it can be. */
export function qoi(width: number, height: number, pixel: Pixel): Buffer {
  const head = Buffer.alloc(14)
  head.write('qoif', 'latin1')
  head.writeUInt32BE(width, 4)
  head.writeUInt32BE(height, 8)
  head[12] = 3
  const seen: (string | undefined)[] = Array.from({ length: 64 })
  let before: Colour = [0, 0, 0]
  let run = 0
  const out: number[] = []
  const endRun = (): void => {
    if (run > 0) out.push(0xc0 | (run - 1))
    run = 0
  }
  for (const [x, y] of places(width, height)) {
    const colour = pixel(x, y)
    const [r, g, b] = colour
    if (colour.join() === before.join()) {
      if (++run === 62) endRun()
      continue
    }
    endRun()
    const place = (r * 3 + g * 5 + b * 7 + 255 * 11) % 64
    const [dr, dg, db] = [r - before[0], g - before[1], b - before[2]]
    if (seen[place] === colour.join()) out.push(place)
    else if ([dr, dg, db].every(d => d >= -2 && d <= 1)) out.push(0x40 | ((dr + 2) << 4) | ((dg + 2) << 2) | (db + 2))
    else if (dg >= -32 && dg < 32 && [dr - dg, db - dg].every(d => d >= -8 && d < 8))
      out.push(0x80 | (dg + 32), ((dr - dg + 8) << 4) | (db - dg + 8))
    else out.push(0xfe, r, g, b)
    seen[place] = colour.join()
    before = colour
  }
  endRun()
  return Buffer.concat([head, Buffer.from(out), Buffer.from([0, 0, 0, 0, 0, 0, 0, 1])])
}

/** A BMP of run lengths, 4 or 8 bits; `index` of each pixel, null where none is drawn. */
export function rleBmp(
  width: number,
  height: number,
  bits: 4 | 8,
  palette: readonly Colour[],
  index: (x: number, y: number) => number | null,
): Buffer {
  const plain = bmp({ width, height, bits, palette, compression: bits === 8 ? 1 : 2, pixel: () => 0 })
  const out: number[] = []
  for (let y = height - 1; y >= 0; y--) {
    for (let x = 0; x < width;) {
      const value = index(x, y)
      let end = x + 1
      while (end < width && end - x < 255 && index(end, y) === value) end++
      if (value === null) out.push(0, 2, end - x, 0)
      else out.push(end - x, bits === 8 ? value : value * 17)
      x = end
    }
    out.push(0, 0)
  }
  out.push(0, 1)
  return Buffer.concat([plain.subarray(0, plain.readUInt32LE(10)), Buffer.from(out)])
}
