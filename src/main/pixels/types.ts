// What the library may ask of photo files and what it gets back: requests, results, the pool, the cache of training
// pixels and the store of thumbnails. Everything here is disposable except the answers: caches can be deleted at any
// time and are made again. A result never throws for a bad file: each request ends in exactly one result, 'ok' or
// 'failed' with a Problem that says why.

import type { AugmentationRecipe } from '../../contract/augmentation.ts'
import type { DrawnAugmentation } from './augment/augment-draw.ts'
import type { FitName, Problem } from '../../contract/records.ts'

/** Larger files are 'too-large' without being read. */
export const largestPhotoBytes = 1_073_741_824

/** Training pixels wanted of a photo: the whole photo as size x size, u8 H W C (see docs/pixels.md for the rule). */
export interface PixelShape {
  readonly size: number
  readonly channels: 1 | 3
  /** Default squash. */
  readonly fit?: FitName | undefined
}

export interface DecodeOutputs {
  /** WebP, long side 256, never enlarged. A photo that fits in 256 x 256 and that browsers can show gets none: it is
   *  its own. */
  readonly thumbnail: boolean
  /** WebP of at most this long side, as it is trained with. */
  readonly view?: number
  /** Quality scores, perceptual hash and the SHA-256 of the pixels. */
  readonly quality: boolean
  readonly pixels: readonly PixelShape[]
  /** Augmented copies, made ahead for a run or for an export of files. */
  readonly variants?: VariantsWanted
  /** One picture of twenty-four tiles that shows what a recipe does to the photo. */
  readonly sheet?: {
    readonly recipe: AugmentationRecipe
    readonly seed: number
    readonly tile: number
    readonly fit?: FitName | undefined
  }
}

/** Variants from .. from + count - 1 of the photo under a recipe; a variant is the same whenever it is made. */
export interface VariantsWanted {
  readonly recipe: AugmentationRecipe
  readonly seed: number
  readonly from: number
  readonly count: number
  /** Training pixels of a shape, or JPEG files of the photo's own size. */
  readonly as: PixelShape | 'jpeg'
}

export interface DecodeRequest {
  /** Given back in the result; the caller's own number (a photo id or a job item). Unique within one `decode` call. */
  readonly key: number
  /** Absolute path, used as it is. */
  readonly path: string
  readonly outputs: DecodeOutputs
  /** Decode it in a batch of its own: it was in flight when an earlier process died. */
  readonly alone?: boolean
}

/** Scores from 0 (bad) to 1 (good), all but sharpness with cleanvision's definitions; `grey` is true where R = G = B
 *  everywhere. */
export interface QualityScores {
  readonly dark: number
  readonly light: number
  /** At the photo's own scale; null where that cannot be told. */
  readonly sharpness: number | null
  readonly blurry: number
  readonly lowInformation: number
  readonly oddAspect: number
  readonly grey: boolean
}

/** One cache row: size * size * channels bytes, H W C. */
export interface PixelBuffer extends PixelShape {
  readonly data: Uint8Array
}

/** What the content says, not the file name. */
export type ImageFormat =
  | 'jpeg'
  | 'png'
  | 'apng'
  | 'webp'
  | 'avif'
  | 'gif'
  | 'tiff'
  | 'bmp'
  | 'heic'
  | 'pnm'
  | 'tga'
  | 'qoi'

export interface PreviewSheet {
  /** One WebP of 6 x 4 tiles: the photo as it is, then variants 0 to 22. */
  readonly image: Uint8Array
  readonly columns: number
  readonly rows: number
  /** Side of a tile in pixels. */
  readonly tile: number
  /** What was done to each tile; the first is empty. */
  readonly drawn: readonly DrawnAugmentation[]
}

/** Decoded whole: usable for training. */
export interface DecodedPhoto {
  readonly status: 'ok'
  readonly key: number
  readonly sizeBytes: number
  readonly modifiedMs: number
  /** Of the file, 64 hex digits. */
  readonly sha256: string
  /** Oriented. */
  readonly width: number
  readonly height: number
  readonly format: ImageFormat
  /** Frames or pages in the file; only the first is used. */
  readonly pages: number
  /** SHA-256 of size and oriented sRGB pixels; null unless `quality` was asked for, like the next three. */
  readonly pixelSha256: string | null
  /** 64 bit pHash, 16 hex digits. */
  readonly phash: string | null
  /** The hashes of the photo mirrored and turned in all eight ways, `phash` first: they find turned duplicates. */
  readonly phashTurns: readonly string[] | null
  readonly quality: QualityScores | null
  /** How much of its size is its own and not made by enlarging; null like the scores. */
  readonly ownDetail: number | null
  readonly thumbnail: Uint8Array | null
  readonly view: Uint8Array | null
  /** In the order asked for. */
  readonly pixels: readonly PixelBuffer[]
  /** In their order: pixels H W C, or JPEG files. */
  readonly variants: readonly Uint8Array[]
  readonly sheet: PreviewSheet | null
  /** What is odd about the file but harmless: 'wrong-extension', 'mended', 'guessed-range'. Quality problems are judged
   *  by `qualityProblems`. */
  readonly warnings: readonly Problem[]
}

/** Not usable for training. A truncated photo still has its size and, where asked for, a thumbnail of what could be
 *  read. */
export interface FailedPhoto {
  readonly status: 'failed'
  readonly key: number
  readonly sizeBytes: number | null
  readonly modifiedMs: number | null
  readonly sha256: string | null
  readonly width: number | null
  readonly height: number | null
  readonly format: ImageFormat | null
  readonly thumbnail: Uint8Array | null
  readonly problem: Problem
}

export type DecodeResult = DecodedPhoto | FailedPhoto

export interface DecodePoolOptions {
  /** The decoder's entry: src/main/pixels/pool/decoder.ts run by plain Node, or the bundled out/main/decoder.js. */
  readonly decoderPath: string
  /** The Node that runs it; default: the one running now. Inside Electron it must be a plain Node. */
  readonly nodePath?: string
  /** Child processes; default: the number of cores. They start with the first request. */
  readonly processes?: number
  /** Most processor time that one file may take; default 20,000 ms. Then its process is killed and the file is
   *  'decoder-slow'. */
  readonly workMs?: number
  /** By the clock, for a disk or a decoder that hangs; default 120,000 ms. */
  readonly stalledMs?: number
  /** How long to wait for a process to be ready, for each try; default 30 and 120 seconds. */
  readonly startWaitsMs?: readonly number[]
  /** Default 150 million. */
  readonly maxPixels?: number
  /** Larger files are 'too-large' without being read; default `largestPhotoBytes`. */
  readonly maxBytes?: number
}

export interface DecodeCall {
  /** Aborting ends the generator within a second with the signal's reason; files in flight are given up. */
  readonly signal: AbortSignal
  /** Called before the files of a batch are handed to a process: write them down here, so that a killer file is known.
   */
  readonly onInFlight?: (keys: readonly number[]) => void
  /** Batches at work at once; default: all processes. */
  readonly concurrency?: number
}

/** Decodes in child processes that may die without harm. Requests are taken as they are needed; results come as they
 *  are ready. */
export interface DecodePool {
  decode(
    requests: Iterable<DecodeRequest> | AsyncIterable<DecodeRequest>,
    call: DecodeCall,
  ): AsyncGenerator<DecodeResult, void>
  /** Ends every process; calls still running end with an error. */
  close(): Promise<void>
}

/** Rows of one PixelShape in one packed file, found by the SHA-256 of the photo's file. */
export interface PixelCache extends PixelShape {
  readonly count: number
  has(sha256: string): boolean
  /** Adds a row (size * size * channels bytes); a photo already there keeps its row. Safe on disk after `flush`. */
  append(sha256: string, data: Uint8Array): void
  /** Writes appended rows and their index to disk. */
  flush(): void
  /** Rows of photos[from .. from + count), one after the other, H W C. ServiceError 'pixels-missing' names how many are
   *  absent. */
  rows(photos: readonly string[], from: number, count: number): Uint8Array<ArrayBuffer>
  /** Of these photos, those without a row, in their order. */
  missing(photos: readonly string[]): string[]
  verify(signal: AbortSignal): Promise<CacheCheck>
  close(): void
}

/** Features of one backbone at one size in one packed file, found by the SHA-256 of the photo's file. */
export interface FeatureCache {
  readonly numbers: number
  /** Of photos. */
  readonly count: number
  has(sha256: string): boolean
  /** Adds `numbers` features; a photo already there keeps its own. Safe on disk after `flush`. */
  append(sha256: string, features: Float32Array): void
  flush(): void
  /** Null where there are none, or where they do not check. */
  get(sha256: string): Float32Array | null
  verify(signal: AbortSignal): Promise<CacheCheck>
  close(): void
}

/** Thumbnails found by the SHA-256 of the photo's file. Writes survive a crash whole or not at all. */
export interface ThumbnailStore {
  get(sha256: string): Uint8Array | null
  has(sha256: string): boolean
  put(sha256: string, webp: Uint8Array): void
  verify(signal: AbortSignal): Promise<CacheCheck>
  close(): void
}

/** What reading a whole cache again found; damaged records are forgotten, so that they are made again. */
export interface CacheCheck {
  readonly records: number
  readonly damaged: number
}
