// Training pixels of one shape in one packed file: rows of size * size * channels bytes, found by the SHA-256 of the
// photo's file. Disposable: deleting its folder costs one pass over the photos and nothing else.

import { ServiceError } from '../../../contract/errors.ts'
import type { FitName } from '../../../contract/records.ts'
import { Pack } from './pack.ts'
import type { CacheCheck, PixelCache, PixelShape } from '../types.ts'

/** The rules by which rows are made (docs/pixels.md). A cache made by another rule is thrown away. */
const rules = { squash: 'squash-bilinear-2', letterbox: 'letterbox-bilinear-1' } as const
const fileName = /^pixels-(\d+)x\d+x([13])(-letterbox)?\.index$/

/** The shape whose index has this file name; null for other files. */
export function shapeOfIndex(name: string): PixelShape | null {
  const [, size, channels, bars] = fileName.exec(name) ?? []
  return size === undefined
    ? null
    : { size: Number(size), channels: Number(channels) as 1 | 3, fit: bars ? 'letterbox' : 'squash' }
}

/** One name for equal shapes. */
export function nameOfShape({ size, channels, fit = 'squash' }: PixelShape): string {
  return `pixels-${size}x${size}x${channels}${fit === 'squash' ? '' : `-${fit}`}`
}

/** Opens or starts the cache of a shape in a folder. */
export function openPixelCache(directory: string, shape: PixelShape): PixelCache {
  return new PackedPixels(directory, shape)
}

class PackedPixels implements PixelCache {
  readonly size: number
  readonly channels: 1 | 3
  readonly fit: FitName
  readonly #rowBytes: number
  readonly #pack: Pack

  constructor(directory: string, { size, channels, fit = 'squash' }: PixelShape) {
    this.size = size
    this.channels = channels
    this.fit = fit
    this.#rowBytes = size * size * channels
    this.#pack = new Pack(directory, nameOfShape(this), `${size}x${size}x${channels} ${rules[fit]}`)
  }

  get count(): number {
    return this.#pack.count
  }

  has(sha256: string): boolean {
    return this.#pack.has(sha256)
  }

  append(sha256: string, data: Uint8Array): void {
    if (data.length !== this.#rowBytes) {
      throw new RangeError(
        `A row of ${this.size} x ${this.size} x ${this.channels} has ${this.#rowBytes} bytes, not ${data.length}.`,
      )
    }
    this.#pack.append(sha256, data)
  }

  flush(): void {
    this.#pack.flush()
  }

  rows(photos: readonly string[], from: number, count: number): Uint8Array<ArrayBuffer> {
    const wanted = photos.slice(from, from + count)
    const rows = new Uint8Array(wanted.length * this.#rowBytes)
    const absent = this.missing(wanted).length || this.#pack.getMany(wanted, rows)
    if (absent > 0) {
      throw new ServiceError(
        'pixels-missing',
        `The prepared pixels of ${absent} of ${wanted.length} photos are missing or damaged.`,
        'Prepare the run again: the pixels are made anew from the photos.',
      )
    }
    return rows
  }

  missing(photos: readonly string[]): string[] {
    return photos.filter(photo => !this.#pack.has(photo))
  }

  verify(signal: AbortSignal): Promise<CacheCheck> {
    return this.#pack.verify(signal)
  }

  close(): void {
    this.#pack.close()
  }
}
