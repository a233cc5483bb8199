// Where the photos of an unpacked archive begin: the folder that holds `train`, however deep the archive put it.

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

export function photosRoot(folder: string): string {
  if (existsSync(join(folder, 'train'))) return folder
  const inside = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory())
  const found = inside.map(entry => join(folder, entry.name)).find(path => existsSync(join(path, 'train')))
  if (!found) throw new Error(`There is no folder "train" in ${folder}.`)
  return found
}
