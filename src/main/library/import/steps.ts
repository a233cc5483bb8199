// What a scan says of each thing it meets: a photo to be, with its class and split, or something that is passed over
// with the reason. Every file is one or the other, so that sums close.

import type { SkippedFolder, SkipReason, SplitName } from '../../../contract/records.ts'

/** A photo to be; `path` is relative to what was scanned, exactly as on disk. */
export interface ScannedFile {
  readonly path: string
  readonly className: string | null
  readonly split: SplitName | null
}

export interface SkippedFile {
  readonly path: string
  readonly skipped: SkipReason
}

export interface LeftOutFolder {
  readonly leftOut: SkippedFolder
}

export type ScanStep = ScannedFile | SkippedFile | LeftOutFolder

export function isPhoto(step: ScanStep): step is ScannedFile {
  return 'className' in step
}

export function isSkipped(step: ScanStep): step is SkippedFile {
  return 'skipped' in step
}
