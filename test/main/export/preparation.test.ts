// Odd photos through the Python that stands in every exported file, against the pixels that Winnow trains with: whoever follows
// only what the file says gets the same input.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { preparationOf } from '../../../src/main/export/model/preparation.ts'
import { decodeForModel } from '../../../src/main/pixels/decode/decode-for-model.ts'
import { pythonWith, runPython } from '../../python.ts'
import { generator } from '../../core/io/models.ts'
import { makePool } from '../runs/open-service.ts'

const python = pythonWith('numpy', 'PIL')
const folder = mkdtempSync(join(tmpdir(), 'winnow-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Smooth, as photos are, with a little noise. */
function scene(width: number, height: number, channels: 1 | 3 | 4): Sharp {
  const next = generator(width + height + channels)
  const data = Buffer.from(
    Array.from({ length: width * height * channels }, (_, i) => {
      const [c, x, y] = [i % channels, Math.floor(i / channels) % width, Math.floor(i / channels / width)]
      const wave = Math.sin((x * (c + 1)) / 9) + Math.cos((y * (3 - c)) / 13)
      return Math.max(0, Math.min(255, Math.round(127 + 55 * wave + 8 * next())))
    }),
  )
  return sharp(data, { raw: { width, height, channels } })
}

function deep(width: number, height: number, channels: 1 | 3, most: number): Sharp {
  const data = Uint16Array.from({ length: width * height * channels }, (_, i) => {
    const [x, y] = [Math.floor(i / channels) % width, Math.floor(i / channels / width)]
    return Math.round((most * (2 + Math.sin(x / 9) + Math.cos(y / 7 + (i % channels)))) / 4)
  })
  return sharp(data, { raw: { width, height, channels } }).toColourspace(channels === 1 ? 'grey16' : 'rgb16')
}

const photos: Readonly<Record<string, () => Promise<Buffer>>> = {
  'plain.png': () => scene(60, 60, 3).png().toBuffer(),
  'plain.jpg': () => scene(90, 90, 3).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer(),
  'wide.png': () => scene(150, 40, 3).png().toBuffer(),
  'tall.png': () => scene(33, 131, 3).png().toBuffer(),
  'line.png': () => scene(200, 1, 3).png().toBuffer(),
  'tiny.png': () => scene(3, 5, 3).png().toBuffer(),
  'large.png': () => scene(2500, 1900, 3).png().toBuffer(),
  'grey.png': () => scene(70, 50, 1).toColourspace('b-w').png().toBuffer(),
  'grey.jpg': () => scene(70, 50, 1).toColourspace('b-w').jpeg({ quality: 95 }).toBuffer(),
  'alpha.png': () => scene(64, 48, 4).png().toBuffer(),
  'alpha.webp': () => scene(64, 48, 4).webp({ lossless: true, exact: true }).toBuffer(),
  'palette.png': () => scene(64, 48, 3).png({ palette: true, colours: 64 }).toBuffer(),
  'see-through-palette.png': () => scene(64, 48, 4).png({ palette: true, colours: 32 }).toBuffer(),
  'deep.png': () => deep(64, 64, 3, 65535).png().toBuffer(),
  'deep-grey.png': () => deep(64, 40, 1, 65535).png().toBuffer(),
  'twelve-bits.png': () => deep(64, 40, 1, 4000).png().toBuffer(),
  'turned.jpg': () => scene(90, 60, 3).jpeg({ quality: 95 }).withMetadata({ orientation: 6 }).toBuffer(),
  'profile.jpg': () => scene(80, 60, 3).withIccProfile('p3').jpeg({ quality: 95 }).toBuffer(),
  'cmyk.jpg': () => scene(80, 60, 3).toColourspace('cmyk').withIccProfile('cmyk').jpeg({ quality: 98 }).toBuffer(),
}

beforeAll(async () => {
  for (const [name, make] of Object.entries(photos)) writeFileSync(join(folder, name), await make())
})

const script = (source: string) => `${source}
import base64, json, sys
print(json.dumps({path: base64.b64encode(prepare(path).tobytes()).decode() for path in sys.argv[1:]}))
`

describe.skipIf(!python)('the preparation in an exported file', () => {
  it.each([
    { size: 48, channels: 3, fit: 'letterbox' },
    { size: 32, channels: 3, fit: 'squash' },
    { size: 28, channels: 1, fit: 'letterbox' },
  ] as const)('$channels channels, $fit to $size: the same pixels', async shape => {
    const names = Object.keys(photos)
    const said = runPython(python!, script(preparationOf(shape).python), names, folder)
    const theirs = JSON.parse(said) as Record<string, string>
    const far: [string, number, number][] = []
    for (const name of names) {
      const ours = await decodeForModel(makePool(), join(folder, name), shape, new AbortController().signal)
      const other = Buffer.from(theirs[name]!, 'base64')
      expect(other.length).toBe(ours.length)
      const differences = ours.reduce<number[]>((all, value, i) => [...all, Math.abs(value - other[i]!)], [])
      const mean = differences.reduce((sum, value) => sum + value, 0) / ours.length
      const most = Math.max(...differences)
      // Two JPEG decoders, and two that apply profiles, may differ by a level or two here and there; from CMYK, whose
      // colours sRGB does not all have, by more.
      const may = name === 'cmyk.jpg' ? { most: 24, mean: 2 } : { most: 4, mean: 0.6 }
      if (most > may.most || mean > may.mean) far.push([name, most, mean])
    }
    expect(far).toEqual([])
  })
})
