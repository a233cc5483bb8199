// Whether photos make a data set one can learn from: at least two classes, enough photos of each, some to train on and
// some to judge by. Each shortcoming is a ServiceError with one sentence of the actual numbers and what to do.

import { ServiceError } from '../../../contract/errors.ts'
import type { Run } from '../../../contract/records.ts'
import type { RunRow } from '../rows.ts'

/** Checked before splits are made: classes that have photos, with how many. */
export function checkClasses(classes: readonly { readonly name: string; readonly photos: number }[]): void {
  const [only] = classes
  if (!only) {
    throw new ServiceError(
      'no-labelled-photos',
      'No usable photo has a label yet.',
      'Give photos of at least two classes a label, then train.',
    )
  }
  if (classes.length === 1) {
    throw new ServiceError(
      'one-class',
      `${only.photos === 1 ? 'The only labelled photo is' : `All ${only.photos} labelled photos are`} of one class, “${only.name}”; a classifier needs at least two.`,
      'Label photos of a second class, or import a folder of them.',
    )
  }
  const single = classes.find(({ photos }) => photos === 1)
  if (single) {
    throw new ServiceError(
      'class-too-small',
      `The class “${single.name}” has only one usable photo; at least two are needed, one to learn from and one to judge by.`,
      `Add photos of “${single.name}”, give this one another label, or exclude it.`,
    )
  }
}

/** Checked on the final rows: photos to judge by, and of every class some to learn from. */
export function checkRows(classes: Run['classes'], rows: readonly RunRow[]): void {
  const trained = new Set(rows.filter(row => row.split === 0).map(row => row.label))
  const untrained = classes.find((_, label) => !trained.has(label))
  if (untrained) {
    throw new ServiceError(
      'class-without-training',
      `No photo of the class “${untrained.name}” is in the training split, so it cannot be learned.`,
      `Move photos of “${untrained.name}” to the training split, or exclude the class's photos.`,
    )
  }
  if (!rows.some(row => row.split === 1)) {
    throw new ServiceError(
      'no-validation',
      `None of the ${rows.length} photos is in the validation split, so nothing could say how good the model is.`,
      'Move some photos of every class to the validation split, or clear their split and let Winnow choose.',
    )
  }
}
