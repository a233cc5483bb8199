// A heat map in the terminal, on a handful of photos and the CPU.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { heatPicture } from '../../../../src/main/pixels/heat-picture.ts'
import { Terminal } from './terminal.ts'

const terminal = new Terminal()
beforeAll(async () => {
  await terminal.run('import', terminal.photos('photos', { pebbles: 6, tiles: 6 }), '-L', 'set')
  await terminal.run(
    'train',
    '-L',
    'set',
    '--preset',
    'simple-conv',
    '--size',
    '16',
    '--epochs',
    '2',
    '--batch',
    '4',
    '--device',
    'cpu',
  )
})
afterAll(() => terminal.remove())

describe('heat-map', () => {
  it('writes a picture of what speaks for the answer, or for a class that is asked about', async () => {
    const { code, events } = await terminal.run(
      'heat-map',
      'tiles-1.png',
      '-L',
      'set',
      '--class',
      'pebbles',
      '--device',
      'cpu',
      '-o',
      'heat.png',
      '--json',
    )
    expect(code).toBe(0)
    const told = events.find(({ type }) => type === 'heat-map')!
    expect(told).toMatchObject({ class: 'pebbles', probability: expect.any(Number) })
    expect(told['heat']).toHaveLength(16 * 16)
    expect(await sharp(readFileSync(join(terminal.folder, 'heat.png'))).metadata()).toMatchObject({
      format: 'png',
      width: 320,
      height: 320,
    })
  })

  it('says which classes there are, and which photos', async () => {
    expect(
      await terminal.run('heat-map', 'tiles-1.png', '-L', 'set', '--class', 'stones', '-o', 'x.png'),
    ).toMatchObject({ code: 1, err: expect.stringContaining('pebbles, tiles') })
    expect(await terminal.run('heat-map', 'nothing.png', '-L', 'set', '-o', 'x.png')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no photo "nothing.png"'),
    })
  })

  it('is grey where nothing speaks for the class and warm where much does', async () => {
    const pixels = Uint8Array.from({ length: 4 * 4 * 3 }, (_, i) => [200, 100, 60][i % 3]!)
    const heat = Float32Array.from({ length: 16 }, (_, i) => (i === 0 ? 1 : 0))
    const { data, info } = await sharp(heatPicture({ pixels, size: 4, channels: 3, heat }))
      .raw()
      .toBuffer({ resolveWithObject: true })
    const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)]
    expect(info.width).toBe(320)
    expect(at(319, 319)).toEqual([120, 120, 120])
    const [r, g, b] = at(0, 0)
    expect(r! - b!).toBeGreaterThan(150)
    expect(g!).toBeLessThan(60)
  })
})
