// The set in a few numbers and sentences: how many usable photos each class has, which sizes and formats, and what is
// worth doing about it before training. Everything is counted anew on each call; nothing is stored.

import type { Advice, CheckReport } from '../../../contract/records.ts'
import type { ReadDb } from '../../db/database.ts'
import { listClasses } from '../tables/classes.ts'

/** A class with fewer is hardly learnt from scratch. */
const fewPhotos = 20
/** The largest class may have this many times the photos of the smallest before it is worth a word. */
const imbalance = 10
const inUse = 'usable = 1 AND excluded = 0'

export function checkReport(db: ReadDb): CheckReport {
  const usable = new Map(
    db
      .all<{ id: number; photos: number }>(
        `SELECT class_id AS id, count(*) AS photos FROM photo WHERE ${inUse} AND class_id IS NOT NULL GROUP BY class_id`,
      )
      .map(({ id, photos }) => [id, photos]),
  )
  const classes = listClasses(db).map(({ id, name, photos }) => ({ id, name, photos, usable: usable.get(id) ?? 0 }))
  return { classes, sizes: readSizes(db), formats: readFormats(db), advice: adviceOn(db, classes) }
}

/** By area: the smallest, the one in the middle, the largest. */
function readSizes(db: ReadDb): CheckReport['sizes'] {
  const count = db.value<number>('SELECT count(*) FROM photo WHERE usable = 1')!
  const at = (offset: number) =>
    db.get<{ width: number; height: number }>(
      'SELECT width, height FROM photo WHERE usable = 1 ORDER BY width * height, id LIMIT 1 OFFSET ?',
      offset,
    )!
  return count === 0 ? null : { smallest: at(0), middle: at(Math.floor((count - 1) / 2)), largest: at(count - 1) }
}

function readFormats(db: ReadDb): CheckReport['formats'] {
  return db.all<CheckReport['formats'][number]>(
    'SELECT format, count(*) AS photos FROM photo WHERE format IS NOT NULL GROUP BY format ORDER BY photos DESC, format',
  )
}

/** The weightiest first. */
function adviceOn(db: ReadDb, classes: CheckReport['classes']): Advice[] {
  const filled = classes.filter(one => one.usable > 0)
  return [
    ...tooFewClasses(filled),
    ...copiesWithOtherLabels(db),
    ...copiesAcrossSplits(db),
    ...smallClasses(filled),
    ...uneven(filled),
    ...unlabelled(db),
  ]
}

function tooFewClasses(filled: CheckReport['classes']): Advice[] {
  if (filled.length > 1) return []
  const text =
    filled.length === 0
      ? 'No class has a usable photo yet. Import photos in one folder for each class, or label them here.'
      : `Only the class ${filled[0]!.name} has photos. A classifier needs at least two classes.`
  return [{ code: 'few-classes', text, values: { classes: filled.length, class: filled[0]?.name ?? '' } }]
}

const keptBeside =
  'problem JOIN photo ON photo.id = problem.photo_id JOIN photo AS kept ON kept.id = problem.keeper WHERE photo.excluded = 0 AND kept.excluded = 0'

function copiesWithOtherLabels(db: ReadDb): Advice[] {
  const photos = db.value<number>(`SELECT count(*) FROM ${keptBeside} AND photo.class_id <> kept.class_id`)!
  if (photos === 0) return []
  return [
    {
      code: 'copies-conflict',
      values: { photos },
      text: `${counted(photos)} ${plural(photos, 'copy has', 'copies have')} another label than the photo copied: one of the two is wrong.`,
    },
  ]
}

function copiesAcrossSplits(db: ReadDb): Advice[] {
  const photos = db.value<number>(`SELECT count(*) FROM ${keptBeside} AND photo.split <> kept.split`)!
  if (photos === 0) return []
  const text = `${counted(photos)} ${plural(photos, 'copy lies', 'copies lie')} in another split than the photo copied. What is tested was trained on, so the accuracy will look better than it is.`
  return [{ code: 'copies-leak', values: { photos }, text }]
}

function smallClasses(filled: CheckReport['classes']): Advice[] {
  return filled
    .filter(one => one.usable < fewPhotos)
    .map(one => ({
      code: 'few-photos',
      values: { class: one.name, photos: one.usable, wanted: fewPhotos },
      text: `The class ${one.name} has ${one.usable} usable ${plural(one.usable, 'photo', 'photos')}. With fewer than ${fewPhotos} a class is seldom learnt; add some or leave it out.`,
    }))
}

function uneven(filled: CheckReport['classes']): Advice[] {
  const sorted = filled.toSorted((a, b) => a.usable - b.usable)
  const [least, most] = [sorted[0], sorted.at(-1)]
  if (!least || !most || most.usable < imbalance * least.usable) return []
  const times = Math.floor(most.usable / least.usable)
  const text = `The class ${most.name} has ${times} times the photos of ${least.name}. The model will lean towards it; judge it by each class, not by the total.`
  return [{ code: 'uneven', values: { most: most.name, least: least.name, times }, text }]
}

function unlabelled(db: ReadDb): Advice[] {
  const photos = db.value<number>(`SELECT count(*) FROM photo WHERE ${inUse} AND class_id IS NULL`)!
  return photos === 0
    ? []
    : [
        {
          code: 'unlabelled',
          values: { photos },
          text: `${counted(photos)} usable ${plural(photos, 'photo has', 'photos have')} no label and will not be trained on.`,
        },
      ]
}

const counted = (photos: number) => photos.toLocaleString('en')

function plural(count: number, one: string, many: string): string {
  return count === 1 ? one : many
}
