// Training pixels of one shape in one packed file: rows of size * size * channels bytes, found by the SHA-256 of the photo's file.
// Disposable: deleting its folder costs one pass over the photos and nothing else.

import { ServiceError } from '../../contract/errors.ts'
import { Pack } from './pack.ts'
import type { CacheCheck, PixelCache, PixelShape } from './types.ts'

/** The rule by which rows are made (docs/pixels.md). A cache made by another rule is thrown away. */
const RULE = 'squash-bilinear-2'

/** Opens or starts the cache of a shape in a folder. */
export function openPixelCache(directory: string, shape: PixelShape): PixelCache {
  return new PackedPixels(directory, shape)
}

class PackedPixels implements PixelCache {
  readonly size: number
  readonly channels: 1 | 3
  readonly #rowBytes: number
  readonly #pack: Pack

  constructor(directory: string, { size, channels }: PixelShape) {
    this.size = size
    this.channels = channels
    this.#rowBytes = size * size * channels
    this.#pack = new Pack(directory, `pixels-${size}x${size}x${channels}`, `${size}x${size}x${channels} ${RULE}`)
  }

  get count(): number {
    return this.#pack.count
  }

  has(sha256: string): boolean {
    return this.#pack.has(sha256)
  }

  append(sha256: string, data: Uint8Array): void {
    if (data.length !== this.#rowBytes) {
      throw new RangeError(`A row of ${this.size} x ${this.size} x ${this.channels} has ${this.#rowBytes} bytes, not ${data.length}.`)
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
      throw new ServiceError('pixels-missing', `The prepared pixels of ${absent} of ${wanted.length} photos are missing or damaged.`,
        'Prepare the run again: the pixels are made anew from the photos.')
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
