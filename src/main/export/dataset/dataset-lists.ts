// The cleaned data set as a list in one file: every photo a run would use, with its label and split, in the form that is asked
// for.

import { stat } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { ServiceError } from '../../../contract/errors.ts'
import type { ListFormatName } from '../../../contract/export-formats.ts'
import type { ReadDb } from '../../db/database.ts'
import { csvText } from '../../formats/csv-writer.ts'
import { photoHistory } from '../../library/decisions/photo-history.ts'
import { classesOf, readDataset, relativePaths, type DatasetPhoto } from './dataset-photos.ts'

const lookedAtOnce = 64

export interface ListOptions {
  readonly format?: ListFormatName | undefined
  /** Absolute paths (the default) hold wherever the list is put; relative ones on another machine too. */
  readonly paths?: 'absolute' | 'relative' | undefined
}

/** A photo with its path as the list is to have it. */
interface PhotoToList extends DatasetPhoto {
  readonly shown: string
  readonly relative: boolean
}

/** Photos whose files are gone since are left out. ServiceError 'no-photos', 'photos-missing'. */
export async function datasetList(db: ReadDb, { format = 'csv', paths }: ListOptions): Promise<string> {
  const there = await thoseThere(readDataset(db))
  if (there.length === 0)
    throw new ServiceError(
      'photos-missing',
      'The files of all photos with a label are gone from where they were imported from.',
      'Connect their disk, or look for them where they are now.',
    )
  const short = paths === 'relative' ? relativePaths(there) : null
  const photos = there.map((photo, i) => ({ ...photo, shown: short?.[i] ?? photo.path, relative: short !== null }))
  return writers[format](photos, db)
}

async function thoseThere(photos: readonly DatasetPhoto[]): Promise<DatasetPhoto[]> {
  const there: DatasetPhoto[] = []
  for (let at = 0; at < photos.length; at += lookedAtOnce) {
    const some = photos.slice(at, at + lookedAtOnce)
    const files = await Promise.all(some.map(({ path }) => stat(path).catch(() => null)))
    there.push(...some.filter((_, i) => files[i]?.isFile()))
  }
  return there
}

const writers: Readonly<Record<ListFormatName, (photos: readonly PhotoToList[], db: ReadDb) => string>> = {
  csv: photos =>
    csvText([['path', 'label', 'split'], ...photos.map(({ shown, label, split }) => [shown, label, split])], {
      exact: true,
    }),
  jsonl: (photos, db) => photos.map(photo => `${JSON.stringify(lineOf(photo, db))}\n`).join(''),
  'label-studio': photos => JSON.stringify(photos.map(labelStudioTask), null, 1),
  cvat: photos => JSON.stringify(datumaro(photos), null, 1),
}

function lineOf({ id, shown, label, split, width, height, sha256 }: PhotoToList, db: ReadDb) {
  const history = photoHistory(db, id).map(({ at, kind, values }) => ({ at, kind, ...values }))
  return { path: shown, label, split, width, height, sha256, history }
}

/** A task with its annotation; images lie in Label Studio's local storage, or where a file address leads. */
function labelStudioTask({ id, shown, label, split, relative }: PhotoToList) {
  const image = relative ? `/data/local-files/?d=${encodeURI(shown)}` : pathToFileURL(shown).href
  const result = [{ from_name: 'choice', to_name: 'image', type: 'choices', value: { choices: [label] } }]
  return { id, data: { image, split }, annotations: [{ result }] }
}

/** The JSON of Datumaro 1.0, which CVAT imports. */
function datumaro(photos: readonly PhotoToList[]) {
  const classes = classesOf(photos)
  const numbers = new Map(classes.map((name, i) => [name, i]))
  return {
    info: {},
    categories: { label: { labels: classes.map(name => ({ name, parent: '', attributes: [] })), attributes: [] } },
    items: photos.map(({ shown, label, split, width, height }) => ({
      id: shown.replace(/\.[^./\\]*$/, ''),
      annotations: [{ id: 0, type: 'label', attributes: {}, group: 0, label_id: numbers.get(label)! }],
      attr: { split },
      image: { path: shown, size: [height, width] },
    })),
  }
}
