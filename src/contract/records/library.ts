// The library, its classes, folders, imports, jobs and decisions.

import { z } from 'zod'
import { SplitName } from './photos.ts'
import { Advice } from './review.ts'

export const ClassRecord = z.object({ id: z.number().int(), name: z.string(), photos: z.number().int() })
export type ClassRecord = z.infer<typeof ClassRecord>

export const LibrarySummary = z.object({
  id: z.string(),
  name: z.string(),
  photos: z.number().int(),
  broken: z.number().int(),
  excluded: z.number().int(),
  unlabelled: z.number().int(),
  withProblems: z.number().int(),
  classes: z.array(ClassRecord),
  splits: z.object({
    train: z.number().int(),
    validation: z.number().int(),
    test: z.number().int(),
    none: z.number().int(),
  }),
  /** How the newest run divided its photos, those without a split of their own among them; null before the first. */
  runSplits: z
    .object({
      runId: z.number().int(),
      train: z.number().int(),
      validation: z.number().int(),
      test: z.number().int(),
    })
    .nullable(),
  runs: z.number().int(),
  wrong: z.number().int(),
  labelRevision: z.number().int(),
  undo: z.string().nullable(),
  redo: z.string().nullable(),
})
export type LibrarySummary = z.infer<typeof LibrarySummary>

export const RecentLibrary = z.object({
  id: z.string(),
  name: z.string(),
  photos: z.number().int(),
  openedAt: z.string(),
})
export type RecentLibrary = z.infer<typeof RecentLibrary>

export const Folder = z.object({
  id: z.string(),
  name: z.string(),
  parentId: z.string().nullable(),
  entries: z.array(z.object({ id: z.string(), name: z.string() })),
  imageFiles: z.number().int(),
  /** CSV lists and ZIP archives in it: their ids can be imported like a folder's. */
  files: z.array(z.object({ id: z.string(), name: z.string(), kind: z.enum(['csv', 'zip']) })).optional(),
})
export type Folder = z.infer<typeof Folder>

/** How folder names are read where they allow it: those of splits as splits, or all as classes. */
export const ImportLayout = z.enum(['splits', 'classes'])
export type ImportLayout = z.infer<typeof ImportLayout>

/** A folder that an import does not look into, by its path below the chosen one, with the files in it; null where they
 *  cannot be counted, or are counted elsewhere. */
export const SkippedFolder = z.object({
  path: z.string(),
  reason: z.enum(['hidden', 'system', 'no-permission', 'unreadable', 'path-too-long', 'linked-twice', 'bad-name']),
  files: z.number().int().nullable(),
})
export type SkippedFolder = z.infer<typeof SkippedFolder>

/** Why a file is passed over: `outside` names in an archive that lead out of it; `archive` one inside of another or of
 *  a folder. */
export const SkipReason = z.enum([
  'not-a-photo',
  'hidden',
  'archive',
  'special',
  'bad-name',
  'outside',
  'too-large',
  'same-name',
])
export type SkipReason = z.infer<typeof SkipReason>

/** Something that was taken for granted, or could not be; the page translates by `code` and `values`. */
export const ImportNote = Advice
export type ImportNote = Advice

export const ImportPreview = z.object({
  /** New, known and moved ones alike. */
  photos: z.number().int(),
  /** Of these in the library already, at the same place. */
  already: z.number().int(),
  /** Of these in the library already with the same content, at a place where they are gone. */
  moved: z.number().int(),
  /** Photos of the library that a list gives another label than they have. */
  relabelled: z.number().int(),
  /** Files passed over in folders that were looked into. */
  skipped: z.number().int(),
  /** The same by reason, with one of them. */
  skippedFiles: z.array(z.object({ reason: SkipReason, files: z.number().int(), example: z.string() })),
  classes: z.array(z.object({ name: z.string(), photos: z.number().int() })),
  splits: z.array(z.object({ name: SplitName, photos: z.number().int() })),
  /** The first hundred. */
  skippedFolders: z.array(SkippedFolder),
  notes: z.array(ImportNote),
  /** What the same names could mean as well; null where there is one reading. */
  other: z
    .object({
      layout: ImportLayout,
      classes: z.array(z.object({ name: z.string(), photos: z.number().int() })),
      splits: z.array(z.object({ name: SplitName, photos: z.number().int() })),
    })
    .nullable(),
})
export type ImportPreview = z.infer<typeof ImportPreview>

export const JobState = z.enum(['queued', 'running', 'paused', 'done', 'cancelled', 'failed'])
export const Job = z.object({
  id: z.number().int(),
  kind: z.enum(['import', 'check', 'pixels', 'sample', 'export', 'relink', 'verify', 'classify', 'features']),
  state: JobState,
  done: z.number().int(),
  total: z.number().int().nullable(),
  perSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  error: z.object({ code: z.string(), message: z.string(), fix: z.string() }).nullable(),
  result: z.record(z.string(), z.number()),
})
export type Job = z.infer<typeof Job>

/** The set in numbers. `usable`: decoded whole and not excluded. Sizes are those of the smallest, middle and largest
 *  photo by area. */
const PhotoSize = z.object({ width: z.number().int(), height: z.number().int() })
export const CheckReport = z.object({
  classes: z.array(ClassRecord.extend({ usable: z.number().int() })),
  sizes: z.object({ smallest: PhotoSize, middle: PhotoSize, largest: PhotoSize }).nullable(),
  formats: z.array(z.object({ format: z.string(), photos: z.number().int() })),
  advice: z.array(Advice),
})
export type CheckReport = z.infer<typeof CheckReport>

/** `id` names it in the history; 0 where nothing changed, so that there is nothing to take back. */
export const Decision = z.object({
  id: z.number().int(),
  changed: z.number().int(),
  text: z.string(),
  kind: z.string(),
  values: z.record(z.string(), z.string()),
})
export type Decision = z.infer<typeof Decision>
