// The label check before any training: the labelled photos that have features are dealt into folds, heads judge those they
// have not learnt from, and what they say becomes a label-issue report. It covers every photo, those for validation and test
// too. A new check takes the old one's place under the same id, so that the queue renews while someone looks at it.

import { ServiceError } from '../../contract/errors.ts'
import type { FeatureKind, LabelCheckRows, LabelIssueReport } from '../../contract/records.ts'
import type { ReadDb } from '../db/database.ts'
import type { LibraryContext } from '../library/context.ts'
import { labelRevision } from '../library/decisions/history.ts'
import { photosForRun, type DealtPhoto } from '../library/photos/splits.ts'
import { rankByConfidentLearning, writeLabelIssueReport } from '../review/queue/label-issue-reports.ts'
import { labelledProbabilities } from '../review/labels/probabilities.ts'
import { assignFolds } from '../runs/folds.ts'
import { photoGroups } from '../runs/photo-groups.ts'
import { splitNumbers } from '../runs/rows.ts'
import { isUnlabelled, writeProposals } from './proposals/proposals.ts'

export interface LabelChecks {
  begin(query: FeatureKind & { readonly folds: number; readonly seed: number }): LabelCheckRows
  /** f32 [rows, classes]. ServiceError 'stale-check', 'bad-probabilities'. */
  put(checkId: number, bytes: Uint8Array): void
  /** f32 [unlabelled, classes + 1]. The same errors. */
  putProposals(checkId: number, bytes: Uint8Array): void
  end(checkId: number): LabelIssueReport
}

interface OpenCheck {
  readonly rows: LabelCheckRows
  readonly revision: number
  probabilities: Float32Array | null
  proposals: Float32Array | null
}

export function createLabelChecks(context: LibraryContext): LabelChecks {
  let newest: OpenCheck | undefined
  let checks = 0
  const open = (checkId: number): OpenCheck => {
    if (newest?.rows.checkId === checkId) return newest
    throw new ServiceError(
      'stale-check',
      'Another check of the labels has begun since this one.',
      'Wait for the newer one.',
    )
  }
  return {
    begin(query) {
      const rows = dealRows(context, ++checks, query)
      newest = { rows, revision: labelRevision(context.library.db), probabilities: null, proposals: null }
      return rows
    },
    put(checkId, bytes) {
      const { rows } = open(checkId)
      open(checkId).probabilities = readNumbers(bytes, rows.photoIds.length * rows.classes.length)
    },
    putProposals(checkId, bytes) {
      const { rows } = open(checkId)
      open(checkId).proposals = readNumbers(bytes, rows.unlabelledIds.length * (rows.classes.length + 1))
    },
    end(checkId) {
      const { rows, revision, probabilities, proposals } = open(checkId)
      if (!probabilities)
        throw new ServiceError('stale-check', 'The check has no probabilities yet.', 'Check the labels again.')
      const input = labelledProbabilities(probabilities, rows.classes.length, rows.labels)
      const classIds = rows.classes.map(({ id }) => id)
      if (proposals)
        writeProposals(context, {
          labelRevision: revision,
          classIds,
          outOfFold: probabilities,
          labels: rows.labels,
          unlabelledIds: rows.unlabelledIds,
          unlabelled: proposals,
        })
      return writeLabelIssueReport(context, {
        method: 'features',
        runId: null,
        labelRevision: revision,
        photoIds: rows.photoIds,
        classIds,
        probabilities: input,
        ...rankByConfidentLearning(input),
      })
    },
  }
}

function readNumbers(bytes: Uint8Array, numbers: number): Float32Array {
  if (bytes.length !== 4 * numbers) throw badBytes(bytes.length, 4 * numbers)
  return new Float32Array(bytes.slice().buffer)
}

function badBytes(came: number, expected: number): ServiceError {
  return new ServiceError(
    'bad-probabilities',
    `${came} bytes of probabilities came where the check needs ${expected}.`,
    'Check the labels again.',
  )
}

type NamedClass = LabelCheckRows['classes'][number]

/** ServiceError 'too-few-for-folds', 'no-features' where no labelled photo has any. */
function dealRows(
  context: LibraryContext,
  checkId: number,
  { folds, seed, ...kind }: FeatureKind & { readonly folds: number; readonly seed: number },
): LabelCheckRows {
  const { db } = context.library
  const labelled = photosForRun(db)
  const all = classesOf(context, labelled)
  if (all.length < 2) throw tooFew(labelled.length)
  const photos = withFeatures(context, kind, labelled)
  if (photos.length === 0) throw noFeatures()
  const groups = photoGroups(
    db,
    photos.map(({ id }) => id),
  )
  const leftOut = unjudged(all, photos, groups)
  const classes = all.filter(({ name }) => !leftOut.some(own => own.name === name))
  if (classes.length < 2) throw tooFew(photos.length)
  const numbers = new Map(classes.map(({ id }, i) => [id, i]))
  const kept = photos.flatMap((photo, i) => (numbers.has(photo.classId) ? [{ ...photo, group: groups[i]! }] : []))
  const labels = kept.map(({ classId }) => numbers.get(classId)!)
  const foldOf = assignFolds({
    labels,
    classes: classes.length,
    groups: kept.map(({ group }) => group),
    folds,
    seed,
    fewest: 2,
    className: label => classes[label]!.name,
  })
  return {
    checkId,
    classes,
    photoIds: kept.map(({ id }) => id),
    labels,
    splits: kept.map(({ split }) => splitNumbers[split]),
    foldOf: [...foldOf],
    folds,
    unlabelledIds: withFeatures(context, kind, unlabelledPhotos(db)).map(({ id }) => id),
    leftOut,
  }
}

function classesOf({ library: { db } }: LibraryContext, photos: readonly DealtPhoto[]): NamedClass[] {
  const used = new Set(photos.map(({ classId }) => classId))
  return db.all<NamedClass>('SELECT id, name FROM class ORDER BY id').filter(({ id }) => used.has(id))
}

function unlabelledPhotos(db: ReadDb): { readonly id: number }[] {
  return db.all(`SELECT id FROM photo WHERE ${isUnlabelled} ORDER BY id`)
}

function withFeatures<P extends { readonly id: number }>(
  context: LibraryContext,
  kind: FeatureKind,
  photos: readonly P[],
): P[] {
  const cache = context.pixels.features(kind)
  const hashes = new Map(
    context.library.db
      .all<{ id: number; sha256: string }>("SELECT id, coalesce(sha256, '') AS sha256 FROM photo")
      .map(({ id, sha256 }) => [id, sha256]),
  )
  return photos.filter(({ id }) => cache.has(hashes.get(id)!))
}

function noFeatures(): ServiceError {
  return new ServiceError(
    'no-features',
    'None of the labelled photos has features yet.',
    'Make them first: winnow features -L <library>.',
  )
}

/** Classes whose photos cannot be judged by others of their kind: of one photo, or of copies of one picture. */
function unjudged(
  classes: readonly NamedClass[],
  photos: readonly DealtPhoto[],
  groups: Int32Array,
): LabelCheckRows['leftOut'] {
  return classes.flatMap(({ id, name }) => {
    const own = photos.flatMap((photo, i) => (photo.classId === id ? [groups[i]!] : []))
    if (own.length > 1 && new Set(own).size > 1) return []
    return [{ name, photos: own.length, reason: own.length > 1 ? ('copies' as const) : ('single' as const) }]
  })
}

function tooFew(photos: number): ServiceError {
  return new ServiceError(
    'too-few-for-folds',
    `Among ${photos} labelled photos there are not two classes of two different pictures each, so nothing could judge their labels.`,
    'Label more photos, or import more.',
  )
}
