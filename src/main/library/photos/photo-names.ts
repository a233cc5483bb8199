// What people see of where a photo lies, from its path below the imported folder.

import { basename, dirname } from 'node:path'

export interface ShownNames {
  readonly name: string
  /** '' at the top of the imported folder. */
  readonly folder: string
}

/** In NFC, so that Hangul reads the same from every machine; the path itself stays as it is on disk. */
export function shownNames(path: string): ShownNames {
  const folder = dirname(path)
  return { name: basename(path).normalize('NFC'), folder: folder === '.' ? '' : folder.normalize('NFC') }
}
