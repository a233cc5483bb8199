// What the address of Review says: which list, of which split, which view of how good the run is. Every state of the
// stage stands in it.

import type { LocationQuery } from 'vue-router'
import type { PhotoFilter, SplitName } from '../../contract/records.ts'
import { filterOf } from '../stores/library/filter-query.ts'

export const reviewSplits: readonly SplitName[] = ['validation', 'test', 'train']
export const reviewLists = ['open', 'unsure', 'decided', 'wrong', 'unlabelled'] as const
export type ReviewList = (typeof reviewLists)[number]
export const reviewPanels = ['matrix', 'classes', 'calibration', 'curve', 'compare'] as const
export type ReviewPanel = (typeof reviewPanels)[number]

export interface ReviewAddress {
  /** Suspects still open (the default), those not sure of, those decided; all photos that the run mispredicts; or photos
   *  without a label. */
  readonly list: ReviewList
  readonly split: SplitName
  /** What is shown of how good the run is; null for the queue. */
  readonly panel: ReviewPanel | null
  /** The confusion cell whose photos are the queue, if one was opened. */
  readonly cell: { readonly given: number; readonly predicted: number } | null
  readonly evidenceId: number | null
  /** The photo to begin with. */
  readonly photoId: number | null
  /** Leaves the doubted photos out of the numbers. */
  readonly without: boolean
  /** Judged by nets of the cross-validation that have not seen the photo. */
  readonly folds: boolean
  readonly before: number | null
}

export function readAddress(query: LocationQuery): ReviewAddress {
  const { givenClassId, predictedClassId } = filterOf(query)
  const number = (value: unknown) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : null)
  return {
    list: reviewLists.find(name => name === query.list) ?? 'open',
    split: reviewSplits.find(name => name === query.of) ?? 'validation',
    panel: reviewPanels.find(name => name === query.show) ?? null,
    cell:
      givenClassId !== undefined && predictedClassId !== undefined
        ? { given: givenClassId, predicted: predictedClassId }
        : null,
    evidenceId: number(query.evidence),
    photoId: number(query.photo),
    without: query.without === '1',
    folds: query.folds === '1',
    before: number(query.before),
  }
}

/** The photos of a cell, those that it counts: by the label that the run saw; or those of the list of mispredicted ones,
 *  by the labels of now. */
export function photosOf({ cell, split }: ReviewAddress): PhotoFilter {
  return cell ? { givenClassId: cell.given, predictedClassId: cell.predicted, runSplit: split } : { wrong: true }
}
