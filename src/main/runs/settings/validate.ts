// Whether photos make a data set one can learn from: at least two classes, different pictures of each, some to train on
// and some to judge by. All that is missing is told at once, each with the actual numbers, its true cause and what to do.

import { ServiceError, type ErrorValues } from '../../../contract/errors.ts'
import type { Run } from '../../../contract/records.ts'
import type { RunRow } from '../rows.ts'

/** A class that has photos to learn from: how many, and how many different pictures they show. */
export interface LearntClass {
  readonly name: string
  readonly photos: number
  readonly pictures: number
}

/** Photos that a run leaves out, by the reason. */
export interface LeftOutPhotos {
  readonly all: number
  readonly missing: number
  readonly broken: number
  readonly excluded: number
  readonly unlabelled: number
  /** Classes that have photos, none of which can be learnt from. */
  readonly classes: readonly string[]
}

interface Shortcoming {
  readonly code: string
  readonly message: string
  readonly fix: string
  readonly values?: ErrorValues
}

/** Checked before splits are made. */
export function checkClasses(classes: readonly LearntClass[], leftOut: LeftOutPhotos): void {
  fail([...tooFewClasses(classes, leftOut), ...tooFewPictures(classes)])
}

/** Checked on the final rows: photos to judge by, and of every class some to learn from. */
export function checkRows(classes: Run['classes'], rows: readonly RunRow[]): void {
  const trained = new Set(rows.filter(row => row.split === 0).map(row => row.label))
  const untrained = classes.filter((_, label) => !trained.has(label)).map(({ name }) => name)
  fail([
    ...(untrained.length > 0 ? [withoutTraining(untrained)] : []),
    ...(rows.some(row => row.split === 1) ? [] : [withoutValidation(rows.length)]),
  ])
}

/** One error of all that is missing; its code is the first's. */
function fail(found: readonly Shortcoming[]): void {
  const [first] = found
  if (!first) return
  const joined = (texts: readonly string[]) => [...new Set(texts)].join(' ')
  const [message, fix] = [joined(found.map(one => one.message)), joined(found.map(one => one.fix))]
  throw new ServiceError(first.code, message, fix, first.values)
}

function tooFewClasses(classes: readonly LearntClass[], leftOut: LeftOutPhotos): Shortcoming[] {
  const [only] = classes
  if (!only) return [nothingToLearn(leftOut)]
  if (classes.length > 1) return []
  const others =
    leftOut.classes.length > 0 ? ` No photo of ${named(leftOut.classes)} can be used (${reasons(leftOut)}).` : ''
  return [
    {
      code: 'one-class',
      message: `${only.photos === 1 ? 'The only labelled photo is' : `All ${only.photos} labelled photos are`} of one class, “${only.name}”; a classifier needs at least two.${others}`,
      fix: 'Label photos of a second class, or import a folder of them.',
      values: { class: only.name, photos: only.photos },
    },
  ]
}

/** The true cause: no photo, files that are gone, broken or excluded photos, and only then no label. */
function nothingToLearn(leftOut: LeftOutPhotos): Shortcoming {
  const { all, missing, unlabelled } = leftOut
  const code = 'no-labelled-photos'
  if (all === 0)
    return {
      code,
      values: { kind: 'empty' },
      message: 'There are no photos in this library yet.',
      fix: 'Import a folder with a sub-folder for each class, then train.',
    }
  if (missing === all)
    return {
      code: 'photos-missing',
      values: { kind: 'all', count: all },
      message: `${all === 1 ? 'The photo of this library is' : `All ${all} photos of this library are`} gone from where they were imported from.`,
      fix: 'Connect their disk or put the folder back, or look for them where they are now ("Find moved photos", winnow relink).',
    }
  if (unlabelled === all)
    return {
      code,
      message: 'No usable photo has a label yet.',
      fix: 'Give photos of at least two classes a label, then train.',
    }
  return {
    code,
    values: { kind: 'mixed', all, missing, broken: leftOut.broken, excluded: leftOut.excluded, unlabelled },
    message: `None of the ${all} photos can be learnt from: ${reasons(leftOut)}.`,
    fix:
      missing > 0
        ? 'Look for the missing ones where they are now, and give the others labels.'
        : 'Give photos labels, or include some again.',
  }
}

/** "12 are missing, 3 broken, 2 excluded, 4 without a label" */
function reasons({ missing, broken, excluded, unlabelled }: LeftOutPhotos): string {
  const parts = [
    [missing, 'missing'],
    [broken, 'broken'],
    [excluded, 'excluded'],
    [unlabelled, 'without a label'],
  ] as const
  return parts.flatMap(([count, word]) => (count > 0 ? [`${count} ${word}`] : [])).join(', ')
}

/** Of a class one picture must be learnt and another judged by; copies are one picture. */
function tooFewPictures(classes: readonly LearntClass[]): Shortcoming[] {
  const single = classes.filter(({ photos }) => photos === 1).map(({ name }) => name)
  const equal = classes.filter(({ photos, pictures }) => photos > 1 && pictures === 1)
  if (single.length + equal.length === 0) return []
  const names = [...single, ...equal.map(({ name }) => name)]
  const few =
    single.length === 1
      ? `The class ${named(single)} has only one usable photo`
      : `${single.length} classes have only one usable photo each: ${named(single)}`
  const copies = equal.map(
    ({ name, photos }) => `All ${photos} photos of the class “${name}” are copies of one picture.`,
  )
  const message = [
    ...(single.length > 0 ? [`${few}; at least two are needed, one to learn from and one to judge by.`] : []),
    ...copies,
    ...(equal.length > 0 ? ['At least two different pictures are needed, one to learn from and one to judge by.'] : []),
  ].join(' ')
  const fix =
    single.length > 0
      ? 'Add photos of each, give those there are another label, or exclude them.'
      : 'Add other photos of each.'
  return [{ code: 'class-too-small', message, fix, values: { classes: names.join(', ') } }]
}

function withoutTraining(untrained: readonly string[]): Shortcoming {
  const classes = untrained.length === 1 ? 'the class' : 'the classes'
  return {
    code: 'class-without-training',
    message: `No photo of ${classes} ${named(untrained)} is in the training split, so ${untrained.length === 1 ? 'it' : 'they'} cannot be learned.`,
    fix: `Move photos of ${named(untrained)} to the training split, or exclude them.`,
    values: { classes: untrained.join(', ') },
  }
}

function withoutValidation(rows: number): Shortcoming {
  return {
    code: 'no-validation',
    message: `None of the ${rows} photos is in the validation split, so nothing could say how good the model is.`,
    fix: 'Move some photos of every class to the validation split, or clear their split and let Winnow choose.',
  }
}

/** “a”, “b” and “c” */
function named(names: readonly string[]): string {
  const quoted = names.map(name => `“${name}”`)
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`
}
