// What an import would bring in, counted from names alone; of photos that the library may have, by their files. Nothing
// is decoded and nothing is written.

import { dirname } from 'node:path'
import type {
  ImportLayout,
  ImportNote,
  ImportPreview,
  SkippedFolder,
  SkipReason,
  SplitName,
} from '../../../contract/records.ts'
import { ServiceError } from '../../../contract/errors.ts'
import { hasHiddenSigns } from '../../common/hidden-signs.ts'
import type { ReadDb } from '../../db/database.ts'
import { classOfName } from '../decisions/classes.ts'
import { openSources } from './all-sources.ts'
import { knownPhotos, MovedPhotos } from './known-photos.ts'
import { hiddenNote, movedNote, unreadListNote } from './notes.ts'
import { fileSourceKind, type OpenSource } from './sources.ts'
import { isPhoto, isSkipped, type ScannedFile, type ScanStep, type SkippedFile } from './steps.ts'

const shownFolders = 100

export interface PreviewOptions {
  readonly layout?: ImportLayout | undefined
  readonly signal?: AbortSignal | undefined
  /** Of the library that they would come into. */
  readonly db?: ReadDb | undefined
}

/** Counts over all the folders. ServiceError 'no-photos' when there is nothing to import. */
export async function previewImport(folders: readonly string[], options: PreviewOptions = {}): Promise<ImportPreview> {
  const found = await countSources(folders, options)
  if (found.photos === 0) throw noPhotos(folders, found.skippedFiles)
  const { otherLayout: layout, ...counts } = found
  if (layout === null) return { ...counts, other: null }
  const { classes, splits } = await countSources(folders, { signal: options.signal, layout })
  return { ...counts, other: { layout, classes, splits } }
}

type Counted = Omit<ImportPreview, 'other'> & { otherLayout: ImportLayout | null }

async function countSources(folders: readonly string[], { layout, signal, db }: PreviewOptions): Promise<Counted> {
  let otherLayout: ImportLayout | null = null
  const counts = new Counts(db ? new KnownCounts(db, signal) : null)
  const onLayout = ({ other }: { readonly other: ImportLayout | null }) => (otherLayout = other ?? otherLayout)
  for await (const source of openSources(folders, { layout, signal, onLayout }, db ?? null)) {
    counts.notes.push(...source.notes)
    for await (const step of source.steps) await counts.add(step, source)
  }
  return { ...counts.result(), otherLayout }
}

class Counts {
  readonly notes: ImportNote[] = []
  readonly #known: KnownCounts | null
  readonly #classes = new Map<string, number>()
  readonly #splits = new Map<SplitName, number>()
  readonly #skipped = new SkippedCounts()
  readonly #folders: SkippedFolder[] = []
  /** Photos whose folders' names hold signs that are not shown. */
  #hidden = 0
  /** A list among the files that are passed over. */
  #list: string | null = null
  #photos = 0

  constructor(known: KnownCounts | null) {
    this.#known = known
  }

  async add(step: ScanStep, source: OpenSource): Promise<void> {
    if (isPhoto(step)) {
      this.#photos++
      if (hasHiddenSigns(dirname(step.path))) this.#hidden++
      if (step.className !== null) add(this.#classes, step.className)
      if (step.split !== null) add(this.#splits, step.split)
      if (source.kind !== 'zip') await this.#known?.add(step, source.list !== null)
    } else if (isSkipped(step)) this.#addSkipped(step)
    else if (this.#folders.length < shownFolders) this.#folders.push(step.leftOut)
  }

  #addSkipped({ skipped, path }: SkippedFile): void {
    this.#skipped.add(skipped, path)
    if (fileSourceKind(path) === 'csv') this.#list ??= path
  }

  result(): Omit<ImportPreview, 'other'> {
    const skippedFiles = this.#skipped.result()
    return {
      photos: this.#photos,
      already: this.#known?.already ?? 0,
      moved: this.#known?.moved ?? 0,
      relabelled: this.#known?.relabelled ?? 0,
      skipped: skippedFiles.reduce((sum, { files }) => sum + files, 0),
      skippedFiles,
      skippedFolders: this.#folders,
      notes: [
        ...this.notes,
        ...(this.#known?.notes() ?? []),
        ...(this.#hidden > 0 ? [hiddenNote(this.#hidden)] : []),
        ...(this.#list !== null && this.#classes.size === 0 ? [unreadListNote(this.#list)] : []),
      ],
      classes: [...this.#classes]
        .map(([name, count]) => ({ name, photos: count }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
      splits: (['train', 'validation', 'test'] as const).flatMap(name =>
        this.#splits.has(name) ? [{ name, photos: this.#splits.get(name)! }] : [],
      ),
    }
  }
}

/** Photos that the library has. */
class KnownCounts {
  readonly #db: ReadDb
  readonly #knownAt: ReturnType<typeof knownPhotos>
  readonly #moves: MovedPhotos
  /** Of moved photos: their label and the class that their folder would give, with how many. */
  readonly #otherwise = new Map<string, { label: string; folder: string; count: number }>()
  already = 0
  moved = 0
  relabelled = 0

  constructor(db: ReadDb, signal: AbortSignal | undefined) {
    this.#db = db
    this.#knownAt = knownPhotos(db)
    this.#moves = new MovedPhotos(db, signal)
  }

  async add({ path, className }: ScannedFile, isListed: boolean): Promise<void> {
    const known = this.#knownAt(path)
    const moved = known ? null : await this.#moves.find(path)
    const label = (known ?? moved)?.className
    if (known) this.already++
    if (moved) this.moved++
    if (label === undefined || className === null || label === className) return
    if (isListed) this.relabelled += Number(this.#isOther(label, className))
    else if (moved && label !== null) this.#addOtherwise(label, className)
  }

  /** What a class was renamed or merged into is no other label. */
  #isOther(label: string | null, className: string): boolean {
    const id = classOfName(this.#db, className)
    return id === undefined || this.#db.value('SELECT name FROM class WHERE id = ?', id) !== label
  }

  #addOtherwise(label: string, folder: string): void {
    const key = JSON.stringify([label, folder])
    const count = (this.#otherwise.get(key)?.count ?? 0) + 1
    this.#otherwise.set(key, { label, folder, count })
  }

  notes(): ImportNote[] {
    return [...this.#otherwise.values()].map(({ label, folder, count }) => movedNote(label, folder, count))
  }
}

/** Files that are passed over, by reason. */
export class SkippedCounts {
  readonly #reasons = new Map<SkipReason, { files: number; example: string }>()

  add(reason: SkipReason, path: string): void {
    const { files, example } = this.#reasons.get(reason) ?? { files: 0, example: path }
    this.#reasons.set(reason, { files: files + 1, example })
  }

  result(): ImportPreview['skippedFiles'] {
    return [...this.#reasons].map(([reason, counts]) => ({ reason, ...counts }))
  }
}

function add<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** ServiceError 'no-photos' naming the folders and how many other files they hold. */
export function noPhotos(folders: readonly string[], skippedFiles: ImportPreview['skippedFiles']): ServiceError {
  const skipped = skippedFiles.reduce((sum, { files }) => sum + files, 0)
  const where = folders.length === 1 ? folders[0]! : `${folders.length} folders`
  const others = skipped === 0 ? '' : ` (${skipped} other ${skipped === 1 ? 'file' : 'files'} passed over)`
  const archives = skippedFiles.find(({ reason }) => reason === 'archive')
  return new ServiceError(
    'no-photos',
    `There are no photos in ${where}${others}.`,
    archives
      ? `Archives inside are not opened, such as ${archives.example}: unpack them, or import them by themselves.`
      : 'Choose a folder with photos in it, one sub-folder for each class.',
  )
}
