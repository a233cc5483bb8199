// Versions of the data set, columns that photos are grouped by, and splits dealt by them.

import { z } from 'zod'

/** The data set under a name. `excluded` of its `photos`; `runs` learnt from exactly these labels. */
export const DatasetVersion = z.object({
  id: z.number().int(),
  name: z.string(),
  at: z.string(),
  labelRevision: z.number().int(),
  photos: z.number().int(),
  excluded: z.number().int(),
  classes: z.number().int(),
  runs: z.array(z.number().int()),
})
export type DatasetVersion = z.infer<typeof DatasetVersion>

/** How many, and the first thousand of them. */
const NamedPhotos = z.object({ photos: z.number().int(), photoIds: z.array(z.number().int()) })

/** A photo can be excluded, relabelled and moved to another split at once. */
export const VersionDifference = z.object({
  added: NamedPhotos,
  removed: NamedPhotos,
  excluded: NamedPhotos,
  included: NamedPhotos,
  relabelled: NamedPhotos,
  moved: NamedPhotos,
  /** From which class to which, the most frequent first; '' is no label. */
  relabels: z.array(z.object({ was: z.string(), now: z.string(), photos: z.number().int() })),
})
export type VersionDifference = z.infer<typeof VersionDifference>

/** Columns that every library has; a pattern of folder and name between slashes is another. */
export const photoColumns = ['class', 'folder', 'format', 'shape', 'size', 'problem'] as const
export type PhotoColumn = (typeof photoColumns)[number]

const share = z.number().min(0).max(100)
/** In any unit: only what they are to each other counts. */
export const SplitShares = z.object({ train: share, validation: share, test: share })
export type SplitShares = z.infer<typeof SplitShares>
