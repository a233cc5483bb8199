// What the folders of a photo set mean: which only wrap others, which are splits, which are classes. Data sets come as
// class folders, as splits of class folders, or as classes with splits inside; "train" may be a split or a thing with
// rails. Where names allow two readings, the likelier is taken and the other is offered.

import type { ImportLayout, SplitName } from '../../../contract/records.ts'
import { withoutHiddenSigns } from '../../common/hidden-signs.ts'
import { splitOfName, splitsAmong } from '../files/split-names.ts'

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
  /** How many folders are passed through in each split before its classes. */
  readonly inner: number
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

/** `name` is the chosen folder's own; `asked` takes that reading whatever is likelier. */
export async function readLayout(read: ReadNames, name: string, asked?: ImportLayout): Promise<LayoutReading> {
  const path = await throughWrappers(read)
  const { folders } = await read(path)
  const named = splitsAmong(folders)
  const found =
    named.size > 0 ? await splitsOrClasses(read, path, named, folders) : await splitsInClasses(read, path, folders)
  const reading = asked ?? found.likely
  const splits = reading === 'splits' ? found.splits : new Map<string, SplitName>()
  const own = splits.size > 0 ? null : splitOfName(path.at(-1) ?? name)
  return {
    reading,
    other: asked ? null : found.other,
    layout: {
      wrappers: path.length,
      split: own,
      splits,
      inner: await wrappersInSplits(read, path, splits),
      splitsBelowClasses: reading === 'splits' && found.belowClasses,
    },
  }
}

/** Class and split of a file in `folders`, named from the chosen folder down. */
export function placeIn(layout: Layout, folders: readonly string[]): Placed {
  const [first, second] = folders.slice(layout.wrappers)
  if (first === undefined) return { className: null, split: layout.split }
  const split = layout.splits.get(first)
  if (split) {
    const inner = folders.slice(layout.wrappers + 1 + layout.inner)[0]
    return { className: nameOfClass(inner), split }
  }
  const below = layout.splitsBelowClasses && second !== undefined ? splitOfName(second) : null
  return { className: nameOfClass(first), split: below ?? layout.split }
}

/** As people read it. */
function nameOfClass(folder: string | undefined): string | null {
  return folder === undefined ? null : withoutHiddenSigns(folder)
}

interface FoundLayout {
  readonly likely: ImportLayout
  readonly other: ImportLayout | null
  readonly splits: ReadonlyMap<string, SplitName>
  readonly belowClasses: boolean
}

/** Of this many folders beside each other, those without photos are no classes. */
const fewFolders = 6
/** What a folder is called that only holds the photos. */
const mereHolder = /^(?:images?|imgs?|jpegimages|jpe?gs?|pngs?|photos?|pictures?|data|dataset|사진|이미지)$/i

/** Folders that hold nothing but one folder of folders, as unpacked archives do; documents and a stray photo beside it
 *  count for nothing. */
async function throughWrappers(read: ReadNames, from: readonly string[] = [], inSplit = false): Promise<string[]> {
  const path = [...from]
  while (path.length < deepestWrapper) {
    const { folders, photos } = await read(path)
    const holding = folders.length > 1 && folders.length <= fewFolders ? await withPhotos(read, path, folders) : folders
    const [only] = holding
    if (holding.length !== 1 || (splitOfName(only!) && !inSplit)) return path
    const inner = await read([...path, only!])
    const wraps = inner.folders.length > (photos ? 1 : 0) && (await onlyWraps(read, [...path, only!], inner))
    const holds = mereHolder.test(only!) || (inSplit && splitOfName(only!) !== null)
    if (!wraps && (photos || inner.folders.length > 0 || !holds)) return path
    path.push(only!)
  }
  return path
}

/** No photos lie in it, or a stray one beside a single folder of several. */
async function onlyWraps(read: ReadNames, path: readonly string[], { folders, photos }: FolderNames): Promise<boolean> {
  if (!photos || folders.length !== 1) return !photos
  const inner = await read([...path, folders[0]!])
  return inner.folders.length > 1 && !inner.photos
}

/** The folders with photos in them or below. */
async function withPhotos(read: ReadNames, path: readonly string[], folders: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const folder of folders) if (await holdsPhotos(read, [...path, folder])) found.push(folder)
  return found
}

async function holdsPhotos(read: ReadNames, path: readonly string[]): Promise<boolean> {
  const { folders, photos } = await read(path)
  if (photos) return true
  if (path.length > deepestWrapper) return false
  for (const folder of folders) if (await holdsPhotos(read, [...path, folder])) return true
  return false
}

/** "training_set/training_set/cat": how many folders wrap the classes of every split. */
async function wrappersInSplits(
  read: ReadNames,
  path: readonly string[],
  splits: ReadonlyMap<string, SplitName>,
): Promise<number> {
  const counts: number[] = []
  for (const split of splits.keys()) {
    const from = [...path, split]
    counts.push((await throughWrappers(read, from, true)).length - from.length)
  }
  return counts.length === 0 ? 0 : Math.min(...counts)
}

/** Some names are those of splits. One is a split where it holds class folders, or where all folders beside it are splits. */
async function splitsOrClasses(
  read: ReadNames,
  path: readonly string[],
  named: ReadonlyMap<string, SplitName>,
  folders: readonly string[],
): Promise<FoundLayout> {
  const holding = new Map<string, SplitName>()
  for (const [folder, split] of named)
    if ((await read([...path, folder])).folders.length > 0) holding.set(folder, split)
  const all = named.size === folders.length
  const splits = all ? named : holding
  if (splits.size > 0) {
    const certain = all && holding.size > 0
    return { likely: 'splits', other: certain ? null : 'classes', splits, belowClasses: false }
  }
  // Folders of mere photos beside others of the kind: a class "train" among buses, unless there are several such names.
  const several = new Set(named.values()).size > 1
  return { likely: 'classes', other: several ? 'splits' : null, splits: named, belowClasses: false }
}

/** No name is that of a split; the folders in each class folder may be. A class without any is one all the same where
 *  others have them; splits of one kind alone may be anything. */
async function splitsInClasses(
  read: ReadNames,
  path: readonly string[],
  folders: readonly string[],
): Promise<FoundLayout> {
  const seen = new Set<SplitName>()
  let [withSplits, without] = [0, 0]
  for (const folder of folders) {
    const inner = await read([...path, folder])
    const splits = inner.folders.map(splitOfName)
    if (splits.includes(null)) return plainClasses
    for (const split of splits) seen.add(split!)
    if (splits.length > 0) withSplits++
    else if (inner.photos) without++
  }
  if (withSplits === 0) return plainClasses
  const likely = seen.size > 1 && withSplits > without ? 'splits' : 'classes'
  return { likely, other: likely === 'splits' ? 'classes' : 'splits', splits: new Map(), belowClasses: true }
}

const plainClasses: FoundLayout = { likely: 'classes', other: null, splits: new Map(), belowClasses: false }
