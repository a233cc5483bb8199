// A few files as one ZIP in memory, and back: for folders that go through a download. Archives that people import are read by
// zip.ts, which never holds them whole.

import { strToU8, unzipSync, zipSync } from 'fflate'

export type FilesByName = Readonly<Record<string, Uint8Array | string>>

/** Stored, not packed: weights hardly shrink. The same files give the same bytes, whenever they are written. */
export function packFiles(files: FilesByName): Uint8Array<ArrayBuffer> {
  const bytes = Object.entries(files).map(([name, content]) => [
    name,
    typeof content === 'string' ? strToU8(content) : content,
  ])
  return zipSync(Object.fromEntries(bytes) as Record<string, Uint8Array>, {
    level: 0,
    mtime: '2020-01-01T12:00:00',
  }) as Uint8Array<ArrayBuffer>
}

/** Of an archive that `packFiles` made. */
export function unpackFiles(zip: Uint8Array): Readonly<Record<string, Uint8Array>> {
  return unzipSync(zip)
}
