// Class and split of files by their paths alone, as an archive has them.

import type { ImportLayout } from '../../../contract/records.ts'
import { placeIn, readLayout, type LayoutReading } from './layout.ts'
import type { ScannedFile } from './steps.ts'

/** For a list of paths with '/' between folders; `name` is the archive's own. */
export async function* placePaths(
  paths: readonly string[],
  name: string,
  layout?: ImportLayout,
  onLayout?: (reading: LayoutReading) => void,
): AsyncGenerator<ScannedFile, void> {
  const tree = treeOf(paths)
  const reading = await readLayout(
    path => {
      const place = tree.get(path.join('/'))!
      return { folders: [...place.folders], photos: place.photos }
    },
    name,
    layout,
  )
  onLayout?.(reading)
  for (const path of paths) yield { path, ...placeIn(reading.layout, path.split('/').slice(0, -1)) }
}

function treeOf(paths: readonly string[]): ReadonlyMap<string, { readonly folders: Set<string>; photos: boolean }> {
  const tree = new Map([['', { folders: new Set<string>(), photos: false }]])
  for (const path of paths) {
    const parts = path.split('/')
    for (let depth = 0; depth < parts.length - 1; depth++) {
      tree.get(parts.slice(0, depth).join('/'))!.folders.add(parts[depth]!)
      const below = parts.slice(0, depth + 1).join('/')
      if (!tree.has(below)) tree.set(below, { folders: new Set(), photos: false })
    }
    tree.get(parts.slice(0, -1).join('/'))!.photos = true
  }
  return tree
}
