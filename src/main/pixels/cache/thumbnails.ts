// Thumbnails in one packed file, found by the SHA-256 of the photo's file. Disposable.

import { Pack } from './pack.ts'
import type { ThumbnailStore } from '../types.ts'

/** Opens or starts the store in a folder. */
export function openThumbnails(directory: string): ThumbnailStore {
  const pack = new Pack(directory, 'thumbnails', 'webp 256')
  return {
    get: sha256 => pack.get(sha256),
    has: sha256 => pack.has(sha256),
    put: (sha256, webp) => pack.append(sha256, webp),
    verify: signal => pack.verify(signal),
    close: () => pack.close(),
  }
}
