// What the folders of a photo set mean: which only wrap others, which are splits, which are classes. Data sets come as
// class folders, as splits of class folders, or as classes with splits inside; "train" may be a split or a thing with
// rails. Where names allow two readings, the likelier is taken and the other is offered.

import type { ImportLayout, SplitName } from '../../../contract/records.ts'

/** What lies directly in one folder: the names of its folders, and whether there are photos beside them. */
export interface FolderNames {
  readonly folders: readonly string[]
  readonly photos: boolean
}
/** Reads one folder, by the names of the folders that lead to it. */
export type ReadNames = (path: readonly string[]) => FolderNames | Promise<FolderNames>

export interface Layout {
  /** How many folders are passed through before names mean something. */
  readonly wrappers: number
  /** The split of everything, where the chosen folder is one. */
  readonly split: SplitName | null
  /** Folders below the wrappers that are splits; their sub-folders are classes. */
  readonly splits: ReadonlyMap<string, SplitName>
  /** Whether the folders in a class folder are splits. */
  readonly splitsBelowClasses: boolean
}

export interface LayoutReading {
  readonly layout: Layout
  readonly reading: ImportLayout
  /** What the same names could mean as well. */
  readonly other: ImportLayout | null
}

/** A file's class and split by the folders it lies in. */
export interface Placed {
  readonly className: string | null
  readonly split: SplitName | null
}

const deepestWrapper = 32

const splitNames: ReadonlyMap<string, SplitName> = new Map([
  ...['train', 'training', 'trn'].map(name => [name, 'train'] as const),
  ...['validation', 'validate', 'valid', 'val', 'dev', 'development', 'eval'].map(
    name => [name, 'validation'] as const,
  ),
  ...['test', 'testing', 'tst', 'holdout', 'hold-out', 'hold_out'].map(name => [name, 'test'] as const),
])
/** "train_set", "training images", "TestData". */
const suffix = /[\s._-]*(?:set|data|dataset|images?|imgs?|photos?|pictures?|split)$/

/** The split that a folder or a cell of a list means by this name; null for any other name. */
export function splitOfName(name: string): SplitName | null {
  const plain = name.normalize('NFC').trim().toLowerCase()
  return splitNames.get(plain) ?? splitNames.get(plain.replace(suffix, '')) ?? null
}

/** `name` is the chosen folder's own; `asked` takes that reading whatever is likelier. */
export async function readLayout(read: ReadNames, name: string, asked?: ImportLayout): Promise<LayoutReading> {
  const path = await throughWrappers(read)
  const { folders } = await read(path)
  const named = folders.filter(folder => splitOfName(folder))
  const found =
    named.length > 0 ? await splitsOrClasses(read, path, named, folders) : await splitsInClasses(read, path, folders)
  const reading = asked ?? found.likely
  const splits = reading === 'splits' ? found.splits : []
  const own = splits.length > 0 ? null : splitOfName(path.at(-1) ?? name)
  return {
    reading,
    other: asked ? null : found.other,
    layout: {
      wrappers: path.length,
      split: own,
      splits: new Map(splits.map(folder => [folder, splitOfName(folder)!])),
      splitsBelowClasses: reading === 'splits' && found.belowClasses,
    },
  }
}

/** Class and split of a file in `folders`, named from the chosen folder down. */
export function placeIn(layout: Layout, folders: readonly string[]): Placed {
  const [first, second] = folders.slice(layout.wrappers)
  if (first === undefined) return { className: null, split: layout.split }
  const split = layout.splits.get(first)
  if (split) return { className: second?.normalize('NFC') ?? null, split }
  const below = layout.splitsBelowClasses && second !== undefined ? splitOfName(second) : null
  return { className: first.normalize('NFC'), split: below ?? layout.split }
}

interface FoundLayout {
  readonly likely: ImportLayout
  readonly other: ImportLayout | null
  readonly splits: readonly string[]
  readonly belowClasses: boolean
}

/** Folders that hold nothing but one folder of folders, as unpacked archives do. */
async function throughWrappers(read: ReadNames): Promise<string[]> {
  const path: string[] = []
  while (path.length < deepestWrapper) {
    const { folders, photos } = await read(path)
    const [only] = folders
    if (folders.length !== 1 || photos || splitOfName(only!)) return path
    const inner = await read([...path, only!])
    if (inner.folders.length === 0 || inner.photos) return path
    path.push(only!)
  }
  return path
}

/** Some names are those of splits. One is a split where it holds class folders, or where all folders beside it are splits. */
async function splitsOrClasses(
  read: ReadNames,
  path: readonly string[],
  named: readonly string[],
  folders: readonly string[],
): Promise<FoundLayout> {
  const holding: string[] = []
  for (const folder of named) if ((await read([...path, folder])).folders.length > 0) holding.push(folder)
  const all = named.length === folders.length
  const splits = all ? named : holding
  if (splits.length > 0) {
    const certain = all && holding.length > 0
    return { likely: 'splits', other: certain ? null : 'classes', splits, belowClasses: false }
  }
  // Folders of mere photos beside others of the kind: a class "train" among buses, unless there are several such names.
  const several = new Set(named.map(splitOfName)).size > 1
  return { likely: 'classes', other: several ? 'splits' : null, splits: named, belowClasses: false }
}

/** No name is that of a split; the folders in each class folder may be. */
async function splitsInClasses(
  read: ReadNames,
  path: readonly string[],
  folders: readonly string[],
): Promise<FoundLayout> {
  const seen = new Set<SplitName>()
  for (const folder of folders) {
    const inner = await read([...path, folder])
    const splits = inner.folders.map(splitOfName)
    if (inner.photos || splits.length === 0 || splits.includes(null)) return plainClasses
    for (const split of splits) seen.add(split!)
  }
  if (seen.size < 2) return plainClasses
  return { likely: 'splits', other: 'classes', splits: [], belowClasses: true }
}

const plainClasses: FoundLayout = { likely: 'classes', other: null, splits: [], belowClasses: false }
