// A new run: the library's usable, labelled photos with their splits, frozen in a fixed order (by split, then photo id)
// together with the label revision they were read at. Nothing that changes in the library later changes a run.

import { existsSync, renameSync } from 'node:fs'
import { ServiceError } from '../../contract/errors.ts'
import type { Run, RunSettings } from '../../contract/records.ts'
import { permutation, streams } from '../../core/kernels/philox.ts'
import type { ReadDb } from '../db/database.ts'
import type { LibraryContext } from '../library/context.ts'
import { labelRevision } from '../library/decisions/history.ts'
import { type DealtPhoto, photosForRun } from '../library/photos/splits.ts'
import { checkSettings } from './settings/check-settings.ts'
import { runFiles } from './files/run-files.ts'
import { leftOutPhotos } from './left-out.ts'
import { getRun, insertRun, splitNumbers, type RunRow } from './rows.ts'
import { checkClasses, checkRows, type LearntClass } from './settings/validate.ts'

/** Makes a run in state 'created'. ServiceErrors of validate.ts where the photos are not enough to learn from;
 *  'bad-settings', 'no-checkpoint'. */
export function createRun(context: LibraryContext, settings: RunSettings): Run {
  const {
    library: { db },
    now,
    changed,
  } = context
  checkSettings(settings)
  if (settings.fromRunId !== undefined) checkBeginning(context, settings.fromRunId)
  const runId = db.transaction(() => {
    const photos = photosForRun(db)
    const classes = classesOf(db, photos)
    checkClasses(classes, leftOutPhotos(db))
    const rows = thinOut(orderRows(photos, classes), settings.trainShare ?? 1)
    checkRows(classes, rows)
    const named = classes.map(({ id, name }) => ({ id, name }))
    return insertRun(db, {
      createdAt: now().toISOString(),
      settings,
      labelRevision: labelRevision(db),
      classes: named,
      rows,
    })
  })
  setAsideLeftovers(runFiles(context, runId).folder, now())
  changed()
  return getRun(db, runId)
}

/** A run that is to begin with another's weights finds out now, not after its photos were prepared, that there are
 *  none. */
function checkBeginning(context: LibraryContext, fromRunId: number): void {
  const { name } = getRun(context.library.db, fromRunId)
  if (existsSync(runFiles(context, fromRunId).checkpoint('best'))) return
  throw new ServiceError(
    'no-checkpoint',
    `${name} has no weights to begin with: it saved no checkpoint.`,
    'Begin with another run, or with fresh weights.',
  )
}

/** The classes that have photos, by id: their order is the order of the logits. */
function classesOf(db: ReadDb, photos: readonly DealtPhoto[]): (LearntClass & { readonly id: number })[] {
  const byClass = Map.groupBy(photos, ({ classId }) => classId)
  return db.all<{ id: number; name: string }>('SELECT id, name FROM class ORDER BY id').flatMap(({ id, name }) => {
    const own = byClass.get(id) ?? []
    const pictures = new Set(own.map(({ picture }) => picture)).size
    return own.length === 0 ? [] : [{ id, name, photos: own.length, pictures }]
  })
}

function orderRows(photos: readonly DealtPhoto[], classes: readonly { readonly id: number }[]): RunRow[] {
  const labels = new Map(classes.map(({ id }, label) => [id, label]))
  return photos
    .map(({ id, classId, split }) => ({ photoId: id, label: labels.get(classId)!, split: splitNumbers[split] }))
    .sort((a, b) => a.split - b.split)
}

/** Keeps a share of the training rows of each class, at least one. The order in which they go is the same for every
 *  share. */
function thinOut(rows: RunRow[], share: number): RunRow[] {
  if (share === 1) return rows
  const dropped = new Set<RunRow>()
  for (const own of Map.groupBy(
    rows.filter(({ split }) => split === splitNumbers.train),
    ({ label }) => label,
  ).values()) {
    const order = permutation(own.length, 1, streams.sample, 0)
    for (const place of order.subarray(Math.max(1, Math.round(own.length * share)))) dropped.add(own[place]!)
  }
  return rows.filter(row => !dropped.has(row))
}

/** A library restored from a backup gives numbers again whose files are still there: they are kept, but not taken for
 *  the new run's. */
function setAsideLeftovers(folder: string, at: Date): void {
  if (existsSync(folder)) renameSync(folder, `${folder}-until-${at.toISOString().replaceAll(/[:.]/g, '-')}`)
}
