// Features of photos in one packed file, found by the SHA-256 of the photo's file: those of one backbone at one size. Ten
// thousand photos take less than 50 MB: numbers are kept in 24 bits (a float32 without its last 8, an error of 1 in
// 130,000), where a photo has more than 1,664 of them in 16 (float16, 1 in 2,000). Disposable: they are made anew.

import { existsSync, readdirSync } from 'node:fs'
import type { FeatureKind } from '../../../contract/records.ts'
import { halfToNumber, numberToHalf } from '../../../core/io/half-numbers.ts'
import { Pack } from './pack.ts'
import type { CacheCheck, FeatureCache } from '../types.ts'

/** Another way of making features throws away those that are there. */
const rule = 'letterbox-means-1'
const most24 = 1664
const fileName = /^features-([\da-f]{16})-(\d+)-(\d+)\.index$/

/** The kind whose index has this file name; null for other files. */
export function featureKindOfIndex(name: string): FeatureKind | null {
  const [, backbone, size, numbers] = fileName.exec(name) ?? []
  return backbone === undefined ? null : { backbone, size: Number(size), numbers: Number(numbers) }
}

/** Those that a folder has features of. */
export function featureKindsIn(folder: string): FeatureKind[] {
  return existsSync(folder) ? readdirSync(folder).flatMap(name => featureKindOfIndex(name) ?? []) : []
}

/** One name for equal kinds. */
export function nameOfFeatures({ backbone, size, numbers }: FeatureKind): string {
  return `features-${backbone}-${size}-${numbers}`
}

/** Opens or starts the features of a kind in a folder. */
export function openFeatureCache(directory: string, kind: FeatureKind): FeatureCache {
  return new PackedFeatures(directory, kind)
}

class PackedFeatures implements FeatureCache {
  readonly numbers: number
  readonly #pack: Pack

  constructor(directory: string, kind: FeatureKind) {
    this.numbers = kind.numbers
    this.#pack = new Pack(directory, nameOfFeatures(kind), `${kind.backbone} ${kind.size} ${rule}`)
  }

  get count(): number {
    return this.#pack.count
  }

  has(sha256: string): boolean {
    return this.#pack.has(sha256)
  }

  append(sha256: string, features: Float32Array): void {
    this.#pack.append(sha256, this.numbers <= most24 ? packed24(features) : packed16(features))
  }

  flush(): void {
    this.#pack.flush()
  }

  get(sha256: string): Float32Array | null {
    const bytes = this.#pack.get(sha256)
    return bytes && (this.numbers <= most24 ? unpacked24(bytes) : unpacked16(bytes))
  }

  verify(signal: AbortSignal): Promise<CacheCheck> {
    return this.#pack.verify(signal)
  }

  close(): void {
    this.#pack.close()
  }
}

/** Rounded to the nearest; no overflow, for features are means of small numbers. */
function packed24(values: Float32Array): Uint8Array {
  const bits = new Uint32Array(values.slice().buffer)
  const bytes = new Uint8Array(3 * values.length)
  for (let i = 0; i < bits.length; i++) {
    const rounded = bits[i]! + 0x80
    bytes[3 * i] = rounded >>> 8
    bytes[3 * i + 1] = rounded >>> 16
    bytes[3 * i + 2] = rounded >>> 24
  }
  return bytes
}

function unpacked24(bytes: Uint8Array): Float32Array {
  const bits = new Uint32Array(bytes.length / 3)
  for (let i = 0; i < bits.length; i++)
    bits[i] = ((bytes[3 * i]! << 8) | (bytes[3 * i + 1]! << 16) | (bytes[3 * i + 2]! << 24)) >>> 0
  return new Float32Array(bits.buffer)
}

function packed16(values: Float32Array): Uint8Array {
  const half = Uint16Array.from(values, numberToHalf)
  return new Uint8Array(half.buffer)
}

function unpacked16(bytes: Uint8Array): Float32Array {
  return Float32Array.from(new Uint16Array(bytes.slice().buffer), halfToNumber)
}
