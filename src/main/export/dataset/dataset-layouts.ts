// How copies of the cleaned data set lie in their folder, and what stands beside them, for each program that reads them.

import type { CopyFormatName } from '../../../contract/export-formats.ts'
import { csvText } from '../../formats/csv-writer.ts'
import { classesOf, type DatasetPhoto } from './dataset-photos.ts'

/** A photo that was copied, and where to: relative to the folder, with '/'. */
export interface CopiedPhoto extends Pick<DatasetPhoto, 'label' | 'split'> {
  readonly copy: string
}

export interface DatasetLayout {
  subFolders(photo: Pick<DatasetPhoto, 'label' | 'split'>): readonly string[]
  /** Files beside the copies, by their paths relative to the folder. */
  besides(copied: readonly CopiedPhoto[], library: string): Readonly<Record<string, string>>
}

export const datasetLayouts: Readonly<Record<Exclude<CopyFormatName, 'webdataset'>, DatasetLayout>> = {
  folder: {
    subFolders: ({ split, label }) => [split, label],
    besides: copied => ({
      'labels.csv': csvText(
        [['path', 'label', 'split'], ...copied.map(({ copy, label, split }) => [copy, label, split])],
        { exact: true },
      ),
    }),
  },
  huggingface: {
    subFolders: ({ split, label }) => ['data', split, label],
    besides: (copied, library) => ({ 'README.md': datasetCard(copied, library) }),
  },
  fiftyone: {
    subFolders: ({ split, label }) => [split, 'data', label],
    besides: fiftyOneLabels,
  },
}

/** The card that the hub and the `datasets` library read: which files are which split, and the classes in their order. */
function datasetCard(copied: readonly CopiedPhoto[], library: string): string {
  const splits = [...new Set(copied.map(({ split }) => split))]
  const files = splits.map(split => `  - split: ${split}\n    path: data/${split}/**\n`).join('')
  const classes = classesOf(copied)
    .map((name, i) => `        '${i}': ${JSON.stringify(name)}\n`)
    .join('')
  return `---
pretty_name: ${JSON.stringify(library)}
task_categories:
- image-classification
configs:
- config_name: default
  drop_labels: false
  data_files:
${files}dataset_info:
  features:
  - name: image
    dtype: image
  - name: label
    dtype:
      class_label:
        names:
${classes}---

# ${library}

${copied.length} photos of ${classesOf(copied).length} classes, cleaned with Winnow. \`load_dataset("imagefolder", data_dir="data")\` reads them.
`
}

/** One data set a split, in the layout of FiftyOneImageClassificationDataset. */
function fiftyOneLabels(copied: readonly CopiedPhoto[]): Record<string, string> {
  const classes = classesOf(copied)
  const numbers = new Map(classes.map((name, i) => [name, i]))
  const bySplit = Map.groupBy(copied, ({ split }) => split)
  return Object.fromEntries(
    [...bySplit].map(([split, photos]) => {
      const labels = photos.map(({ copy, label }) => [
        copy.slice(`${split}/data/`.length).replace(/\.[^./]*$/, ''),
        numbers.get(label)!,
      ])
      return [
        `${split}/labels.json`,
        JSON.stringify({ classes, labels: Object.fromEntries(labels) as unknown }, null, 1),
      ]
    }),
  )
}
